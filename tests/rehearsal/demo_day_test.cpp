// The demo without its sockets: the whole daemon through the demo's day in
// simulated time, and its findings against the plan.
#include <algorithm>
#include <filesystem>
#include <map>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/app/daemon.h"
#include "daemon/rehearsal/demo_campaign.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/store/store.h"

using namespace pw;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

const Instant eve = *parse_rfc3339("2026-11-24T03:22:00Z");

struct DayFolder {
  explicit DayFolder(std::uint64_t seed)
      : path(fs::temp_directory_path() /
             ("pw-demo-day-" + std::to_string(::getpid()) + "-" + std::to_string(seed))) {}
  ~DayFolder() { fs::remove_all(path); }
  fs::path path;
};

struct Day {
  std::vector<ClaimedFinding> findings;
  std::map<std::string, bool> in_doubt;  // by post id: needs_review
  std::vector<std::string> received;
  std::vector<std::string> journal;
  std::string failure;
};

void read_findings(const fs::path& folder, const std::vector<Account>& accounts, Day& day) {
  const auto store = open_sqlite((folder / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  const auto findings = (*store)->findings();
  REQUIRE(findings);
  for (const Finding& finding : *findings) {
    const auto account = std::find_if(accounts.begin(), accounts.end(), [&](const Account& a) {
      return a.number == finding.account;
    });
    REQUIRE(account != accounts.end());
    day.findings.push_back({account->platform, account->handle, finding.post_id, finding.rule});
    day.in_doubt[finding.post_id] = finding.needs_review;
  }
}

// Numbers are given in roster order, from 1 (Store::enrol).
std::vector<Account> numbered(std::vector<Account> accounts) {
  for (std::uint32_t i = 0; i < accounts.size(); ++i) accounts[i].number = i + 1;
  return accounts;
}

Day live(const DemoCampaign& campaign, const fs::path& folder) {
  REQUIRE(write_demo_campaign(campaign, folder.string()));
  Issues issues;
  std::optional<Setup> setup = load_setup((folder / "campaign.yaml").string(), issues);
  for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
  REQUIRE(setup);
  CHECK(issues.empty());
  const std::vector<Account> accounts = numbered(setup->roster.accounts);

  Day day;
  Log log([&](LogLevel, const std::string& line) { day.journal.push_back(line); }, LogLevel::info);
  asio::io_context io(1);
  SimClock clock(eve);
  const SimWorld world(campaign.population);
  Receiver receiver(campaign.hook_secrets, {HookFailure::error, HookFailure::close},
                    [&](const std::string& line) { day.received.push_back(line); });
  SimNetwork network(world, clock, {setup->config.http.deadline});
  network.serve_hooks(receiver);
  const Instant closes = campaign.terms.window.end + std::chrono::seconds(60);
  {
    auto daemon = Daemon::open({io, clock, network, log, seeded_random(1)}, *std::move(setup));
    REQUIRE(daemon);
    TaskGroup group(io.get_executor());
    (*daemon)->start(group, /*until_closed=*/false);
    bool joined = false;
    asio::co_spawn(io, group.join(), [&](std::exception_ptr error) {
      joined = true;
      if (error) day.failure = group.first_to_end();
    });
    clock.advance_until(io, closes);
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, Millis{1000});
    REQUIRE(joined);
    CHECK((*daemon)->finish("test"));
  }
  read_findings(folder, accounts, day);
  return day;
}

void print(const char* what, const std::vector<ClaimedFinding>& findings, const DayPlan& plan) {
  for (const ClaimedFinding& one : findings) {
    UNSCOPED_INFO(what << ": " << one.platform << ' ' << one.handle << ' ' << one.post_id);
    for (const PlannedAccount& account : plan.accounts) {
      if (account.handle != one.handle) continue;
      for (const std::string& line : account.does)
        UNSCOPED_INFO("    " << account.role << ' ' << line);
    }
  }
}

void check_day(std::uint64_t seed) {
  const DayFolder folder(seed);
  const Interval window{eve + std::chrono::seconds(12), eve + std::chrono::seconds(132)};
  const DemoCampaign campaign =
      make_demo_campaign({.seed = seed, .accounts = 60, .window = window, .port = 8423});
  const Day day = live(campaign, folder.path);
  CHECK(day.failure.empty());
  const Difference difference = compare(campaign.plan, day.findings);
  INFO("seed " << seed << ": " << day.findings.size() << " findings");
  print("missed", difference.missed, campaign.plan);
  print("wrong", difference.wrong, campaign.plan);
  CHECK(difference.missed.empty());
  CHECK(difference.wrong.empty());
  CHECK(difference.matched ==
        count(campaign.plan, Expected::breach) + count(campaign.plan, Expected::needs_review));
  for (const PlannedAccount& account : campaign.plan.accounts) {
    for (const PlannedPost& post : account.posts) {
      INFO(account.handle << ' ' << post.id << ": " << post.reason);
      const auto doubt = day.in_doubt.find(post.id);
      if (doubt == day.in_doubt.end()) continue;
      if (post.expected == Expected::breach) CHECK_FALSE(doubt->second);
      if (post.expected == Expected::needs_review) CHECK(doubt->second);
    }
  }
  const auto accepted =
      std::count_if(day.received.begin(), day.received.end(), [](const std::string& line) {
        return line.find("\"signature\":\"good\",\"status\":200") != std::string::npos;
      });
  CHECK(static_cast<std::size_t>(accepted) == day.findings.size());
}

}  // namespace

TEST_CASE("the daemon's findings are the planned breaches, no miss and no false one") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) check_day(seed);
}

TEST_CASE("and so on a hundred other days", "[.long]") {
  for (std::uint64_t seed = 1001; seed <= 1100; ++seed) check_day(seed);
}
