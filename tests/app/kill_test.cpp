// kill -9 at every transaction boundary of a short day. After each, a restart
// finishes the day: no finding is lost, no webhook forgotten, the log verifies.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/store/store.h"
#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 6min};

void set_scene(FeedWorld& world) {
  world.feeds[feed_url(0)] = {
      {"old", Instant{}}, {"breach-1", noon + 90s}, {"breach-2", noon + 200s}};
  world.feeds[feed_url(1)] = {{"breach-3", noon + 150s}};
}

// A webhook's id with its bytes, and with each finding that it names.
void note_told(const fs::path& folder, const std::string& id, const std::string& body) {
  std::ofstream(folder / "hooks", std::ios::app) << id << ' ' << print_hex(sha256(body)) << '\n';
  const auto data = nlohmann::json::parse(body)["data"];
  std::ofstream told(folder / "told", std::ios::app);
  if (data.contains("finding")) told << data["finding"].get<std::string>() << ' ' << id << '\n';
  if (!data.contains("findings")) return;
  for (const auto& one : data["findings"])
    told << one["finding"].get<std::string>() << ' ' << id << '\n';
}

// One life of the daemon, from `start` on; dies at commit `kill_at` (0: never).
// Received webhooks and the simulated time are files, so that they outlive it.
void live(const fs::path& folder, Instant start, std::uint64_t kill_at, bool paced) {
  SimClock clock(start);
  FeedWorld world(clock);
  set_scene(world);
  world.on_hook = [&](const HttpRequest& request) {
    for (const HttpHeader& header : request.headers) {
      if (header.name == "webhook-id") note_told(folder, header.value, request.body);
    }
    return 204;
  };
  DayOptions options;
  options.on_commit = [&](std::uint64_t commits) {
    std::ofstream(folder / "now") << ms_of(clock.now());
    if (commits == kill_at) kill(getpid(), SIGKILL);
  };
  Setup setup = small_campaign(folder.string(), 2, window);
  if (paced) {
    setup.config.sinks.front().group = {GroupBy::rule, 30s, 1min};
    setup.config.sinks.front().flood = FloodConfig{1, 1h};
  }
  const DayResult result = run_day(std::move(setup), clock, world, options);
  if (!result.failure.empty()) {
    std::ofstream(folder / "failure") << result.failure;
    _exit(2);
  }
}

// True when the life ended by itself.
bool fork_life(const fs::path& folder, Instant start, std::uint64_t kill_at, bool paced) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      live(folder, start, kill_at, paced);
      _exit(0);
    } catch (const std::exception& error) {
      std::ofstream(folder / "failure") << error.what();
      _exit(2);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::ifstream failure(folder / "failure");
  std::string text;
  std::getline(failure, text);
  INFO(text);
  CHECK(text.empty());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Instant time_of_death(const fs::path& folder) {
  std::ifstream in(folder / "now");
  std::int64_t ms = 0;
  in >> ms;
  return instant_of_ms(ms) + 5s;
}

struct Aftermath {
  std::set<std::string> findings;
  std::set<std::string> ids;                           // of the findings
  std::map<std::string, std::set<std::string>> hooks;  // id → bodies
  std::map<std::string, std::set<std::string>> told;   // finding → ids of its messages
};

Aftermath look_at(const fs::path& folder) {
  Aftermath after;
  auto store = open_sqlite((folder / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  const auto findings = (*store)->findings();
  REQUIRE(findings);
  for (const Finding& finding : *findings) {
    after.findings.insert(finding.post_id);
    after.ids.insert(finding.id);
  }
  std::ifstream hooks(folder / "hooks");
  for (std::string id, body; hooks >> id >> body;) after.hooks[id].insert(body);
  std::ifstream told(folder / "told");
  for (std::string finding, id; told >> finding >> id;) after.told[finding].insert(id);
  return after;
}

}  // namespace

namespace {

// Kills at every commit in turn, lives on, and hands what is left to `check`.
int kill_everywhere(bool paced, const std::function<void(const Aftermath&)>& check) {
  const fs::path root = fs::temp_directory_path() / ("pw-kill-" + std::to_string(getpid()));
  int lives = 0;
  for (std::uint64_t kill_at = 1;; ++kill_at, ++lives) {
    const fs::path folder = root / std::to_string(kill_at);
    fs::create_directories(folder);
    INFO("killed after commit " << kill_at);
    const bool finished = fork_life(folder, noon - 3min, kill_at, paced);
    if (!finished) REQUIRE(fork_life(folder, time_of_death(folder), 0, paced));
    const Aftermath after = look_at(folder);
    CHECK(after.findings == std::set<std::string>{"breach-1", "breach-2", "breach-3"});
    for (const auto& [id, bodies] : after.hooks) CHECK(bodies.size() == 1);
    check(after);
    CHECK(verify_folder((folder / "log").string()).empty());
    fs::remove_all(folder);
    if (finished) break;
  }
  fs::remove_all(root);
  return lives;
}

}  // namespace

TEST_CASE("a kill at any transaction boundary loses no finding and no webhook") {
  const int lives = kill_everywhere(
      /*paced=*/false, [](const Aftermath& after) { CHECK(after.hooks.size() == 3); });
  CHECK(lives > 20);
}

TEST_CASE("nor does it where findings wait to be told together, and none is told in two") {
  const int lives = kill_everywhere(/*paced=*/true, [](const Aftermath& after) {
    CHECK(after.told.size() == 3);
    for (const std::string& finding : after.ids) CHECK(after.told.count(finding) == 1);
    for (const auto& [finding, messages] : after.told) CHECK(messages.size() == 1);
    CHECK(after.hooks.size() <= after.told.size());
  });
  CHECK(lives > 20);
}
