// A campaign put on a stage: its own roster, budgets and rules, with platforms,
// people and receivers that are played.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/app/readiness.h"
#include "daemon/app/setup.h"
#include "daemon/rehearsal/plan.h"

namespace pw {

struct RehearsalStage {
  Population population;
  PlanTerms terms;
  DayPlan plan;
  std::map<std::string, std::string> hook_secrets;  // by hook name
  std::vector<LeftOut> left_out;
  Instant start;         // of the daemon, early enough for every baseline
  Instant step_at;       // our clock goes wrong ...
  Instant step_back_at;  // ... and is put right
  Instant end;           // the second sweeps are done
};

// Changes `setup`: it keeps its files in `folder`, its sinks lead to the stage.
// Pure but for that.
RehearsalStage set_stage(Setup& setup, const std::string& folder, std::uint64_t seed);

}  // namespace pw
