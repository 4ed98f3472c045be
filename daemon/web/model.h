// What the pages and the API show: plain values, made by the daemon's side of
// Backend, read by views. Texts of others are raw here; views escape them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/look.h"
#include "daemon/core/post.h"
#include "daemon/ledger/judgement.h"
#include "daemon/web/cell.h"

namespace pw {

struct Cell {
  AccountNumber number = 0;
  std::string actor{};
  std::string platform{};
  std::string handle{};
  CellState state = CellState::unjudged;
  Millis longest_gap{0};
  Instant observed{};  // the last look that saw; none: the epoch
  int findings = 0;    // that count or await review
};

// Accounts whose window is the same stretch of time.
struct WindowGroup {
  std::string zone{};
  bool assumed = false;
  Interval span{};
  int accounts = 0;
};

// The share of the accounts' time in their windows, as far as it has passed,
// that lies within the promise. Windows of which no look has seen anything and none had
// to yet are in no sum: of them nothing is known, good or bad.
struct CoverageShare {
  int not_due = 0;  // such windows
  Millis passed{0};
  Millis covered{0};
  std::uint64_t looks = 0;     // that saw
  std::uint64_t attempts = 0;  // all
  Millis longest_gap{0};
  Millis gap_max{0};  // the longest promised
  int accounts = 0;
  int seen_now = 0;  // whose last look saw
};

enum class Phase : std::uint8_t { before, running, sweeping, closed };
inline constexpr std::array<std::string_view, 4> phase_names = {"before", "running", "sweeping",
                                                                "closed"};
constexpr std::string_view name_of(Phase phase) {
  return phase_names[static_cast<std::size_t>(phase)];
}

// What a finding shows in a list: its rule's sentence.
struct FindingNote {
  std::string id{};
  AccountNumber account = 0;
  Instant at{};
  FindingState state = FindingState::open;
  std::string summary{};
};

struct BoardModel {
  std::uint64_t revision = 0;  // grows when anything below changes
  std::uint64_t roster = 0;    // ... when the cells' names or their order change
  Judgement judgement{};
  Interval window{};  // from the first pledge's start to the last one's end
  Instant closes{};
  Phase phase = Phase::before;
  std::vector<Cell> cells{};  // by account number
  std::array<int, cell_state_names.size()> by_state{};
  std::vector<WindowGroup> windows{};
  CoverageShare coverage{};
  int findings_open = 0;  // alerting ones
  int findings = 0;
  std::vector<FindingNote> latest{};    // newest first
  std::vector<std::string> troubles{};  // our own blindness, in plain words, the worst first
  std::uint64_t leaves = 0;
  std::uint64_t signed_leaves = 0;
};

// Looks in a row with the same outcome.
struct LookRun {
  Outcome outcome = Outcome::unreachable;
  std::uint32_t count = 0;
  Instant first{};
  Instant last{};
};

struct ReviewNote {
  std::string reviewer{};
  FindingState decision = FindingState::open;
  std::string reason{};
  Instant at{};
};

// A finding with its post; text and url are empty where the content is gone.
struct FindingModel {
  Finding finding{};
  std::string actor{};
  std::string platform{};
  std::string handle{};
  std::string text{};
  std::string url{};
  Surface surface = Surface::post;
  std::optional<Instant> claimed_at{};  // by the platform's own field: a claim
  bool erased = false;
  std::optional<Interval> removed{};
  std::string commitment{};  // the log's word for the post
  std::vector<ReviewNote> reviews{};
  int needs = 2;                    // different people who must confirm
  std::string answer{};             // the actor's own, where there is one
  std::vector<ReviewNote> notes{};  // remarks that decide nothing
  std::string assignee{};           // who looks into it; empty: nobody in particular
};

// Findings in the order that was asked for.
struct FindingsPage {
  std::vector<FindingModel> items{};
  std::uint64_t total = 0;  // of all pages
  bool more = false;        // others follow
};

// Each reviewer's last word; people who disagree are shown, never overwritten.
struct ReviewStanding {
  std::vector<ReviewNote> words{};
  int confirming = 0;
  bool disagree = false;
};
ReviewStanding standing_of(const FindingModel& finding);

// A post as an account's page lists it.
struct PostNote {
  std::string id{};
  Surface surface = Surface::post;
  std::string text{};
  std::string url{};
  Interval appeared{};
  bool baseline = false;  // stood there before anybody looked
  std::optional<Interval> removed{};
};

struct AccountModel {
  Cell cell{};
  std::vector<AccountVerdict> verdicts{};
  std::vector<LookRun> runs{};  // oldest first
  bool runs_cut = false;        // older ones are not kept
  std::vector<FindingModel> findings{};
  std::vector<PostNote> posts{};  // newest first, the last hundred
  int posts_more = 0;
};

// How much of a budget is left, as the platform last said.
struct RoomModel {
  std::string label{};              // the credential's; empty: the whole lane's
  std::optional<double> used{};     // 0..1, or beyond
  std::optional<int> remaining{};   // requests
  std::optional<Instant> resets{};  // when it starts anew
  std::optional<Instant> said{};    // nothing: the platform never said
};

struct LaneModel {
  std::string name{};
  std::string connector{};
  int accounts = 0;
  int seen_now = 0;
  Millis interval{0};
  Millis gap_max{0};
  Millis detection_promised{0};             // a standing post is noticed within this
  std::optional<Millis> detection_worst{};  // measured: the widest interval of a finding's post
  Millis gap_longest{0};                    // measured: between two looks that saw, so far
  double budget_hourly = 0;                 // requests; 0: no limit
  std::uint64_t requests_last_hour = 0;     // at least; paging comes on top
  std::vector<RoomModel> rooms{};           // one per credential, or one
  std::array<std::uint64_t, outcome_names.size()> outcomes{};
  std::string blind_spots{};
  std::string never_sees{};
};

struct SinkModel {
  std::string name{};
  std::string type{};
  int delivered = 0;
  int waiting = 0;
  int dead = 0;
  int withheld = 0;  // kept back: silenced, paused, reversed, a flood
  bool disabled = false;
  std::optional<Instant> oldest{};  // of those that wait
};

struct HealthModel {
  Instant now{};
  Instant started{};
  std::string software{};
  Millis lateness{0};  // of the account that has waited longest for its turn
  std::vector<LaneModel> lanes{};
  std::vector<SinkModel> sinks{};
  std::uint64_t leaves = 0;
  std::string checkpoint{};  // the signed note
  std::string vkey{};
  std::uint64_t signed_leaves = 0;
  std::optional<Instant> signed_at{};
  std::vector<std::string> troubles{};
  bool ready = false;
};

}  // namespace pw
