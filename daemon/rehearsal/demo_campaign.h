// A boycott of two minutes as files: campaign.yaml, roster.csv, rules, secrets
// and plan.json, for the simulated platforms on one loopback port.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/core/result.h"
#include "daemon/rehearsal/plan.h"
#include "daemon/rehearsal/populate.h"

namespace pw {

struct DemoOptions {
  std::uint64_t seed = 1;
  int accounts = 60;
  Interval window{};  // whole seconds
  std::uint16_t port = 0;
};

// At 25 : 15 : 10 : 10.
Mix mix_of(int accounts);

struct DemoCampaign {
  Population population;
  PlanTerms terms;
  DayPlan plan;
  std::map<std::string, std::string> hook_secrets;  // by hook name
  // By path below the folder; "secrets/..." must be readable by their owner only.
  std::map<std::string, std::string> files;
};

// Pure: the same options make the same bytes.
DemoCampaign make_demo_campaign(const DemoOptions& options);

// Replaces files of an earlier run; `transient` when the disk says no.
Result<Done> write_demo_campaign(const DemoCampaign& campaign, const std::string& folder);

}  // namespace pw
