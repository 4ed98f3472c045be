#include "daemon/app/rehearsal_stage.h"

#include <algorithm>
#include <optional>
#include <span>

#include "daemon/app/scratch_folder.h"
#include "daemon/core/hash.h"
#include "daemon/rehearsal/cast.h"
#include "daemon/rehearsal/fault_plan.h"
#include "daemon/rehearsal/platform_form.h"

namespace pw {
namespace {

constexpr std::string_view hook_base = "http://127.0.0.1:8423/hook/";

Interval whole_window(const Roster& roster) {
  Interval whole{Instant::max(), Instant::min()};
  for (const Pledge& pledge : roster.pledges) {
    for (const Window& window : pledge.windows) {
      whole.start = std::min(whole.start, window.possible.start);
      whole.end = std::max(whole.end, window.possible.end);
    }
  }
  return whole;
}

// As careful a watcher as the plan makes the daemon.
Rhythm rhythm_of(const PlannedLane& lane) {
  Rhythm rhythm;
  const Millis interval = lane.promise.interval_max;
  rhythm.interval = interval;
  // A post's interval reaches one lag below the look that did not show it.
  rhythm.gap = std::max(lane.promise.gap_max + lane.plan.lag, 3 * interval);
  // The longest back-off after failures, then a look that may fail once more.
  const Millis back_off =
      std::max(interval, std::min(8 * interval, Millis(std::chrono::minutes(10))));
  rhythm.lag = lane.plan.lag;
  rhythm.recovery = back_off + rhythm.gap - rhythm.lag;
  return rhythm;
}

// Of the slowest lane that is played: the day waits for all of them.
Rhythm slowest_of(std::span<const SimAccount> cast) {
  std::optional<Rhythm> slowest;
  for (const SimAccount& account : cast) {
    const Rhythm& its = *account.rhythm;
    slowest = slowest ? slower(*slowest, its) : its;
  }
  return slowest.value_or(Rhythm{});
}

// The first hashtag that the statement's condition speaks of.
std::string hashtag_in(const CampaignConfig& campaign) {
  constexpr std::string_view usual = "#SilentDay";
  if (!campaign.statement.matches) return std::string(usual);
  const std::string& text = campaign.statement.matches->text;
  const std::size_t at = text.find('#');
  if (at == std::string::npos) return std::string(usual);
  std::size_t end = at + 1;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
    ++end;
  return end > at + 1 ? text.substr(at, end - at) : std::string(usual);
}

std::string why_not_played(const Config& config, const std::string& platform) {
  const auto connector = config.connectors.find(platform);
  if (connector != config.connectors.end() && !connector->second.definition.empty())
    return "a platform of your own definition is not simulated";
  return "that platform is not simulated";
}

// Whom the plan watches and the stage can play; the others by name.
std::vector<Account> played(const Setup& setup, std::vector<LeftOut>& left_out) {
  std::vector<Account> accounts;
  for (std::size_t i = 0; i < setup.roster.accounts.size(); ++i) {
    const Account& account = setup.roster.accounts[i];
    if (setup.plan.lane_of[i] == not_watched) continue;
    if (is_played(account.platform))
      accounts.push_back(account);
    else
      left_out.push_back({print_account(account), why_not_played(setup.config, account.platform)});
  }
  return accounts;
}

// What the roster and the plan say of each.
void set_terms(const Setup& setup, std::vector<SimAccount>& cast) {
  std::map<std::pair<std::string, std::string>, std::size_t> place_of;
  const std::vector<Account>& accounts = setup.roster.accounts;
  for (std::size_t i = 0; i < accounts.size(); ++i)
    place_of[{accounts[i].platform, accounts[i].handle}] = i;
  for (SimAccount& account : cast) {
    const std::size_t place = place_of.at({account.platform, account.handle});
    const Pledge& pledge = setup.roster.pledges[accounts[place].pledge];
    account.actor = pledge.actor;
    account.rhythm = rhythm_of(setup.plan.lanes[setup.plan.lane_of[place]]);
    if (pledge.windows.empty()) continue;
    const Window& window = pledge.windows.front();
    account.pledge = SimPledge{window.span, window.possible, pledge.surfaces};
  }
}

std::vector<SimCredential> credentials_of(const Config& config) {
  std::vector<SimCredential> credentials;
  for (const auto& [name, connector] : config.connectors) {
    for (const CredentialConfig& one : connector.credentials)
      credentials.push_back({one.label, one.app, one.user_id, one.token.value, name});
  }
  return credentials;
}

// Every sink becomes a signed webhook to the stage: what is rehearsed is when and
// how often each is told, not how a chat words it.
void lead_sinks_here(Config& config, std::map<std::string, std::string>& secrets) {
  for (std::size_t i = 0; i < config.sinks.size(); ++i) {
    SinkConfig& sink = config.sinks[i];
    const std::string name = "sink-" + std::to_string(i + 1);
    const std::string secret = "whsec_" + print_base64(std::string(bytes_of(sha256(name))));
    secrets[name] = secret;
    sink.type = "webhook";
    sink.url = Secret{"rehearsal", std::string(hook_base) + name};
    sink.secret = Secret{"rehearsal", secret};
    sink.allowance = Allowance{};
    sink.allowance.hosts.push_back("127.0.0.1");
    sink.allowance.ports.push_back(8423);
  }
}

}  // namespace

RehearsalStage set_stage(Setup& setup, const std::string& folder, std::uint64_t seed) {
  RehearsalStage stage;
  keep_to_itself(folder, setup.config);
  lead_sinks_here(setup.config, stage.hook_secrets);
  const Interval whole = whole_window(setup.roster);
  const std::vector<Account> accounts = played(setup, stage.left_out);

  stage.population.seed = seed;
  stage.population.window = whole;
  stage.population.hashtag = hashtag_in(setup.config.campaign);
  stage.population.credentials = credentials_of(setup.config);
  stage.population.accounts = cast_of(seed, accounts);
  set_terms(setup, stage.population.accounts);
  const Rhythm rhythm = slowest_of(stage.population.accounts);
  const Stage day{seed, whole, rhythm, stage.population.hashtag};
  play(day, stage.population.accounts);
  stage.population.faults = plan_faults(day, stage.population);
  stage.terms = {.window = whole,
                 .grace = setup.config.campaign.grace,
                 .surfaces = setup.config.campaign.surfaces,
                 .statements_allowed = setup.config.campaign.statement.allowed,
                 .rhythm = rhythm};
  stage.plan = plan_of(stage.population, stage.terms);

  // Pinning, the baseline, and one failure on the way to it; then a gap's length in
  // which looks have to tell what came before the window.
  stage.start = whole.start - rhythm.gap - 3 * rhythm.interval - std::chrono::minutes(10);
  stage.step_at = whole.start + whole.length() * 65 / 100;
  stage.step_back_at = stage.step_at + std::chrono::minutes(10);
  // Sweeps wait for a platform's lag.
  stage.end = whole.end + std::max(setup.config.campaign.sweep_again, rhythm.lag) + rhythm.recovery;
  return stage;
}

}  // namespace pw
