#include "daemon/app/offline_desk.h"

#include <cstdio>

#include <unistd.h>

#include "daemon/app/commands.h"
#include "daemon/app/sinks.h"
#include "daemon/runtime/system_clock.h"

namespace pw {
namespace {

// Who may write: the token's owner, or this user by uid.
const Reviewer* person_of(const DeskOptions& options, const Config& config) {
  if (options.token_file.empty()) return find_by_uid(config.reviewers, geteuid());
  std::string token;
  if (!read_file(options.token_file, token)) return nullptr;
  token.resize(token.find_last_not_of(" \t\r\n") + 1);
  return find_by_token(config.reviewers, token);
}

}  // namespace

int complain(const Error& error) {
  std::fprintf(stderr, "pledgewatch: %s\n", error.detail.c_str());
  if (error.code == Errc::gone) return exit_no;
  return error.code == Errc::malformed ? exit_usage : exit_world;
}

std::unique_ptr<OfflineDesk> open_desk(const DeskOptions& options, OpenMode mode, int& code) {
  auto desk = std::make_unique<OfflineDesk>();
  Issues issues;
  std::optional<Setup> setup = load_setup(options.config, issues);
  for (const Issue& issue : issues) std::fprintf(stderr, "%s\n", print_issue(issue).c_str());
  code = exit_usage;
  if (!setup) return nullptr;
  desk->setup = *std::move(setup);
  desk->now = SystemClock().now();
  const Config& config = desk->setup.config;
  if (mode == OpenMode::read_write) {
    const Reviewer* person = person_of(options, config);
    if (person == nullptr || person->role < ReviewerRole::reviewer) {
      std::fprintf(stderr,
                   "pledgewatch: you are no reviewer of this campaign: name your uid or a "
                   "token under review.reviewers, and give --token-file\n");
      return nullptr;
    }
    desk->who = person->name;
  }
  Result<std::unique_ptr<Store>> store = open_sqlite(config.state_dir + "/pledgewatch.db", mode);
  code = exit_world;
  if (!store) {
    complain(store.error());
    if (mode == OpenMode::read_write)
      std::fprintf(stderr, "pledgewatch: while a daemon runs, decide on its pages\n");
    return nullptr;
  }
  desk->store = *std::move(store);
  if (mode == OpenMode::read_write) {
    if (const auto enrolled = desk->store->enrol(desk->setup.roster.accounts, {}); !enrolled) {
      complain(enrolled.error());
      return nullptr;
    }
  }
  desk->grounds.campaign = config.campaign.name;
  desk->grounds.roster = desk->setup.roster;
  desk->grounds.account_at = index_accounts(desk->grounds.roster.accounts);
  desk->grounds.packs = std::move(desk->setup.packs);
  desk->grounds.sinks = sink_routes(config, desk->setup.sink_conditions);
  return desk;
}

}  // namespace pw
