// Whole days whose findings come in waves: told together, limited, reminded of; a
// restart in between loses none and tells none twice.
#include <filesystem>
#include <set>

#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 30min};

struct Told {
  Instant at;
  std::string id;
  json body;
};

struct WaveDay {
  explicit WaveDay(int posts) : clock(noon - 3min), world(clock) {
    folder = fs::temp_directory_path() / ("pw-pace-" + std::to_string(getpid()));
    fs::remove_all(folder);
    for (int i = 0; i < posts; ++i)
      world.feeds[feed_url(i)] = {{"old", Instant{}}, {"breach", noon + 90s}};
    accounts = posts;
    world.on_hook = [this](const HttpRequest& request) {
      std::string id;
      for (const HttpHeader& header : request.headers) {
        if (header.name == "webhook-id") id = header.value;
      }
      told.push_back({clock.now(), id, json::parse(request.body)});
      return 204;
    };
  }
  ~WaveDay() { fs::remove_all(folder); }

  Setup campaign(const std::function<void(SinkConfig&)>& pace) const {
    Setup setup = small_campaign(folder.string(), accounts, window);
    pace(setup.config.sinks.front());
    setup.config.reviewers.push_back({"ana"});
    return setup;
  }

  // The ids of all findings that were told, with how often.
  std::map<std::string, int> findings() const {
    std::map<std::string, int> all;
    for (const Told& message : told) {
      const json& data = message.body["data"];
      if (message.body["type"] == "pledgewatch.finding") ++all[data["finding"]];
      if (message.body["type"] != "pledgewatch.findings") continue;
      for (const json& one : data["findings"]) ++all[one["finding"]];
      for (const json& one : data["also"]) ++all[one];
    }
    return all;
  }

  std::string types() const {
    std::string text;
    for (const Told& message : told) {
      const json& data = message.body["data"];
      text += (text.empty() ? "" : ", ") + message.body["type"].get<std::string>().substr(12);
      if (message.body["type"] == "pledgewatch.findings")
        text += ' ' + data["reason"].get<std::string>() + ' ' + data["count"].dump();
      if (message.body["type"] == "pledgewatch.summary")
        text += ' ' + data["kind"].get<std::string>();
    }
    return text;
  }

  SimClock clock;
  FeedWorld world;
  fs::path folder;
  int accounts = 0;
  std::vector<Told> told;
};

const auto grouped = [](SinkConfig& sink) { sink.group = {GroupBy::rule, 2min, 5min}; };

}  // namespace

TEST_CASE("a wave is one message that names every finding") {
  WaveDay day(5);
  const DayResult result = run_day(day.campaign(grouped), day.clock, day.world);
  CHECK(result.failure.empty());
  CHECK(day.types() == "findings group 5");
  CHECK(day.findings().size() == 5);
  // The log knows the delivery; verify has nothing to say.
  CHECK(verify_folder((day.folder / "log").string()).empty());
}

TEST_CASE("one finding alone is told as ever, and actors do not share a message") {
  WaveDay day(3);
  const DayResult result = run_day(day.campaign([](SinkConfig& sink) {
    sink.group = {GroupBy::actor, 30s, 5min};
  }),
                                   day.clock, day.world);
  CHECK(result.failure.empty());
  CHECK(day.types() == "finding, finding, finding");
  CHECK(day.findings().size() == 3);
}

TEST_CASE("a restart while findings wait loses none and tells none twice") {
  WaveDay day(5);
  DayOptions options;
  options.end = noon + 3min;
  const DayResult first = run_day(day.campaign(grouped), day.clock, day.world, options);
  CHECK(first.failure.empty());
  CHECK(day.told.empty());
  const DayResult second = run_day(day.campaign(grouped), day.clock, day.world);
  CHECK(second.failure.empty());
  CHECK(day.findings().size() == 5);
  for (const auto& [finding, times] : day.findings()) CHECK(times == 1);
  CHECK(day.types() == "findings group 5");
}

TEST_CASE("what an earlier configuration held is told when the file holds nothing any more") {
  WaveDay day(2);
  DayOptions options;
  options.end = noon + 3min;
  run_day(day.campaign(grouped), day.clock, day.world, options);
  const DayResult second = run_day(day.campaign([](SinkConfig&) {}), day.clock, day.world);
  CHECK(second.failure.empty());
  CHECK(day.findings().size() == 2);
}

TEST_CASE("a flood is so many messages and one that counts the rest") {
  WaveDay day(12);
  const DayResult result = run_day(day.campaign([](SinkConfig& sink) {
    sink.flood = FloodConfig{3, 1h};
  }),
                                   day.clock, day.world);
  CHECK(result.failure.empty());
  CHECK(day.types() == "finding, finding, finding, findings over_limit 9");
  CHECK(day.findings().size() == 12);
}

TEST_CASE("the limit holds over a restart") {
  WaveDay day(12);
  const auto limited = [](SinkConfig& sink) { sink.flood = FloodConfig{3, 1h}; };
  DayOptions options;
  options.end = noon + 150s;
  run_day(day.campaign(limited), day.clock, day.world, options);
  run_day(day.campaign(limited), day.clock, day.world);
  int alone = 0;
  for (const Told& message : day.told) alone += message.body["type"] == "pledgewatch.finding";
  CHECK(alone == 3);
  CHECK(day.findings().size() == 12);
  for (const auto& [finding, times] : day.findings()) CHECK(times == 1);
}

