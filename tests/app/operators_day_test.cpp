// What operators are told of their daemon, through a whole day: each trouble arrives
// at their own sink, once when it begins and once when it is over.
#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "connectors/registry.h"
#include "daemon/rehearsal/world.h"
#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 60min};
const std::string organisers = "https://hooks.example/finding";
const std::string operators = "https://ops.example/hook";

struct OperatorsDay {
  explicit OperatorsDay(int feeds = 2) : accounts(feeds), clock(noon - 3min), world(clock) {
    folder = fs::temp_directory_path() / ("pw-operators-" + std::to_string(getpid()));
    fs::remove_all(folder);
    for (int i = 0; i < accounts; ++i) world.feeds[feed_url(i)] = {{"old", Instant{}}};
    world.on_hook = [this](const HttpRequest& request) {
      if (request.url != operators) return answer;
      const auto body = nlohmann::json::parse(request.body);
      CHECK(body["type"] == "pledgewatch.operators");
      const bool over = body["data"]["over"];
      told.push_back((over ? "over: " : "") + body["data"]["key"].get<std::string>());
      titles.push_back(body["data"]["title"]);
      return 204;
    };
  }
  ~OperatorsDay() { fs::remove_all(folder); }

  Setup campaign() const {
    Setup setup = small_campaign(folder.string(), accounts, window);
    SinkConfig ops = setup.config.sinks.front();
    ops.name = "ops";
    ops.url.value = operators;
    ops.operators = true;
    setup.config.sinks.push_back(ops);
    setup.sink_conditions.emplace_back();
    return setup;
  }

  int times(const std::string& key) const {
    return static_cast<int>(std::count(told.begin(), told.end(), key));
  }

  int accounts;
  SimClock clock;
  FeedWorld world;
  fs::path folder;
  int answer = 204;  // of the organisers' sink
  std::vector<std::string> told;
  std::vector<std::string> titles;  // beside `told`
};

// Feeds answer nothing from `from` to `to`.
void go_dark(OperatorsDay& day, Instant from, Instant to) {
  day.world.on_fetch = [&day, from, to](const HttpRequest& request) -> std::optional<Error> {
    const Instant now = day.clock.now();
    if (request.method == "POST" || now < from || now >= to) return std::nullopt;
    return Error{Errc::transient, "no answer"};
  };
}

}  // namespace

TEST_CASE("a quiet day tells operators of the start, and a restart of another") {
  OperatorsDay day;
  DayOptions options;
  options.end = noon + 30min;
  CHECK(run_day(day.campaign(), day.clock, day.world, options).failure.empty());
  CHECK(day.told == std::vector<std::string>{"start"});
  CHECK(run_day(day.campaign(), day.clock, day.world).failure.empty());
  CHECK(day.times("start") == 2);
}

TEST_CASE("a blind connector is told once, and its gaps only when it sees again") {
  OperatorsDay day;
  go_dark(day, noon + 10min, noon + 25min);
  DayOptions options;
  std::vector<std::string> while_blind;
  options.at = {{noon + 24min, [&](Daemon&) { while_blind = day.told; }}};
  CHECK(run_day(day.campaign(), day.clock, day.world, options).failure.empty());
  CHECK(while_blind == std::vector<std::string>{"start", "blind feed"});
  CHECK(day.times("blind feed") == 1);
  CHECK(day.times("over: blind feed") == 1);
  // Fifteen minutes without a look are longer than was promised.
  CHECK(day.times("gap feed") == 1);
  CHECK(day.times("over: gap feed") == 1);
}

TEST_CASE("one account that cannot be seen is told by name, once, and when it is seen again") {
  OperatorsDay day(4);
  day.world.on_fetch = [&day](const HttpRequest& request) -> std::optional<Error> {
    const Instant now = day.clock.now();
    if (request.url != feed_url(1) || now < noon + 10min || now >= noon + 25min)
      return std::nullopt;
    return Error{Errc::transient, "no answer"};
  };
  CHECK(run_day(day.campaign(), day.clock, day.world).failure.empty());
  CHECK(day.told == std::vector<std::string>{"start", "gap feed", "over: gap feed"});
  CHECK(day.titles[1].find("1 account has a gap longer than promised: feed:" + feed_url(1)) !=
        std::string::npos);
}

