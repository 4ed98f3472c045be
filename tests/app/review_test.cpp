// People decide while the daemon runs: nothing reaches the public sink before two of
// them confirm, a reversal is told to whoever had the finding, and a restart knows
// all of it.
#include <filesystem>
#include <map>

#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 6min};

struct Told {
  Instant at;
  std::string type;
  std::string id;
};

// A day with one breach, a public sink, and three people.
struct ReviewedDay {
  ReviewedDay() : clock(noon - 3min), world(clock) {
    folder = fs::temp_directory_path() / ("pw-review-" + std::to_string(getpid()));
    fs::remove_all(folder);
    world.feeds[feed_url(0)] = {{"old", Instant{}}, {"breach", noon + 90s}};
    world.on_hook = [this](const HttpRequest& request) {
      std::string id;
      for (const HttpHeader& header : request.headers) {
        if (header.name == "webhook-id") id = header.value;
      }
      const auto type = nlohmann::json::parse(request.body)["type"].get<std::string>();
      told[request.url].push_back({clock.now(), type, id});
      return 204;
    };
  }
  ~ReviewedDay() { fs::remove_all(folder); }

  Setup campaign() const {
    Setup setup = small_campaign(folder.string(), 1, window);
    SinkConfig press = setup.config.sinks.front();
    press.name = "press";
    press.url.value = "https://press.example/hook";
    press.is_public = true;
    setup.config.sinks.push_back(press);
    setup.sink_conditions.emplace_back();
    for (const char* name : {"ana", "ben", "cy"}) setup.config.reviewers.push_back({name});
    return setup;
  }

  // A step of a review at a time, of the day's only finding.
  std::pair<Instant, std::function<void(Daemon&)>> step(Millis after, std::string who,
                                                        FindingState decision) {
    return {noon + after, [this, who, decision](Daemon& daemon) {
              const auto findings = daemon.findings({});
              REQUIRE(findings);
              REQUIRE(findings->size() == 1);
              ReviewRequest request{findings->front().finding.id, who};
              request.decision = decision;
              request.text = "because";
              const auto outcome = daemon.review(request);
              states.push_back(outcome ? std::string(name_of(outcome->finding.state))
                                       : outcome.error().detail);
            }};
  }

  std::vector<std::string> types(const std::string& url) {
    std::vector<std::string> types;
    for (const Told& message : told[url]) types.push_back(message.type);
    return types;
  }

  SimClock clock;
  FeedWorld world;
  fs::path folder;
  std::map<std::string, std::vector<Told>> told;  // by URL
  std::vector<std::string> states;
};

const std::string organisers = "https://hooks.example/finding";
const std::string press = "https://press.example/hook";
using Types = std::vector<std::string>;

}  // namespace

TEST_CASE("the public hears of a finding once two people have confirmed it") {
  ReviewedDay day;
  DayOptions options;
  options.at = {day.step(4min, "ana", FindingState::confirmed),
                day.step(5min, "ana", FindingState::confirmed),
                day.step(6min, "mallory", FindingState::confirmed),
                day.step(7min, "ben", FindingState::confirmed)};
  const DayResult result = run_day(day.campaign(), day.clock, day.world, options);
  CHECK(result.failure.empty());
  CHECK(day.states ==
        std::vector<std::string>{"open", "open", "this name may not decide", "confirmed"});
  CHECK(day.types(organisers) == Types{"pledgewatch.finding"});
  REQUIRE(day.types(press) == Types{"pledgewatch.finding"});
  CHECK(day.told[press].front().at >= noon + 7min);
  CHECK(verify_folder((day.folder / "log").string()).empty());
}

TEST_CASE("a rule alone never reaches the public, whatever the day brings") {
  ReviewedDay day;
  const DayResult result = run_day(day.campaign(), day.clock, day.world);
  CHECK(result.failure.empty());
  CHECK(day.types(organisers) == Types{"pledgewatch.finding"});
  CHECK(day.types(press).empty());
}