TEST_CASE("what is lifted while it waits is not told; what is paused is kept for the record") {
  WaveDay day(3);
  DayOptions options;
  options.at = {{noon + 3min,
                 [](Daemon& daemon) {
                   const auto findings = daemon.findings({});
                   REQUIRE(findings);
                   REQUIRE(findings->size() == 3);
                   ReviewRequest request{findings->front().finding.id, "ana"};
                   request.decision = FindingState::dismissed;
                   request.text = "a test post";
                   REQUIRE(daemon.review(request));
                   REQUIRE(daemon.command_campaign("pause", "ana", "talks"));
                 }},
                {noon + 10min, [](Daemon& daemon) {
                   const auto deliveries = daemon.deliveries({});
                   REQUIRE(deliveries);
                   REQUIRE(deliveries->size() == 1);
                   CHECK(deliveries->front().state == DeliveryState::withheld);
                   CHECK(deliveries->front().row.also.size() == 1);
                 }}};
  Setup setup = day.campaign(grouped);
  setup.config.publish_needs = 1;
  const DayResult result = run_day(std::move(setup), day.clock, day.world, options);
  CHECK(result.failure.empty());
  CHECK(day.told.empty());
}

TEST_CASE("a silence made while a group waits holds its finding back, one that ends lets it go") {
  for (const bool ends : {false, true}) {
    WaveDay day(3);
    DayOptions options;
    options.at = {{noon + 3min,
                   [](Daemon& daemon) {
                     REQUIRE(daemon.findings({})->size() == 3);
                     REQUIRE(daemon.add_silence(
                         {"ana", "they told us", "finding.actor == 'Actor 0'", noon + 1h}));
                   }},
                  {noon + 200s,
                   [ends](Daemon& daemon) {
                     if (ends) REQUIRE(daemon.end_silence("s1", "ana"));
                   }},
                  {noon + 10min, [ends](Daemon& daemon) {
                     const auto deliveries = daemon.deliveries({});
                     REQUIRE(deliveries);
                     REQUIRE(deliveries->size() == (ends ? 1 : 2));
                     if (ends) return;
                     CHECK(deliveries->front().state == DeliveryState::withheld);
                     CHECK(deliveries->front().row.withheld == "silenced by s1");
                   }}};
    const DayResult result = run_day(day.campaign(grouped), day.clock, day.world, options);
    CHECK(result.failure.empty());
    CHECK(day.types() == (ends ? "findings group 3" : "findings group 2"));
  }
}

TEST_CASE("what nobody reviews is named again until somebody does") {
  WaveDay day(2);
  DayOptions options;
  options.at = {{noon + 26min, [](Daemon& daemon) {
                   const auto findings = daemon.findings({});
                   for (const FindingView& view : *findings) {
                     ReviewRequest request{view.finding.id, "ana"};
                     request.decision = FindingState::confirmed;
                     request.text = "seen";
                     REQUIRE(daemon.review(request));
                   }
                 }}};
  Setup setup = day.campaign([](SinkConfig& sink) { sink.repeat = 10min; });
  setup.config.publish_needs = 1;
  const DayResult result = run_day(std::move(setup), day.clock, day.world, options);
  CHECK(result.failure.empty());
  CHECK(day.types() == "finding, finding, findings reminder 2, findings reminder 2");
  const auto again = day.told[3].at - day.told[2].at;
  CHECK(again >= 10min);
}

TEST_CASE("shadow rules tell nobody, however sinks are paced") {
  for (const bool paced : {true, false}) {
    WaveDay day(3);
    Setup setup = day.campaign(paced ? grouped : [](SinkConfig& sink) { sink.flood.reset(); });
    for (RulePack& pack : setup.packs) {
      for (Rule& rule : pack.rules) rule.mode = Mode::shadow;
    }
    DayOptions options;
    options.at = {{noon + 20min, [](Daemon& daemon) { CHECK(daemon.findings({})->size() == 3); }}};
    const DayResult result = run_day(std::move(setup), day.clock, day.world, options);
    CHECK(result.failure.empty());
    CHECK(day.told.empty());
  }
}

TEST_CASE("a quiet channel is known to be alive: opening, each hour, closing") {
  WaveDay day(2);
  day.world.feeds[feed_url(0)] = {{"old", Instant{}}};
  const auto long_day = [&] {
    Setup setup = day.campaign([](SinkConfig& sink) { sink.summaries = {true, true, true}; });
    const Interval long_window{noon, noon + 150min};
    for (Pledge& pledge : setup.roster.pledges)
      pledge.windows = {{long_window, long_window, long_window, "UTC", false, Millis{0}}};
    setup.plan = plan_campaign(setup.config, setup.roster, setup.connectors);
    return setup;
  };
  DayOptions options;
  options.end = noon + 90min;  // and on from there
  CHECK(run_day(long_day(), day.clock, day.world, options).failure.empty());
  CHECK(run_day(long_day(), day.clock, day.world).failure.empty());
  CHECK(day.types() ==
        "summary opening, finding, summary hourly, summary hourly, summary closing, "
        "summary final");
  const json& closing = day.told[day.told.size() - 2].body["data"];
  CHECK(day.told.back().body["data"]["verdicts"]["judged"] == 2);
  CHECK(closing["verdicts"]["judged"] == 2);
  const json& actors = closing["verdicts"]["actors"];
  CHECK(actors["kept"].get<int>() + actors["broken"].get<int>() + actors["pending"].get<int>() +
            actors["unproven"].get<int>() ==
        2);
  CHECK(actors["pending"] == 1);
  CHECK(closing["findings"]["open"] == 1);
  CHECK(closing["verdicts"]["accounts"] == 2);
}
