// `pledgewatch check` and `pledgewatch roster list`.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include <nlohmann/json.hpp>

#include "config/roster.h"
#include "daemon/app/commands.h"
#include "daemon/app/setup.h"
#include "daemon/app/sink_check.h"
#include "daemon/app/survey.h"
#include "daemon/app/tell.h"
#include "daemon/app/token_check.h"
#include "daemon/poll/habit_trial.h"

namespace pw {
namespace {

using nlohmann::json;

void print_connector(const std::string& name, const Connector& connector) {
  const Declaration& declared = connector.declaration();
  std::printf("  %s (%s)\n", name.c_str(), std::string(declared.source).c_str());
  for (const auto& [what, value] : print_capabilities(declared))
    std::printf("    %-12s %s\n", what.c_str(), value.c_str());
  std::printf("    %s\n", std::string(declared.blind_spots).c_str());
}

// Nobody's habits are known before the first lists are read.
std::optional<HabitTrial> assumed_trial(const PlannedLane& lane) {
  constexpr std::uint64_t seed = 1;
  if (!share_of(lane.plan, lane.promise).shares()) return std::nullopt;
  return try_habits(lane.plan, lane.promise, assumed_habits(lane.plan.accounts, seed), seed);
}

void print_habits(const PlannedLane& lane) {
  const std::optional<HabitTrial> trial = assumed_trial(lane);
  if (!trial) return;
  std::printf("%s: who posts more is looked at more often, from every %s to every %s\n",
              lane.plan.name.c_str(),
              print_duration(share_of(lane.plan, lane.promise).least).c_str(),
              print_duration(lane.promise.interval_max).c_str());
  std::printf("  simulated, for habits from a post in ten days to ten a day: %s\n",
              print_trial(*trial).c_str());
}

void print_plan(const Setup& setup) {
  std::printf("%-34s %8s %12s %12s %12s\n", "budget shared by", "accounts", "look every",
              "noticed in", "gap promised");
  for (const PlannedLane& lane : setup.plan.lanes) {
    std::printf("%-34.34s %8d %12s %12s %12s\n", lane.plan.name.c_str(), lane.plan.accounts,
                print_duration(lane.promise.interval).c_str(),
                print_duration(lane.promise.detection_max).c_str(),
                print_duration(lane.promise.gap_max).c_str());
  }
  for (const PlannedLane& lane : setup.plan.lanes) print_habits(lane);
  std::printf("\nNo gap above %s can carry the word kept (an eighth of the shortest window).\n",
              print_duration(setup.plan.ceiling).c_str());
  std::printf("\nWhat each connector can and cannot see:\n");
  for (const auto& [name, connector] : setup.connectors) {
    print_connector(name, *connector);
    const std::string& attest = setup.config.connectors.at(name).attest;
    if (attest.empty()) continue;
    std::printf("    needed: %s\n", std::string(connector->declaration().terms).c_str());
    std::printf("    attested by the operator: %s\n", attest.c_str());
  }
}

json issue_json(const Issue& issue) {
  return {{"file", issue.file},
          {"line", issue.line},
          {"column", issue.column},
          {"level", issue.level == Issue::Level::error ? "error" : "warning"},
          {"message", issue.message},
          {"nearest", issue.nearest}};
}

json plan_json(const Setup& setup) {
  json lanes = json::array();
  for (const PlannedLane& lane : setup.plan.lanes) {
    lanes.push_back({{"name", lane.plan.name},
                     {"accounts", lane.plan.accounts},
                     {"interval_ms", lane.promise.interval.count()},
                     {"interval_max_ms", lane.promise.interval_max.count()},
                     {"detection_max_ms", lane.promise.detection_max.count()},
                     {"gap_max_ms", lane.promise.gap_max.count()}});
    const std::optional<HabitTrial> trial = assumed_trial(lane);
    if (!trial) continue;
    lanes.back()["mean_delay_ms"] = {{"measured", trial->measured.count()},
                                     {"square_root_rule", trial->optimum.count()},
                                     {"all_alike", trial->even.count()}};
  }
  return lanes;
}

json connectors_json(const Setup& setup) {
  return json::parse(declarations_json(setup.connectors, setup.config));
}

int examples_of(const Setup& setup) {
  int count = 0;
  for (const RulePack& pack : setup.packs) count += static_cast<int>(pack.examples.size());
  return count;
}

}  // namespace

bool read_file(const std::string& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  text.assign(std::istreambuf_iterator<char>(in), {});
  return !in.bad();
}

namespace {

json sinks_json(const std::vector<SinkCheck>& checks) {
  json sinks = json::array();
  for (const SinkCheck& check : checks)
    sinks.push_back({{"sink", check.sink},
                     {"type", check.type},
                     {"accepted", check.accepted},
                     {"http_status", check.http_status},
                     {"said", check.said}});
  return sinks;
}

void print_sinks(const std::vector<SinkCheck>& checks) {
  std::printf("\nA test message to each sink:\n");
  for (const SinkCheck& check : checks) {
    std::printf("  %-24s %-12s %s%s%s\n", check.sink.c_str(), check.type.c_str(),
                check.accepted ? "accepted" : "NOT accepted", check.said.empty() ? "" : ", ",
                check.said.c_str());
  }
}

json tokens_json(const std::vector<TokenCheck>& checks) {
  json tokens = json::array();
  for (const TokenCheck& check : checks)
    tokens.push_back(
        {{"credential", check.credential}, {"good", check.good}, {"said", check.said}});
  return tokens;
}

void print_tokens(const std::vector<TokenCheck>& checks) {
  if (checks.empty()) return;
  std::printf("\nWhat the platforms say of each credential:\n");
  for (const TokenCheck& check : checks) {
    std::printf("  %-24s %s%s\n", check.credential.c_str(),
                check.good ? "" : "NOT good: ", check.said.c_str());
  }
}

// The newest of the times that its platform gives.
std::optional<Instant> newest_of(const SurveyedAccount& account) {
  std::optional<Instant> newest;
  for (const StoredPost& post : account.posts) {
    const auto at = post.post.server_at ? post.post.server_at : post.post.claimed_at;
    if (at && (!newest || *at > *newest)) newest = at;
  }
  return newest;
}

json accounts_json(const std::vector<SurveyedAccount>& accounts) {
  json answer = json::array();
  for (const SurveyedAccount& one : accounts) {
    const std::optional<Instant> newest = newest_of(one);
    answer.push_back({{"account", print_account(one.account)},
                      {"id", one.account.id},
                      {"seen", one.seen()},
                      {"outcome", one.look ? json(name_of(one.look->outcome)) : json()},
                      {"detail", one.look ? one.look->detail : std::string()},
                      {"posts", one.posts.size()},
                      {"newest", newest ? json(print_rfc3339(*newest)) : json()}});
  }
  return answer;
}

// Those of which one must know; who is well is counted.
void print_accounts(const std::vector<SurveyedAccount>& accounts) {
  std::size_t seen = 0;
  std::size_t posts = 0;
  std::printf("\nOne look at each account:\n");
  for (const SurveyedAccount& one : accounts) {
    seen += one.seen() ? 1 : 0;
    posts += one.posts.size();
    if (one.seen()) continue;
    const std::string why = !one.look
                                ? "its turn did not come; try again with a longer --within"
                                : std::string(name_of(one.look->outcome)) +
                                      (one.look->detail.empty() ? "" : ": " + one.look->detail);
    std::printf("  NOT seen  %-34s %s\n", print_account(one.account).c_str(), why.c_str());
  }
  std::printf("  %zu of %zu accounts were seen, with %zu posts on their lists\n", seen,
              accounts.size(), posts);
}

// What was asked online.
struct Asked {
  std::vector<SinkCheck> sinks{};
  std::vector<TokenCheck> tokens{};
  std::vector<SurveyedAccount> accounts{};