TEST_CASE("a clock that is set, and a disk that runs full and is emptied") {
  OperatorsDay day;
  std::uint64_t free = 10'000'000'000;
  DayOptions options;
  options.disk_free = [&](const std::string&) { return free; };
  options.at = {{noon + 10min, [&](Daemon&) { day.clock.step(-90s); }},
                {noon + 20min, [&](Daemon&) { free = 100'000'000; }},
                {noon + 30min, [&](Daemon&) { free = 10'000'000'000; }}};
  run_day(day.campaign(), day.clock, day.world, options);
  CHECK(day.times("clock") == 1);
  CHECK(day.times("disk") == 1);
  CHECK(day.times("over: disk") == 1);
}

TEST_CASE("a sink that takes nothing for long, and one that wants nothing any more") {
  OperatorsDay day;
  day.answer = 500;
  day.world.feeds[feed_url(0)] = {{"old", Instant{}}, {"breach", noon + 90s}};
  DayOptions options;
  options.at = {{noon + 40min, [&](Daemon&) { day.answer = 204; }}};
  CHECK(run_day(day.campaign(), day.clock, day.world, options).failure.empty());
  CHECK(day.times("failing organisers") == 1);
  CHECK(day.times("sink organisers") == 0);

  OperatorsDay other;
  other.answer = 410;
  other.world.feeds[feed_url(0)] = {{"old", Instant{}}, {"breach", noon + 90s}};
  CHECK(run_day(other.campaign(), other.clock, other.world).failure.empty());
  CHECK(other.times("sink organisers") == 1);
}

TEST_CASE("a credential that is about to end is told before it does") {
  OperatorsDay day;
  Setup setup = day.campaign();
  CredentialConfig credential;
  credential.label = "a";
  credential.expires = noon + 20min;
  setup.config.connectors.at("feed").credentials.push_back(credential);
  CHECK(run_day(std::move(setup), day.clock, day.world).failure.empty());
  CHECK(day.times("lapses feed a") == 1);
  CHECK(day.times("lapsed feed a") == 1);
}

TEST_CASE("a platform that says when its token ends is asked once a day, and operators are told") {
  OperatorsDay day;
  const std::string token = "canary-token-of-instagram-a";
  Population population;
  SimCredential known{"a", "app", "17841400000000001", token};
  known.expires = noon + 20min;
  population.credentials = {known};
  const SimWorld platform(population);
  RequestCounts counts;
  int asked = 0;
  day.world.on_get = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.find("graph.facebook.com") == std::string::npos) return std::nullopt;
    ++asked;
    return platform.answer(request, day.clock.now(), counts).response;
  };
  const auto campaign = [&] {
    Setup setup = day.campaign();
    ConnectorConfig instagram;
    instagram.name = "instagram";
    CredentialConfig credential;
    credential.label = "a";
    credential.token = Secret{"a", token};
    instagram.credentials.push_back(credential);
    setup.config.connectors.emplace("instagram", instagram);
    setup.connectors.emplace("instagram", make_connector("instagram", {}));
    return setup;
  };
  DayOptions options;
  options.end = noon + 10min;
  const DayResult first = run_day(campaign(), day.clock, day.world, options);
  CHECK(first.failure.empty());
  // It ends before the second sweep: told at once.
  CHECK(day.told == std::vector<std::string>{"start", "lapses instagram a"});
  CHECK(day.titles.back() ==
        "the credential instagram a ends at 2020-09-16T12:20:00.000Z: renew it");
  CHECK(asked == 1);
  for (const std::string& line : first.log) CHECK(line.find(token) == std::string::npos);

  // What was recorded holds where the platform does not answer.
  day.world.on_fetch = [](const HttpRequest& request) -> std::optional<Error> {
    if (request.url.find("graph.facebook.com") == std::string::npos) return std::nullopt;
    return Error{Errc::transient, "no answer from " + request.url};
  };
  const DayResult second = run_day(campaign(), day.clock, day.world);
  CHECK(second.failure.empty());
  CHECK(day.times("lapses instagram a") == 2);
  CHECK(day.times("lapsed instagram a") == 1);
  for (const std::string& line : second.log) CHECK(line.find(token) == std::string::npos);
}
