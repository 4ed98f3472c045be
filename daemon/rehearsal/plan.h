// What will happen on the simulated day, post by post, and what a watcher has to
// find: written before the day (plan.json), compared after it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/rehearsal/expectation.h"

namespace pw {

struct PlannedPost {
  std::string id;  // as the connector reads it
  Surface surface = Surface::post;
  Instant appeared{};
  std::optional<Instant> deleted{};
  Instant told{};  // from when on a platform without a lag would show it; not in the file
  Expected expected = Expected::tolerated;
  std::string reason{};
};

struct PlannedAccount {
  std::string platform;
  std::string handle;
  std::string actor{};
  std::string role{};
  std::vector<std::string> does{};   // in words, for people
  std::vector<PlannedPost> posts{};  // all but the history before the window's eve
};

struct DayPlan {
  std::uint64_t seed = 0;
  Interval window{};
  std::string rule = "posted-during-freeze";
  std::vector<PlannedAccount> accounts{};
  std::vector<Fault> faults{};
};

DayPlan plan_of(const Population& population, const PlanTerms& terms);

int count(const DayPlan& plan, Expected expected);

// plan.json, both ways. Parsing reads what a comparison needs; `malformed` says
// where it does not.
std::string print_plan(const DayPlan& plan);
Result<DayPlan> parse_plan(std::string_view text);

// A finding as somebody else tells it.
struct ClaimedFinding {
  std::string platform;
  std::string handle;
  std::string post_id;
  std::string rule;
};

struct Difference {
  std::vector<ClaimedFinding> missed;  // planned and not found
  std::vector<ClaimedFinding> wrong;   // found and not planned
  int matched = 0;

  bool exact() const { return missed.empty() && wrong.empty(); }
};

// Compares by (platform, handle, post id); handles without case. A finding of
// another rule than the plan's is left alone. A finding given twice is wrong the
// second time. Where nothing can be promised, nothing is missed or wrong.
Difference compare(const DayPlan& plan, std::span<const ClaimedFinding> findings);

}  // namespace pw
