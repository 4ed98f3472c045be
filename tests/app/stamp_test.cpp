// Checkpoints of a whole day, stamped by an authority that sometimes does not answer.
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
  CHECK(asked == 6);

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
  CHECK(report.stamps.size() == 4);
  for (const StampFound& found : report.stamps) CHECK(found.verified);
  CHECK(
      print_report(report).back().starts_with("consistent; the authority saw the checkpoint of "));
}
