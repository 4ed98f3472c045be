#include "daemon/app/campaign_plan.h"

#include <algorithm>

#include "connectors/instagram.h"

namespace pw {
namespace {

constexpr Millis wish_default = std::chrono::minutes(1);

// The host that answers for an account whose handle is an URL.
std::string host_of(const Account& account) {
  if (!account.host.empty()) return account.host;
  const std::size_t scheme = account.handle.find("://");
  if (scheme == std::string::npos) return {};
  const std::string rest = account.handle.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool watched(const Pledge& pledge) {
  return pledge.status == PledgeStatus::confirmed || pledge.status == PledgeStatus::declared;
}

// The account's handle where its owner gave a token for it, else nothing.
std::string owner_of(const Account& account, const ConnectorConfig& config) {
  const auto& all = config.credentials;
  const bool own = std::any_of(all.begin(), all.end(), [&](const CredentialConfig& credential) {
    return !credential.account.empty() && credential.account == account.handle;
  });
  return own ? account.handle : std::string();
}

LanePlan lane_plan(const Account& account, const Declaration& declared,
                   const ConnectorConfig& config, const std::string& owner) {
  LanePlan lane;
  const std::string host = config.credentials.empty() ? host_of(account) : std::string();
  lane.name = account.platform + (host.empty() ? "" : " at " + host);
  lane.cost = declared.cost;
  lane.floor = config.interval_floor > Millis{0} ? config.interval_floor : declared.interval_floor;
  lane.wish = config.interval.value_or(std::max(wish_default, lane.floor));
  lane.lag = declared.lag;
  if (!owner.empty()) lane.name += " of " + owner;
  for (const CredentialConfig& credential : config.credentials) {
    if (credential.account != owner) continue;
    lane.budgets.push_back({credential.budget, credential.budget_window});
    lane.apps.push_back(credential.app);
  }
  if (!lane.budgets.empty()) return lane;
  if (config.host_budget > 0) {
    lane.budgets.push_back({config.host_budget, config.host_budget_window});
  } else {
    lane.budgets.push_back({declared.host_requests_max, declared.host_window});
  }
  return lane;
}

Millis shortest_window(const Roster& roster) {
  Millis shortest = Millis::max();
  for (const Pledge& pledge : roster.pledges) {
    for (const Window& window : pledge.windows) shortest = std::min(shortest, window.span.length());
  }
  return shortest == Millis::max() ? Millis{0} : shortest;
}

}  // namespace

CampaignPlan plan_campaign(const Config& config, const Roster& roster,
                           const Connectors& connectors) {
  CampaignPlan plan;
  plan.ceiling = gap_ceiling(shortest_window(roster));
  plan.lane_of.assign(roster.accounts.size(), not_watched);
  std::map<std::string, std::uint32_t> by_name;
  for (std::uint32_t i = 0; i < roster.accounts.size(); ++i) {
    const Account& account = roster.accounts[i];
    const auto connector = connectors.find(account.platform);
    const auto settings = config.connectors.find(account.platform);
    if (!watched(roster.pledges[account.pledge]) || connector == connectors.end() ||
        settings == config.connectors.end()) {
      continue;
    }
    const std::string owner = owner_of(account, settings->second);
    LanePlan lane = lane_plan(account, connector->second->declaration(), settings->second, owner);
    const auto [it, added] =
        by_name.try_emplace(lane.name, static_cast<std::uint32_t>(plan.lanes.size()));
    if (added)
      plan.lanes.push_back(
          {std::move(lane), {}, connector->second.get(), &settings->second, owner, {}});
    plan.lanes[it->second].accounts.push_back(i);
    plan.lane_of[i] = it->second;
  }
  for (PlannedLane& lane : plan.lanes) {
    lane.plan.accounts = static_cast<int>(lane.accounts.size());
    lane.promise = promise_of(lane.plan, config.http.deadline);
    if (!config.campaign.gap_max) continue;
    // Beyond the ceiling a gap is worth nothing, and nothing is shared out for it.
    const Millis useful = std::max(plan.ceiling, lane.promise.gap_max);
    promise_gap(lane.promise, lane.plan, std::min(*config.campaign.gap_max, useful),
                config.http.deadline);
  }
  return plan;
}

Issues plan_issues(const Config& config, const CampaignPlan& plan) {
  Issues issues;
  const auto say = [&](const PlannedLane& lane, std::string text, Issue::Level level) {
    const Place& place = lane.config->place;
    issues.push_back({place.file.empty() ? config.file : place.file, place.line, place.column,
                      std::move(text), "", level});
  };
  for (const PlannedLane& lane : plan.lanes) {
    const Promise attainable = promise_of(lane.plan, config.http.deadline);
    if (config.campaign.gap_max && *config.campaign.gap_max < attainable.gap_max) {
      say(lane,
          lane.plan.name + ": campaign.gap_max of " + print_duration(*config.campaign.gap_max) +
              " cannot be met; the plan can promise " + print_duration(attainable.gap_max),
          Issue::Level::error);
    }
    if (const std::string text = infeasible(lane.plan, lane.promise, plan.ceiling); !text.empty()) {
      say(lane, text, Issue::Level::warning);
    }
    if (attainable.one_group) {
      say(lane,
          lane.plan.name +
              ": all credentials belong to one app: when it fails, every account here is unproven",
          Issue::Level::warning);
    }
  }
  return issues;
}

Millis canary_every(const Config& config, const Account& account) {
  for (const CanaryConfig& canary : config.canaries) {
    if (canary.account == print_account(account)) return canary.every;
  }
  return Millis{0};
}

Terms terms_of(const Config& config, const Roster& roster, const Connectors& connectors,
               const CampaignPlan& plan) {
  Terms terms;
  terms.campaign = config.campaign.name;
  terms.publish_needs = config.publish_needs;
  terms.gap_ceiling = plan.ceiling;
  terms.sweep = config.campaign.sweep;
  terms.sweep_again = config.campaign.sweep_again;
  terms.closes = config.campaign.closes;
  terms.pledges = roster.pledges;
  for (std::uint32_t i = 0; i < roster.accounts.size(); ++i) {
    AccountTerms account;
    account.account = roster.accounts[i];
    account.canary = canary_every(config, roster.accounts[i]);
    // Pins are entries of their own: the terms do not change when one is made.
    account.account.id.clear();
    if (const auto it = connectors.find(account.account.platform); it != connectors.end()) {
      const Declaration& declared = it->second->declaration();
      account.lag = declared.lag;
      account.sees = declared.sees;
      account.stable_id = declared.stable_id;
      account.list_proves =
          declared.list != ListKind::claimed_order && declared.list != ListKind::ranked;
      // Elsewhere such a post hides deep, where a sweep may find it, and nothing is kept.
      account.hides_backdated = account.list_proves && !declared.shows_backdating;
      account.blind_spots = std::string(declared.blind_spots);
    }
    if (plan.lane_of[i] != not_watched && !plan.lanes[plan.lane_of[i]].owner.empty()) {
      account.sees = own_account_declaration().sees;
      account.blind_spots = std::string(own_account_declaration().blind_spots);
    }
    if (plan.lane_of[i] != not_watched) {
      const Promise& promise = plan.lanes[plan.lane_of[i]].promise;
      account.interval = promise.interval;
      account.gap_max = std::min(promise.gap_max, plan.ceiling);
    }
    terms.accounts.push_back(std::move(account));
  }
  return terms;
}

}  // namespace pw
