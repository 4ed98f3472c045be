// Erasing one account's words while the day goes on, and after it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <catch2/catch.hpp>

#include "daemon/app/ledger_reading.h"
#include "daemon/ledger/verify.h"
#include "tests/app/support/day.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval hour{noon, noon + 1h};
const std::string word = "kumquat";  // only in what account 1 says

std::string bytes_below(const fs::path& folder) {
  std::string all;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    if (file.is_regular_file()) all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

std::size_t evidence_files(const TempFolder& folder) {
  const fs::path path = folder.path() / "state/evidence";
  if (!fs::exists(path)) return 0;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

void set_scene(FeedWorld& world) {
  world.feeds[feed_url(0)] = {{"old-a", Instant{}, Instant::max(), "an old " + word},
                              {"one", noon + 20min, Instant::max(), "a new " + word},
                              {"late", noon + 50min, Instant::max(), "plum"}};
  world.feeds[feed_url(1)] = {{"old-b", Instant{}}, {"two", noon + 21min, Instant::max(), "apple"}};
}

struct Told {
  std::vector<std::string> before;  // what was told to the hook until the erasure
  std::vector<std::string> after;
};

ReportInput report_of(const Setup& setup) {
  auto reading = read_ledger(setup.config);
  REQUIRE(reading);
  auto input = report_input(*std::move(reading));
  REQUIRE(input);
  return *std::move(input);
}

}  // namespace

TEST_CASE("erased words are in no file and stay out, and the log verifies and says so") {
  const TempFolder folder;
  const Setup setup = small_campaign(folder.path().string(), 2, hour);
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  set_scene(world);
  DayOptions options;
  std::size_t evidence_before = 0;
  options.at.emplace_back(noon + 40min, [&](Daemon& daemon) {
    CHECK(bytes_below(folder.path()).find(word) != std::string::npos);
    evidence_before = evidence_files(folder);
    CHECK_FALSE(daemon.erase({1, "", "she asked for it"}));
    CHECK_FALSE(daemon.erase({1, "ann", ""}));
    CHECK_FALSE(daemon.erase({99, "ann", "nobody"}));
    const auto erased = daemon.erase({1, "ann", "she asked for it"});
    REQUIRE(erased);
    CHECK(erased->posts == 2);
    CHECK(erased->files == 1);
    CHECK(bytes_below(folder.path()).find(word) == std::string::npos);
    const auto again = daemon.erase({1, "ann", "to be sure"});
    REQUIRE(again);
    CHECK(again->posts == 0);
    CHECK(again->files == 0);
  });
  const DayResult result =
      run_day(small_campaign(folder.path().string(), 2, hour), clock, world, options);
  CHECK(result.failure.empty());
  // The feed still has all of it, and was read for another half an hour.
  CHECK(bytes_below(folder.path()).find(word) == std::string::npos);
  CHECK(bytes_below(folder.path()).find("apple") != std::string::npos);
  CHECK(evidence_before == 2);
  CHECK(evidence_files(folder) == 1);

  const auto log = open_folder((folder.path() / "log").string());
  REQUIRE(log);
  const auto key = parse_vkey(report_of(setup).vkey);
  REQUIRE(key);
  const VerifyReport report = verify(**log, *key);
  CHECK(report.ok());
  REQUIRE(report.erased.size() == 2);
  CHECK(report.erased[0].account == 1);
  CHECK(report.erased[0].who == "ann");
  CHECK(report.erased[0].reason == sha256("she asked for it"));
  CHECK(report.erased[0].at >= noon + 40min);

  const ReportInput input = report_of(setup);
  const std::string html = print_html(input);
  CHECK(html.find(word) == std::string::npos);
  CHECK(html.find("content was erased") != std::string::npos);
  std::set<std::string> found;
  for (const FindingRow& row : input.findings)
    found.insert(row.finding.post_id + (row.erased ? " erased" : " " + row.text));
  // What came after the erasure is found as ever.
  CHECK(found == std::set<std::string>{"one erased", "two apple", "late plum"});
}

TEST_CASE("after a restart erased words still stay out") {
  const TempFolder folder;
  {
    SimClock clock(noon - 30min);
    FeedWorld world(clock);
    set_scene(world);
    DayOptions options;
    options.end = noon + 42min;
    options.at.emplace_back(noon + 40min, [&](Daemon& daemon) {
      REQUIRE(daemon.erase({1, "ann", "she asked for it"}));
    });
    const DayResult result =
        run_day(small_campaign(folder.path().string(), 2, hour), clock, world, options);
    CHECK(result.failure.empty());
  }
  SimClock clock(noon + 45min);
  FeedWorld world(clock);
  set_scene(world);
  // What was erased is edited, goes, and comes back.
  auto& posts = world.feeds[feed_url(0)];
  posts[1].text = word + " edited";
  posts[0].to = noon + 48min;
  posts.push_back({"old-a", noon + 55min, Instant::max(), word});
  const DayResult result = run_day(small_campaign(folder.path().string(), 2, hour), clock, world);
  CHECK(result.failure.empty());
  CHECK(bytes_below(folder.path()).find(word) == std::string::npos);
  CHECK(evidence_files(folder) == 1);
  CHECK(verify_folder((folder.path() / "log").string()).empty());
}
