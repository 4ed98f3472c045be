// How the campaign stands, said unasked: at the opening, every hour and at the end,
// so that a quiet channel is known to be alive. Pure: counts in, messages out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/surface.h"
#include "daemon/core/verdict.h"
#include "daemon/outbox/notice.h"

namespace pw {

enum class SummaryKind {
  opening,
  hourly,
  closing,  // after the first sweep: what can be said so far
  final,    // nothing that is still planned changes a verdict
};
inline constexpr std::array<std::string_view, 4> summary_kind_names = {"opening", "hourly",
                                                                       "closing", "final"};

struct SummaryTimes {
  Interval window{};     // from the first opening to the last end
  Instant closing_at{};  // after the first sweep
  Instant closes{};
};

struct SummaryMoment {
  SummaryKind kind = SummaryKind::opening;
  int hour = 0;  // of `hourly`, from 1
  Instant at{};
  std::string id{};  // the delivery's: the same for the same moment, however often it is told
};

// The latest moment that has come: what a daemon that was down says when it is back,
// once and not for every hour that it missed.
std::optional<SummaryMoment> moment_before(const SummaryTimes& times, Instant now);
std::optional<Instant> moment_after(const SummaryTimes& times, Instant now);

struct SummaryPlatform {
  std::string platform;
  int accounts = 0;
  int blind = 0;  // whose last look observed nothing
  Millis gap_max{0};
  Millis gap_promised{0};  // 0: nothing is promised
};

struct SummaryVerdicts {
  std::array<int, verdict_names.size()> actors{};  // of `judged`
  int judged = 0;
  int rumoured = 0;  // announced by others: never watched
  int withdrawn = 0;
  int accounts = 0;         // judged accounts and windows ...
  int within_promise = 0;   // ... of which no gap was longer than promised
  SurfaceSet surfaces{};    // of what is kept: on these ...
  Millis kept_duration{0};  // ... no post that stood at least so long
};

struct SummaryFacts {
  SummaryMoment moment;
  std::string campaign;
  Interval window{};
  Instant now{};
  std::string run{};  // "paused", "ended"; empty: it alerts
  int actors = 0;
  int accounts = 0;  // watched
  std::uint64_t looks = 0;
  std::vector<SummaryPlatform> platforms{};
  std::array<int, finding_state_names.size()> findings{};  // alerting ones, by state
  std::optional<SummaryVerdicts> verdicts{};               // of closing and final
};

// While a window runs it says "nothing seen so far", never "kept"; no count stands
// without what it is counted of, none of verdicts without the coverage beneath it.
Notice summary_notice(const SummaryFacts& facts);
// {"type":"pledgewatch.summary","timestamp":...,"data":{"kind":"hourly",...}}
std::string summary_body(const SummaryFacts& facts);

}  // namespace pw