TEST_CASE("a reversal is told to every sink that had the finding") {
  ReviewedDay day;
  DayOptions options;
  options.at = {day.step(4min, "ana", FindingState::confirmed),
                day.step(5min, "ben", FindingState::confirmed),
                day.step(7min, "cy", FindingState::dismissed)};
  const DayResult result = run_day(day.campaign(), day.clock, day.world, options);
  CHECK(result.failure.empty());
  CHECK(day.states == std::vector<std::string>{"open", "confirmed", "open"});
  CHECK(day.types(organisers) == Types{"pledgewatch.finding", "pledgewatch.correction"});
  CHECK(day.types(press) == Types{"pledgewatch.finding", "pledgewatch.correction"});
  CHECK(day.told[press][0].id != day.told[press][1].id);
}

TEST_CASE("what was not told yet is taken back instead") {
  ReviewedDay day;
  const auto answer = day.world.on_hook;
  day.world.on_hook = [&](const HttpRequest& request) {
    return request.url == press ? 500 : answer(request);
  };
  DayOptions options;
  options.at = {day.step(4min, "ana", FindingState::confirmed),
                day.step(5min, "ben", FindingState::confirmed),
                day.step(7min, "ben", FindingState::dismissed),
                {noon + 8min, [&](Daemon&) { day.world.on_hook = answer; }}};
  const DayResult result = run_day(day.campaign(), day.clock, day.world, options);
  CHECK(result.failure.empty());
  CHECK(day.types(press).empty());
}

TEST_CASE("a silence and a pause keep alerts back, and say so in the record") {
  for (const bool silence : {true, false}) {
    ReviewedDay day;
    DayOptions options;
    options.at = {
        {noon + 10s,
         [&](Daemon& daemon) {
           if (silence) {
             CHECK_FALSE(daemon.add_silence({"ana", "known", "finding.rule ==", noon + 2h}));
             CHECK(daemon.add_silence({"ana", "known", "finding.severity == 'breach'", noon + 2h}));
           } else {
             CHECK_FALSE(daemon.command_campaign("pause", "ana", ""));
             CHECK(daemon.command_campaign("pause", "ana", "talks"));
             CHECK_FALSE(daemon.command_campaign("pause", "ana", "talks"));
           }
         }},
        {noon + 5min, [&](Daemon& daemon) {
           const auto deliveries = daemon.deliveries({});
           REQUIRE(deliveries);
           REQUIRE(deliveries->size() == 1);
           CHECK(deliveries->front().state == DeliveryState::withheld);
           CHECK(deliveries->front().row.withheld ==
                 (silence ? "silenced by s1" : "the campaign is paused"));
           CHECK(daemon.findings({})->size() == 1);
         }}};
    const DayResult result = run_day(day.campaign(), day.clock, day.world, options);
    CHECK(result.failure.empty());
    CHECK(day.types(organisers).empty());
    CHECK(verify_folder((day.folder / "log").string()).empty());
  }
}

TEST_CASE("a post that is removed in time is excused by rule, and people may still decide") {
  for (const bool in_time : {true, false}) {
    ReviewedDay day;
    day.world.feeds[feed_url(0)] = {
        {"old", Instant{}}, {"older", Instant{}}, {"breach", noon + 90s, noon + 170s}};
    Setup setup = day.campaign();
    setup.config.amnesty = in_time ? Millis(8min) : Millis(30s);
    DayOptions options;
    options.at = {{noon + 14min, [&](Daemon& daemon) {
                     const auto findings = daemon.findings({});
                     REQUIRE(findings->size() == 1);
                     const FindingStanding& standing = findings->front().standing;
                     CHECK(standing.state ==
                           (in_time ? FindingState::excused : FindingState::open));
                     CHECK(standing.words.size() == (in_time ? 1 : 0));
                   }}};
    const DayResult result = run_day(std::move(setup), day.clock, day.world, options);
    CHECK(result.failure.empty());
    const Types corrected{"pledgewatch.finding", "pledgewatch.correction"};
    CHECK(day.types(organisers) == (in_time ? corrected : Types{"pledgewatch.finding"}));
    CHECK(day.types(press).empty());
  }
}
