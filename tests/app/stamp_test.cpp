// Checkpoints of a whole day, stamped by an authority that sometimes does not answer.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "daemon/ledger/stamp.h"
#include "daemon/ledger/verify.h"
#include "tests/app/support/day.h"
#include "tests/ledger/test_authority.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval hour{noon, noon + 1h};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a day's checkpoints are stamped, and verify believes the authority it was given") {
  const TempFolder folder;
  const TempFolder elsewhere;
  const TestAuthority authority(elsewhere.path());
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"old", Instant{}}};
  int asked = 0;
  world.on_hook = [&](const HttpRequest& request) {
    if (request.url != "https://tsa.example/") return 204;
    ++asked;
    return asked == 2 ? 503 : 200;
  };
  world.on_body = [&](const HttpRequest& request) {
    if (request.url != "https://tsa.example/" || asked == 2) return std::string();
    // A stale answer is none.
    return asked == 3 ? authority.reply(*stamp_query("x", "12345678"))
                      : authority.reply(request.body);
  };
  Setup setup = small_campaign(folder.path().string(), 1, hour);
  setup.config.log.stamp.emplace();
  setup.config.log.stamp->url = {"tsa", "https://tsa.example/"};
  setup.config.log.stamp->every = 20min;
  const DayResult result = run_day(std::move(setup), clock, world);
  CHECK(result.failure.empty());
  // Six times on the day, and once more at its end.
  CHECK(asked == 7);

  const std::string log = (folder.path() / "log").string();
  const auto opened = open_folder(log);
  REQUIRE(opened);
  const std::string vkey = read(log + "/log.vkey");
  const auto key = parse_vkey(vkey.substr(0, vkey.size() - 1));
  REQUIRE(key);
  Anchors anchors;
  anchors.tsa = authority.certificate();
  const VerifyReport report = verify(**opened, *key, anchors);
  for (const std::string& line : print_report(report)) UNSCOPED_INFO(line);
  CHECK(report.ok());
  REQUIRE(report.stamps.size() == 5);
  for (const StampFound& found : report.stamps) CHECK(found.verified);
  CHECK(report.stamps.back().size == report.checkpoint.size);
  CHECK(
      print_report(report).back().starts_with("consistent; the authority saw the checkpoint of "));
}

TEST_CASE("an authority that fails is told to the operators, and when it works again") {
  const TempFolder folder;
  const TempFolder elsewhere;
  const TestAuthority authority(elsewhere.path());
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"old", Instant{}}};
  std::vector<std::string> told;
  bool works = false;
  world.on_hook = [&](const HttpRequest& request) {
    if (request.url == "https://tsa.example/") return works ? 200 : 500;
    if (request.body.find("time stamp authority") != std::string::npos)
      told.push_back(request.body);
    return 204;
  };
  world.on_body = [&](const HttpRequest& request) {
    return request.url == "https://tsa.example/" && works ? authority.reply(request.body)
                                                          : std::string();
  };
  Setup setup = small_campaign(folder.path().string(), 1, hour);
  setup.config.log.stamp.emplace();
  setup.config.log.stamp->url = {"tsa", "https://tsa.example/"};
  setup.config.log.stamp->every = 20min;
  setup.config.sinks.front().operators = true;
  DayOptions options;
  options.at = {{noon + 15min, [&](Daemon&) { works = true; }},
                {noon + 55min, [&](Daemon&) { works = false; }}};
  options.end = noon + 58min;
  const DayResult result = run_day(std::move(setup), clock, world, options);
  CHECK(result.failure.empty());
  REQUIRE(told.size() == 2);
  CHECK(told[0].find("\"over\":false") != std::string::npos);
  CHECK(told[0].find("answered with 500") != std::string::npos);
  CHECK(told[1].find("\"over\":true") != std::string::npos);
  CHECK(std::count_if(result.log.begin(), result.log.end(), [](const std::string& line) {
          return line.find("the last checkpoint has no stamp") != std::string::npos;
        }) == 1);
}

TEST_CASE("an authority that never answers holds no stop up for longer than was said") {
  const TempFolder folder;
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  world.feeds[feed_url(0)] = {{"old", Instant{}}};
  world.hangs = "https://tsa.example/";
  Setup setup = small_campaign(folder.path().string(), 1, hour);
  setup.config.log.stamp.emplace();
  setup.config.log.stamp->url = {"tsa", "https://tsa.example/"};
  DayOptions options;
  options.end = noon + 10min;
  const DayResult result = run_day(std::move(setup), clock, world, options);
  CHECK(result.failure.empty());
  CHECK(std::count_if(result.log.begin(), result.log.end(), [](const std::string& line) {
          return line.find("the last checkpoint has no stamp: no answer within 3 s") !=
                 std::string::npos;
        }) == 1);
}