  bool well() const {
    return std::all_of(accounts.begin(), accounts.end(), [](const auto& a) { return a.seen(); }) &&
           std::all_of(sinks.begin(), sinks.end(), [](const auto& c) { return c.accepted; }) &&
           std::all_of(tokens.begin(), tokens.end(), [](const auto& c) { return c.good; });
  }
};

// Online the secrets are sent and must be read; offline it is said which were not.
std::optional<Setup> load_offline(const std::string& file, Issues& issues) {
  std::string unread;
  std::optional<Setup> setup = load_setup(file, issues, [&](const SecretName& name) {
    if (is_for_service_alone(name)) unread += (unread.empty() ? "" : ", ") + name.name;
    return secret_beside_service(name);
  });
  if (!unread.empty()) {
    issues.push_back({file, 0, 0,
                      "not read here, since the service alone gets them: credentials " + unread, "",
                      Issue::Level::warning});
  }
  return setup;
}

Result<Done> ask_all(const CheckOptions& options, const Setup& setup, Asked& asked) {
  asked.sinks = check_sinks(setup.config);
  asked.tokens = check_tokens(setup);
  // A daemon takes a setup of its own; that these files have no mistakes is known.
  Issues known;
  std::optional<Setup> own = load_setup(options.config, known);
  if (!own) return Error{Errc::transient, options.config + " changed meanwhile"};
  Result<std::vector<SurveyedAccount>> accounts =
      survey_online(*std::move(own), survey_limits(options.within, options.json));
  if (!accounts) return accounts.error();
  asked.accounts = *std::move(accounts);
  return Done{};
}

}  // namespace

int check_campaign(const CheckOptions& options) {
  if (options.within && !options.online)
    return fail(exit_usage, "--within: there is nothing to wait for without --online");
  Issues issues;
  const std::optional<Setup> setup =
      options.online ? load_setup(options.config, issues) : load_offline(options.config, issues);
  const bool online = options.online && setup.has_value();
  Asked asked;
  if (online) {
    if (const Result<Done> done = ask_all(options, *setup, asked); !done)
      return fail(exit_world, done.error().detail);
  }
  if (options.json) {
    json answer{{"ok", setup.has_value()}, {"issues", json::array()}};
    for (const Issue& issue : issues) answer["issues"].push_back(issue_json(issue));
    if (setup) {
      answer["plan"] = plan_json(*setup);
      answer["connectors"] = connectors_json(*setup);
    }
    if (online) {
      answer["sinks"] = sinks_json(asked.sinks);
      answer["credentials"] = tokens_json(asked.tokens);
      answer["accounts"] = accounts_json(asked.accounts);
      answer["ok"] = asked.well();
    }
    std::printf("%s\n", answer.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
    if (!setup) return exit_usage;
    return asked.well() ? exit_fine : exit_no;
  }
  print_issues(issues);
  if (!setup) return exit_usage;
  std::printf("%s: %zu pledges, %zu accounts; all %d examples of the rules hold\n\n",
              setup->config.campaign.name.c_str(), setup->roster.pledges.size(),
              setup->roster.accounts.size(), examples_of(*setup));
  print_plan(*setup);
  if (online) {
    print_sinks(asked.sinks);
    print_tokens(asked.tokens);
    print_accounts(asked.accounts);
  }
  return asked.well() ? exit_fine : exit_no;
}

int list_roster(const RosterOptions& options) {
  Issues issues;
  const std::optional<Setup> setup = load_setup(options.config, issues, secret_beside_service);
  print_issues(issues);
  if (!setup) return exit_usage;
  std::fputs(print_roster_table(setup->roster).c_str(), stdout);
  return exit_fine;
}

}  // namespace pw
