// The whole daemon through a boycott hour of simulated time.
#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/ledger/entry.h"
#include "daemon/store/store.h"
#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval hour{noon, noon + 1h};

struct DayFolder {
  DayFolder()
      : path(fs::temp_directory_path() /
             ("pw-day-" + std::to_string(getpid()) + "-" + std::to_string(next++))) {
    fs::create_directories(path);
  }
  ~DayFolder() { fs::remove_all(path); }
  fs::path path;
  static inline int next = 0;
};

std::set<std::string> found_posts(const DayFolder& folder) {
  std::set<std::string> posts;
  auto store = open_sqlite((folder.path / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  const auto findings = (*store)->findings();
  REQUIRE(findings);
  for (const Finding& finding : *findings)
    posts.insert(finding.post_id + (finding.needs_review ? "?" : ""));
  return posts;
}

std::map<std::string, int> outcomes(const DayFolder& folder) {
  std::map<std::string, int> counts;
  auto store = open_sqlite((folder.path / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  const auto read =
      (*store)->each_leaf(0, *(*store)->leaf_count(), [&](std::uint64_t, std::string_view leaf) {
        const Result<Entry> entry = decode(leaf);
        REQUIRE(entry);
        if (const auto* looks = std::get_if<LooksEntry>(&*entry)) {
          for (const Look& look : looks->looks) ++counts[std::string(name_of(look.outcome))];
        }
        return true;
      });
  REQUIRE(read);
  return counts;
}

bool said(const DayResult& result, std::string_view event) {
  return std::any_of(result.log.begin(), result.log.end(),
                     [&](const std::string& line) { return line.starts_with(event); });
}

}  // namespace

TEST_CASE("a planned breach is found, told once, and nothing else is") {
  DayFolder folder;
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"old", Instant{}}, {"breach", noon + 20min}};
  world.feeds[feed_url(1)] = {{"old", Instant{}}};
  world.feeds[feed_url(2)] = {{"before", noon - 10min}, {"after", noon + 61min}};
  std::vector<std::string> ids;
  world.on_hook = [&](const HttpRequest& request) {
    for (const HttpHeader& header : request.headers) {
      if (header.name == "webhook-id") ids.push_back(header.value);
    }
    return 204;
  };
  const DayResult result = run_day(small_campaign(folder.path.string(), 3, hour), clock, world);
  CHECK(result.failure.empty());
  CHECK(result.ended_by == "close");
  CHECK(found_posts(folder) == std::set<std::string>{"breach"});
  CHECK(ids.size() == 1);
  CHECK(outcomes(folder)["unchanged"] > 200);
  CHECK(verify_folder((folder.path / "log").string()).empty());
  // The rules are stored as what they are, under the digest that the log names.
  int packs = 0;
  for (const auto& file : fs::directory_iterator(folder.path / "log/objects")) {
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const bool is_pack = file.path().extension() == ".yaml";
    CHECK(is_pack == !text.starts_with('{'));
    packs += is_pack ? 1 : 0;
  }
  CHECK(packs == 1);
}

TEST_CASE("a post that straddles the window's edge is for people to decide") {
  DayFolder folder;
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  // Seen first at some minute after noon, last without it at some minute before.
  world.feeds[feed_url(0)] = {{"edge", noon}};
  world.on_fetch = [&](const HttpRequest& request) -> std::optional<Error> {
    const bool blind =
        request.method == "GET" && clock.now() > noon - 3min && clock.now() < noon + 3min;
    return blind ? std::optional(Error{Errc::transient, "no route"}) : std::nullopt;
  };
  const DayResult result = run_day(small_campaign(folder.path.string(), 1, hour), clock, world);
  CHECK(result.failure.empty());
  CHECK(found_posts(folder) == std::set<std::string>{"edge?"});
  CHECK(outcomes(folder)["unreachable"] >= 1);
  CHECK(said(result, "account_not_observed"));
  CHECK(said(result, "account_visible_again"));
}

TEST_CASE("a stop in the middle of a look records no outcome for it, and a restart goes on") {
  DayFolder folder;
  FeedWorld* seen = nullptr;
  {
    SimClock clock(noon - 30min);
    FeedWorld world(clock);
    seen = &world;
    world.feeds[feed_url(0)] = {{"breach", noon + 20min}};
    run_day(small_campaign(folder.path.string(), 1, hour), clock, world, {.end = noon + 10min});
    CHECK(seen->fetches > 30);
  }
  SimClock clock(noon + 15min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"breach", noon + 20min}};
  const DayResult result = run_day(small_campaign(folder.path.string(), 1, hour), clock, world);
  CHECK(result.failure.empty());
  CHECK(found_posts(folder) == std::set<std::string>{"breach"});
  CHECK(verify_folder((folder.path / "log").string()).empty());
}

TEST_CASE("a reload takes new accounts in and lets removed ones go, as an amendment") {
  DayFolder folder;
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"first", noon + 40min}};
  world.feeds[feed_url(1)] = {{"second", noon + 40min}};
  DayOptions options;
  options.at.emplace_back(noon + 10min, [&](Daemon& daemon) {
    Setup two = small_campaign(folder.path.string(), 2, hour);
    two.roster.accounts.erase(two.roster.accounts.begin());
    two.config.reviewers = {{"new", sha256("a new token"), {}, Role::reader}};
    CHECK(daemon.reload(std::move(two), "operator", "a test"));
    REQUIRE(daemon.reviewers().size() == 1);
    CHECK(daemon.reviewers().front().name == "new");
  });
  const DayResult result =
      run_day(small_campaign(folder.path.string(), 1, hour), clock, world, options);
  CHECK(result.failure.empty());
  CHECK(found_posts(folder) == std::set<std::string>{"second"});
  CHECK(verify_folder((folder.path / "log").string()).empty());
}
