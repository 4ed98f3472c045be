// From roster and configuration to what is promised: which accounts share which
// budgets, how often each is looked at, and the terms that the log freezes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "connectors/connector.h"
#include "daemon/core/issue.h"
#include "daemon/core/pledge.h"
#include "daemon/ledger/terms.h"
#include "daemon/poll/plan.h"

namespace pw {

using Connectors = std::map<std::string, std::unique_ptr<Connector>, std::less<>>;

// Accounts of one lane share its budgets: a connector's credentials, or a host. An
// account that its owner's own token reads has a lane to itself.
struct PlannedLane {
  LanePlan plan;
  Promise promise;
  const Connector* connector = nullptr;
  const ConnectorConfig* config = nullptr;
  std::string owner{};  // whose own tokens the credentials are; empty: the operator's
  std::vector<std::uint32_t> accounts;  // indexes into Roster::accounts
};

struct CampaignPlan {
  std::vector<PlannedLane> lanes;
  std::vector<std::uint32_t> lane_of;  // by index into Roster::accounts
  Millis ceiling{0};                   // of any promised gap
};

// Accounts of rumoured and withdrawn pledges are in no lane: nobody who did not
// pledge is watched.
inline constexpr std::uint32_t not_watched = ~std::uint32_t{0};

CampaignPlan plan_campaign(const Config& config, const Roster& roster,
                           const Connectors& connectors);

// What cannot be promised, as warnings for `check` and the log.
Issues plan_issues(const Config& config, const CampaignPlan& plan);

// How often a canary owes a post; zero: the account is none.
Millis canary_every(const Config& config, const Account& account);

Terms terms_of(const Config& config, const Roster& roster, const Connectors& connectors,
               const CampaignPlan& plan);

}  // namespace pw
