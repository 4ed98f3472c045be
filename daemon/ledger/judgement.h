// What may be said of every pledge, with what it rests on: plain values, made by
// Judge, read by the report, the board and `verify`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/pledge.h"
#include "daemon/core/verdict.h"
#include "daemon/ledger/campaign_run.h"
#include "daemon/ledger/coverage.h"
#include "daemon/ledger/terms.h"

namespace pw {

// Why a pledge cannot be called kept. Closed, in the order in which they are told.
enum class Missing : std::uint8_t {
  log_not_understood,  // an entry, or an object that it names
  promise_late,        // the terms were logged only after the window had opened
  promise_infeasible,  // the longest gap promised is none, or beyond the ceiling
  identity,            // no stable id was pinned before the window opened
  surfaces,            // the connector sees none of what was pledged
  list,                // the connector's list cannot be shown to reach back
  baseline,            // no look before the window opened
  clock,               // our clock and the platforms' disagree
  gap,                 // the longest gap is beyond the promise
  end,                 // no look after the window's end
  unreadable,          // items that could not be read
  went_away,           // the account could not be seen for a part of the window
  sweep,               // no sweep after the end
  exemption,           // whether an exemption covers a confirmed finding cannot be told
  canary,              // the organisers' own posts did not show on this connector
};
inline constexpr std::array<std::string_view, 15> missing_names = {"log_not_understood",
                                                                   "promise_late",
                                                                   "promise_infeasible",
                                                                   "identity",
                                                                   "surfaces",
                                                                   "list",
                                                                   "baseline",
                                                                   "clock",
                                                                   "gap",
                                                                   "end",
                                                                   "unreadable",
                                                                   "went_away",
                                                                   "sweep",
                                                                   "exemption",
                                                                   "canary"};
constexpr std::string_view name_of(Missing missing) {
  return missing_names[static_cast<std::size_t>(missing)];
}

// Whether a pledge is judged at all. The others stay in the denominators.
enum class Standing : std::uint8_t { judged, rumoured, withdrawn };
inline constexpr std::array<std::string_view, 3> standing_names = {"judged", "rumoured",
                                                                   "withdrawn"};
constexpr std::string_view name_of(Standing standing) {
  return standing_names[static_cast<std::size_t>(standing)];
}

// Findings of one account in one window.
struct FindingTally {
  std::array<int, finding_state_names.size()> breaches{};  // alerting ones, by state
  int exempted = 0;                                        // breaches that an exemption covers
  int unclear = 0;  // ... of which nobody can tell whether one does, confirmed
  int quieter = 0;  // warnings, notes, and what rules in shadow mode matched: never count
  // As confirmed as `publish_needs` different people can make them.
  int standing = 0;
  int awaiting = 0;  // breaches that await a review
};

// How often the account was silent for as long before, see HabitEntry.
struct Habit {
  Millis span{0};
  int spans = 0;
  int silent = 0;
};

inline constexpr std::size_t gaps_kept_max = 100;  // of one account and window

// One account over one window.
struct AccountVerdict {
  Account account;
  std::string actor;
  Window window;
  Interval judged{};  // what coverage was asked of: of an assumed zone, all zones' day
  Standing standing = Standing::judged;
  Verdict verdict = Verdict::unproven;
  bool final = false;    // nothing that is still planned can change it
  bool running = false;  // the window has not ended
  std::vector<Missing> missing{};
  SurfaceSet surfaces{};         // judged: pledged, seen by the connector, not exempt
  SurfaceSet never_visible{};    // pledged and invisible to the connector
  bool hides_backdated = false;  // ... as is a post dated back beyond the list's end
  Coverage coverage{};
  Millis gap_max{0};  // the promise
  // Gaps beyond the promise, whole, without the lag; the first gaps_kept_max.
  std::vector<Interval> gaps{};
  std::uint32_t gaps_more = 0;
  FindingTally findings{};
  // Posts seen on the judged surfaces that can have appeared in `judged`, those
  // that count against the pledge among them.
  std::uint32_t posts_seen = 0;
  std::optional<Instant> joined_at{};     // late: judged from its first look on
  std::optional<Instant> withdrawn_at{};  // removed from the roster
  std::optional<Habit> habit{};
  std::vector<Interval> unseen{};  // in which no canary's post showed on this connector
  std::string exemption{};         // why it is exempt
  std::string blind_spots{};
};

struct ActorVerdict {
  std::string actor;
  PledgeStatus status = PledgeStatus::declared;
  Standing standing = Standing::judged;
  Verdict verdict = Verdict::unproven;  // the first, in their order, of any account's
  bool final = false;
  std::vector<std::uint32_t> accounts{};  // places in Judgement::accounts
};

// A change of what was in force, and who made it.
struct Amendment {
  Instant at{};
  std::uint64_t leaf = 0;
  std::string who{};
  std::string why{};
  bool terms = false;  // which of the three changed
  bool rules = false;
  bool connectors = false;
};

// Something in the log that nobody can act on, but everybody should know.
struct Remark {
  std::uint64_t leaf = 0;
  std::string text;
};
inline constexpr std::size_t remarks_max = 100;

// A spell in which most looks through one connector saw nothing. Silence that is seen
// is a protest; this is none.
enum class OutageKind : std::uint8_t {
  connector,   // while others saw: the platform's, or our access to it
  everything,  // while none saw: ours
  alone,       // nobody else looked enough to tell
};
inline constexpr std::array<std::string_view, 3> outage_kind_names = {"connector", "everything",
                                                                      "alone"};
constexpr std::string_view name_of(OutageKind kind) {
  return outage_kind_names[static_cast<std::size_t>(kind)];
}
struct Outage {
  std::string connector;
  OutageKind kind = OutageKind::alone;
  Interval span{};
  std::uint64_t blind = 0;  // looks that saw nothing ...
  std::uint64_t looks = 0;  // ... of so many
};
inline constexpr std::size_t outages_max = 200;

struct Judgement {
  std::string campaign;
  std::string software;
  Instant as_of{};
  std::vector<AccountVerdict> accounts;  // by account number, then window
  std::vector<ActorVerdict> actors;      // in the roster's order, later ones behind
  std::vector<Amendment> amendments;
  std::vector<CampaignRun> runs;       // when alerts were paused, resumed, ended; oldest first
  std::vector<Remark> not_understood;  // each makes every verdict unproven
  std::vector<Remark> remarks;
  std::vector<Outage> outages{};  // by connector, then time
  Millis clock_doubt{0};
  std::array<int, verdict_names.size()> actors_by_verdict{};  // of those judged
  int actors_judged = 0;
  int actors_rumoured = 0;
  int actors_withdrawn = 0;
};

// Canonical JSON of everything a stranger must come to as well: verdicts, their
// reasons and numbers, in UTC, no prose. Equal logs give equal bytes anywhere.
std::string print_verdicts(const Judgement& judgement);

}  // namespace pw
