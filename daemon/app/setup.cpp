#include "daemon/app/setup.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <nlohmann/json.hpp>

#include "config/files.h"
#include "config/load.h"
#include "config/roster.h"
#include "connectors/custom.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/token_watch.h"
#include "daemon/core/hash.h"
#include "daemon/runtime/random.h"

namespace pw {
namespace {

using nlohmann::json;

void load_packs(Setup& setup, Issues& issues) {
  for (const std::string& file : setup.config.rule_files) {
    std::string text;
    if (!read_file(file, text)) {
      issues.push_back({file, 0, 0, "cannot be read"});
      continue;
    }
    std::optional<RulePack> pack = load_pack(file, text, issues);
    setup.packs_text += text;
    if (!pack) continue;
    const Issues failures = run_examples(*pack);
    issues.insert(issues.end(), failures.begin(), failures.end());
    setup.packs.push_back(*std::move(pack));
  }
}

std::optional<cel::Program> condition(const std::optional<Placed>& placed,
                                      const cel::Environment& environment, Issues& issues) {
  if (!placed) return std::nullopt;
  return compile_condition(placed->text, placed->place.file, placed->place.line,
                           placed->place.column, environment, issues);
}

// All windows together, wherever on earth a day of the actors' own begins and ends.
std::optional<Interval> judged_span(const CampaignConfig& campaign) {
  constexpr Millis farthest_zone = std::chrono::hours(14);
  std::optional<Interval> span;
  for (const WindowConfig& window : campaign.windows) {
    const std::optional<Instant> start = in_zone(window.start, "UTC");
    const std::optional<Instant> end = in_zone(window.end, "UTC");
    if (!start || !end) continue;
    const Interval wide{*start - farthest_zone, *end + farthest_zone};
    span = span ? Interval{std::min(span->start, wide.start), std::max(span->end, wide.end)} : wide;
  }
  return span;
}

// A platform of the operator's own, from its definition's file.
std::unique_ptr<Connector> make_custom(const std::string& name, const ConnectorConfig& config,
                                       ConnectorSettings settings, Issues& issues) {
  std::string text;
  if (!read_file(config.definition, text)) {
    issues.push_back({config.definition, 0, 0, "cannot be read"});
    return nullptr;
  }
  auto definition = load_custom(name, config.definition, text, issues);
  if (!definition) return nullptr;
  return std::make_unique<Custom>(std::move(definition), std::move(settings));
}

void make_connectors(Setup& setup, Issues& issues) {
  for (const auto& [name, config] : setup.config.connectors) {
    ConnectorSettings settings;
    settings.base = config.base;
    settings.home = config.home;
    settings.directory = config.directory;
    settings.api_version = config.api_version;
    settings.allowance = config.allowance;
    settings.lag = config.lag;
    settings.judged = judged_span(setup.config.campaign);
    if (config.interval_floor > Millis{0}) settings.interval_floor = config.interval_floor;
    settings.anonymous = config.credentials.empty();
    auto connector = config.definition.empty()
                         ? make_connector(name, std::move(settings))
                         : make_custom(name, config, std::move(settings), issues);
    if (connector) setup.connectors.emplace(name, std::move(connector));
  }
}

// The first account of the connector that neither the operator's nor its owner's
// own credential reads; null when there is none.
const Account* account_without_credential(const Roster& roster, const ConnectorConfig& config) {
  const auto has = [&](const std::string& owner) {
    return std::any_of(
        config.credentials.begin(), config.credentials.end(),
        [&](const CredentialConfig& credential) { return credential.account == owner; });
  };
  if (has("")) return nullptr;
  for (const Account& account : roster.accounts) {
    if (account.platform == config.name && !has(account.handle)) return &account;
  }
  return nullptr;
}

void check_credentials(const Setup& setup, Issues& issues) {
  for (const auto& [name, connector] : setup.connectors) {
    const ConnectorConfig& config = setup.config.connectors.at(name);
    if (!connector->declaration().needs_credential) continue;
    const auto say = [&](std::string text) {
      issues.push_back(
          {config.place.file, config.place.line, config.place.column, std::move(text)});
    };
    if (config.credentials.empty()) {
      say("connectors." + name + " needs at least one entry under credentials");
    } else if (const Account* alone = account_without_credential(setup.roster, config)) {
      say("connectors." + name + ": every credential is somebody's own, and none is that of " +
          alone->handle);
    }
  }
}

// What is dated by whole days, in UTC, shows for certain once its day is over: a look
// with a shorter lag would claim what only the end of that day can tell.
void check_lag(const Setup& setup, Issues& issues) {
  using std::chrono::days;
  std::set<std::string> said;
  for (const Account& account : setup.roster.accounts) {
    const auto connector = setup.connectors.find(account.platform);
    if (connector == setup.connectors.end() || said.contains(account.platform)) continue;
    const Declaration& declared = connector->second->declaration();
    if (declared.clock_precision < Millis{days(1)}) continue;
    const ConnectorConfig& config = setup.config.connectors.at(account.platform);
    for (const Window& window : setup.roster.pledges[account.pledge].windows) {
      const Instant end = window.possible.end;
      const Millis rest = std::chrono::ceil<days>(end) - end;
      if (declared.lag >= rest || !said.insert(account.platform).second) continue;
      issues.push_back({config.place.file, config.place.line, config.place.column,
                        "connectors." + account.platform +
                            ": lag: " + print_duration(declared.lag) +
                            " is too short: it tells whole days, and after "
                            "the window's end at " +
                            print_rfc3339(end) + " the day goes on for " + print_duration(rest)});
    }
  }
}

// A token that ends before the second sweep cannot read what the promise needs.
void check_expiry(const Setup& setup, Issues& issues) {
  const Instant needed = credentials_needed_until(setup.config, setup.roster);
  for (const auto& [name, connector] : setup.config.connectors) {
    for (const CredentialConfig& credential : connector.credentials) {
      if (!credential.expires || *credential.expires >= needed) continue;
      issues.push_back({connector.place.file, connector.place.line, connector.place.column,
                        "connectors." + name + ": the credential " + credential.label +
                            " ends at " + print_rfc3339(*credential.expires) +
                            ", before the second sweep at " + print_rfc3339(needed)});
    }
  }
}

void check_canaries(const Setup& setup, Issues& issues) {
  if (setup.config.canaries.empty()) return;
  std::vector<std::string> names;
  for (const Account& account : setup.roster.accounts) names.push_back(print_account(account));
  const std::vector<std::string_view> views(names.begin(), names.end());
  for (const CanaryConfig& canary : setup.config.canaries) {
    if (std::find(names.begin(), names.end(), canary.account) != names.end()) continue;
    issues.push_back({canary.place.file, canary.place.line, canary.place.column,
                      "canaries: the roster has no '" + canary.account + "'",
                      nearest_of(canary.account, views)});
  }
}

// Platforms whose terms ask for permission stay off until the operator says, in
// the configuration, that there is one (design, decision 10).
void check_attestations(const Setup& setup, Issues& issues) {
  for (const auto& [name, connector] : setup.connectors) {
    const ConnectorConfig& config = setup.config.connectors.at(name);
    const std::string terms(connector->declaration().terms);
    const auto say = [&](std::string text, Issue::Level level) {
      issues.push_back(
          {config.place.file, config.place.line, config.place.column, std::move(text), "", level});
    };
    if (!terms.empty() && config.attest.empty()) {
      say("connectors." + name + " stays off: " + terms + "; say in connectors." + name +
              ".attest what permission you hold, or remove it",
          Issue::Level::error);
    } else if (terms.empty() && !config.attest.empty()) {
      say("connectors." + name + ".attest: this platform's terms ask for none",
          Issue::Level::warning);
    }
  }
}

// What the operator attested of this connector; empty when nothing.
std::string attested_by(const Config& config, const std::string& name) {
  const auto it = config.connectors.find(name);
  return it == config.connectors.end() ? std::string() : it->second.attest;
}

// The platforms that a roster may name: the built-in ones and the operator's own.
std::vector<std::string_view> platforms_of(const Config& config) {
  const auto names = connector_names();
  std::vector<std::string_view> platforms(names.begin(), names.end());
  for (const auto& [name, connector] : config.connectors) {
    if (!connector.definition.empty()) platforms.push_back(name);
  }
  return platforms;
}

}  // namespace

std::optional<Setup> load_setup(const std::string& config_file, Issues& issues,
                                const SecretReader& read_secret) {
  Setup setup;
  std::optional<Config> config =
      load_config_file(config_file, connector_names(), issues, read_secret);
  if (!config) return std::nullopt;
  setup.config = *std::move(config);
  make_connectors(setup, issues);
  const auto normalise = [&](Account account, std::string& why) -> std::optional<Account> {
    const auto it = setup.connectors.find(account.platform);
    return it == setup.connectors.end() ? std::optional(account)
                                        : it->second->normalise(account, why);
  };
  std::optional<Roster> roster =
      load_roster_file(setup.config, platforms_of(setup.config), issues, normalise);
  if (roster) setup.roster = *std::move(roster);
  load_packs(setup, issues);
  setup.statement =
      condition(setup.config.campaign.statement.matches, statement_environment(), issues);
  for (const SinkConfig& sink : setup.config.sinks) {
    setup.sink_conditions.push_back(condition(sink.when, finding_environment(), issues));
  }
  check_credentials(setup, issues);
  check_lag(setup, issues);
  check_expiry(setup, issues);
  check_canaries(setup, issues);
  check_attestations(setup, issues);
  if (has_errors(issues)) return std::nullopt;
  setup.plan = plan_campaign(setup.config, setup.roster, setup.connectors);
  const Issues plan = plan_issues(setup.config, setup.plan);
  issues.insert(issues.end(), plan.begin(), plan.end());
  if (has_errors(issues)) return std::nullopt;
  return setup;
}

bool is_for_service_alone(const SecretName& name) {
  return name.kind == SecretName::Kind::credential &&
         std::getenv("CREDENTIALS_DIRECTORY") == nullptr;
}

Result<std::string> secret_beside_service(const SecretName& name) {
  if (!is_for_service_alone(name)) return read_secret_here(name);
  const std::string nonce = system_random(16);
  return "https://credential.invalid/" +
         print_hex({reinterpret_cast<const std::uint8_t*>(nonce.data()), nonce.size()});
}

Redactor redactor_of(const Config& config) {
  std::vector<std::string> secrets;
  for (const auto& [name, connector] : config.connectors) {
    for (const CredentialConfig& credential : connector.credentials) {
      secrets.push_back(credential.token.value);
      if (credential.app_secret) secrets.push_back(credential.app_secret->value);
    }
  }
  for (const SinkConfig& sink : config.sinks) {
    secrets.push_back(sink.url.value);
    if (sink.secret) secrets.push_back(sink.secret->value);
  }
  if (config.heartbeat) {
    secrets.push_back(config.heartbeat->url.value);
  }
  return Redactor(std::move(secrets));
}

std::string declarations_json(const Connectors& connectors, const Config& config) {
  // nlohmann sorts the keys, which are ASCII, and prints texts as they are: this is
  // the canonical form of RFC 8785 too.
  json all = json::object();
  for (const auto& [name, connector] : connectors) {
    const Declaration& declared = connector->declaration();
    json capabilities = json::object();
    for (const auto& [what, value] : print_capabilities(declared)) capabilities[what] = value;
    all[name] = {{"sees", print_surfaces(declared.sees)},
                 {"never_sees", print_surfaces(declared.never_sees)},
                 {"list", name_of(declared.list)},
                 {"clock", name_of(declared.clock)},
                 {"clock_precision_ms", declared.clock_precision.count()},
                 {"lag_ms", declared.lag.count()},
                 {"stable_id", declared.stable_id},
                 {"shows_edits", declared.shows_edits},
                 {"shows_deletions", declared.shows_deletions},
                 {"shows_pins", declared.shows_pins},
                 {"shows_backdating", declared.shows_backdating},
                 {"dates_uploads", declared.dates_uploads},
                 {"needs_credential", declared.needs_credential},
                 {"page_size", declared.page_size},
                 {"cost", declared.cost},
                 {"batch_size", declared.batch_size},
                 {"probe_proves", name_of(declared.probe)},
                 {"push", name_of(declared.push)},
                 {"capabilities", std::move(capabilities)},
                 {"blind_spots", declared.blind_spots},
                 {"terms", declared.terms},
                 {"attested", attested_by(config, name)},
                 {"source", declared.source}};
  }
  return all.dump();
}

}  // namespace pw
