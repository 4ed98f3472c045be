// One look at each account that nothing remembers: what is told of each, and that
// nobody else hears of it.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/app/hindsight.h"
#include "daemon/app/scratch_folder.h"
#include "daemon/app/survey.h"
#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

struct SurveyFolder {
  SurveyFolder() : path(fs::temp_directory_path() / ("pw-survey-" + std::to_string(getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path / "campaign");
    fs::create_directories(path / "scratch");
  }
  ~SurveyFolder() { fs::remove_all(path); }
  std::string of(const char* name) const { return (path / name).string(); }
  fs::path path;
};

std::vector<SurveyedAccount> look_at(const SurveyFolder& folder, FeedWorld& world, SimClock& clock,
                                     int accounts, Millis within) {
  boost::asio::io_context io(1);
  Log log([](LogLevel, const std::string&) {}, LogLevel::error);
  SurveyLimits limits;
  limits.within = within;
  const Instant end = clock.now() + within + 30s;
  auto looked = survey(World{io, clock, world, log, seeded_random(1)},
                       small_campaign(folder.of("campaign"), accounts, {noon, noon + 1h}),
                       folder.of("scratch"), limits, [&] { clock.advance_until(io, end); });
  REQUIRE(looked);
  return *std::move(looked);
}

}  // namespace

TEST_CASE("each account of the roster has one look, and its outcome is told") {
  SurveyFolder folder;
  SimClock clock(noon - 24h);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"a", Instant{}}, {"b", noon - 25h}};
  world.feeds[feed_url(2)] = {};
  world.on_get = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url != feed_url(1)) return std::nullopt;
    HttpResponse answer;
    answer.status = 410;
    answer.received = clock.now();
    return answer;
  };
  int told = 0;
  world.on_hook = [&](const HttpRequest&) { return ++told, 204; };
  const auto accounts = look_at(folder, world, clock, 3, 1min);
  REQUIRE(accounts.size() == 3);
  CHECK(accounts[0].seen());
  CHECK(accounts[0].posts.size() == 2);
  REQUIRE(accounts[1].look);
  CHECK_FALSE(accounts[1].seen());
  CHECK(accounts[1].look->http_status == 410);
  CHECK(accounts[2].posts.empty());
  CHECK(world.fetches <= 6);
  CHECK(told == 0);
  // All that it wrote lies in the folder that it was given.
  CHECK_FALSE(fs::exists(folder.path / "campaign" / "state" / "pledgewatch.db"));
  CHECK(fs::exists(folder.path / "scratch" / "state" / "pledgewatch.db"));
}

TEST_CASE("an account whose turn does not come in time has no look") {
  SurveyFolder folder;
  SimClock clock(noon - 24h);
  FeedWorld world(clock);
  for (int i = 0; i < 2; ++i) world.feeds[feed_url(i)] = {{"a", Instant{}}};
  world.hangs = feed_url(1);
  const auto accounts = look_at(folder, world, clock, 2, 10s);
  REQUIRE(accounts.size() == 2);
  CHECK(accounts[0].seen());
  CHECK_FALSE(accounts[1].look);
  CHECK_FALSE(accounts[1].seen());
}

TEST_CASE("a scratch folder of one's own is for its owner alone and goes away") {
  std::string path;
  {
    const ScratchFolder folder("test", "");
    REQUIRE(folder.usable());
    path = folder.path();
    CHECK(fs::status(path).permissions() == fs::perms::owner_all);
    std::ofstream(path + "/file") << "x";
    CHECK_FALSE(ScratchFolder("test", path).usable());
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("what was fetched is judged beside what is stored, and before anything is") {
  SurveyFolder folder;
  const auto write = [&](const char* name, std::string_view text) {
    std::ofstream(folder.path / "campaign" / name) << text;
  };
  write("campaign.yaml", R"(campaign:
  name: fetched
  window: { start: 2020-09-16T12:00, end: 2020-09-16T13:00, zone: UTC }
  default_zone: UTC
  surfaces: [post]
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  feed: { interval: 1m, interval_floor: 1m }
store: state
)");
  write("roster.csv", "actor,platform,handle\nAnn,feed," + feed_url(0) + "\n");
  write("freeze.yaml",
        "rules:\n  - name: posted\n    when: pledge.window.covers(post.appeared)\n"
        "    severity: breach\n    summary: posted\n");
  SurveyedAccount fetched;
  fetched.account.platform = "feed";
  fetched.account.handle = feed_url(0);
  fetched.account.number = 7;
  StoredPost post;
  post.account = 7;
  post.post.id = "p";
  post.post.server_at = noon + 10min;
  post.appeared = {noon + 10min, noon + 10min + 1s};
  post.baseline = true;
  fetched.posts = {post};
  const std::vector<SurveyedAccount> all{fetched};
  Issues issues;
  const std::string config = folder.of("campaign") + "/campaign.yaml";
  CHECK_FALSE(look_back(config, issues));
  const Result<Hindsight> past = look_back(config, issues, &all);
  REQUIRE(past);
  REQUIRE(past->posts.size() == 1);
  CHECK(past->posts[0].account == past->grounds.roster.accounts[0].number);
  CHECK(is_judged(past->grounds, past->posts[0]));
  const Rule& rule = past->grounds.packs[0].rules[0];
  CHECK(finding_of(past->grounds, past->posts[0], rule, 0, noon));
}
