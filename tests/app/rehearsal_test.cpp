// Rehearsals: the whole daemon through seeded days with faults at every boundary
// of the network, the receivers and the disk, and what must hold on each of them.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/app/rehearsal.h"
#include "tests/app/support/failing_disk.h"

using namespace pw;
using pw::test::FailingDisk;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view campaign_text = R"(campaign:
  name: rehearsed
  window: { start: 2026-09-16T12:00, end: 2026-09-16T15:00, zone: UTC }
  default_zone: UTC
  surfaces: [post, reel, story, repost]
  sweep: 15m
  sweep_again: 4h
  closes: 6h
  statement: { allowed: 1, matches: 'post.text.contains("#SilentDay")' }
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  instagram:
    credentials:
      - { label: ig-a, app: app-a, user_id: "17841400000000001", token: { file: token-a }, budget: 200/h }
      - { label: ig-b, app: app-b, user_id: "17841400000000002", token: { file: token-b }, budget: 200/h }
  mastodon: { interval: 1m, interval_floor: 30s }
  bluesky: { interval: 1m, interval_floor: 30s }
  feed: { interval: 1m, interval_floor: 30s }
sinks:
  - { name: organisers, type: webhook, url: "https://example.org/hook", secret: { file: hook } }
  - { name: deputies, type: webhook, url: "https://example.net/hook", secret: { file: hook } }
store: state
)";

std::string roster_text(int of_each) {
  std::string text = "actor,platform,handle,zone,status\n";
  const auto add = [&](int i, const std::string& platform, const std::string& handle) {
    text += "Actor " + platform + std::to_string(i) + ',' + platform + ',' + handle +
            ",UTC,confirmed\n";
  };
  for (int i = 0; i < of_each; ++i) {
    const std::string n = std::to_string(i);
    add(i, "instagram", "person." + n);
    add(i, "mastodon", "person" + n + "@home" + std::to_string(i % 3) + ".example");
    add(i, "bluesky", "person" + n + ".bsky.example");
    add(i, "feed", "https://site" + n + ".example/feed.xml");
  }
  return text;
}

// Every platform that is simulated and was not above, and two that are not. TikTok,
// Facebook and the Ad Library lag by days, which are hours here.
constexpr std::string_view wide_campaign_text = R"(campaign:
  name: wide
  window: { start: 2026-09-16T00:00, end: 2026-09-17T00:00, zone: UTC }
  default_zone: UTC
  surfaces: [post, reel, repost]
  closes: 24h
  sweep: 7h
  sweep_again: 14h
  statement: { allowed: 1, matches: 'post.text.contains("#SilentDay")' }
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  youtube: { interval: 20m, credentials: [ { token: { file: token-a }, budget: 9000/d } ] }
  x: { interval: 20m, attest: "I hold their written approval of 3 March", credentials: [ { token: { file: token-a }, budget: 3000/m } ] }
  reddit: { interval: 20m, attest: "I hold their written approval of 3 March", credentials: [ { token: { file: token-a }, budget: 60/m } ] }
  tiktok: { lag: 6h, attest: "I hold their written approval of 3 March", credentials: [ { token: { file: token-a }, budget: 900/d } ] }
  tumblr: { interval: 20m, credentials: [ { token: { file: token-a }, budget: 900/h } ] }
  threads: { credentials: [ { token: { file: token-a }, budget: 900/d } ] }
  facebook: { lag: 3h, credentials: [ { token: { file: token-a }, budget: 150/h } ] }
  telegram: { interval: 20m, credentials: [ { token: { file: token-b }, budget: 20/s } ] }
  facebook_ads: { lag: 6h, credentials: [ { token: { file: token-a }, budget: 150/h } ] }
  lemmy: { definition: lemmy.yaml }
  activitypub: {}
sinks:
  - { name: organisers, type: webhook, url: "https://example.org/hook", secret: { file: hook } }
  - { name: deputies, type: webhook, url: "https://example.net/hook", secret: { file: hook } }
store: state
log: { signer: /nowhere/signer.sock, stamp: "https://tsa.example.org/" }
heartbeat: { url: "https://beats.example.org/", every: 1m }
)";
constexpr std::array<std::string_view, 9> wide_platforms = {"youtube",  "x",        "reddit",
                                                            "tiktok",   "tumblr",   "threads",
                                                            "facebook", "telegram", "facebook_ads"};

std::string wide_handle(std::string_view platform, int i) {
  const std::string n = std::to_string(i);
  if (platform == "facebook_ads") return "1002003004005" + std::to_string(10 + i);
  if (platform == "tumblr") return "person-" + n;
  return (platform == "facebook" ? "person." : "person_") + n;
}

std::string wide_roster_text() {
  std::string text = "actor,platform,handle,zone,status,scope\n";
  for (const std::string_view platform : wide_platforms) {
    for (int i = 0; i < 12; ++i) {
      text += "Actor " + std::string(platform) + std::to_string(i) + ',' + std::string(platform) +
              ',' + wide_handle(platform, i) + ",UTC,confirmed," +
              (platform == "facebook_ads" ? "ad" : "") + '\n';
    }
  }
  text += "Bea,lemmy,bea@lemmy.example,UTC,confirmed,\n";
  text += "Cem,lemmy,cem@lemmy.example,UTC,confirmed,\n";
  return text + "Dan,activitypub,dan@pub.example,UTC,confirmed,\n";
}

class Scene {
 public:
  explicit Scene(int of_each) : Scene(campaign_text, roster_text(of_each)) {}
  Scene(std::string_view campaign, const std::string& roster)
      : path_(fs::temp_directory_path() / ("pw-rehearsal-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    write("campaign.yaml", std::string(campaign));
    write("roster.csv", roster);
    write("token-a", "EAArehearsal-token-a\n");
    write("token-b", "EAArehearsal-token-b\n");
    write("hook", "whsec_cmVoZWFyc2FsLXJlaGVhcnNhbC1yZWhlYXJzYWw=\n");
    fs::copy_file("rules/packs/freeze.yaml", path_ / "freeze.yaml");
    fs::copy_file("connectors/custom/lemmy.yaml", path_ / "lemmy.yaml");
  }
  ~Scene() { fs::remove_all(path_); }

  std::optional<Setup> setup() const {
    Issues issues;
    std::optional<Setup> setup = load_setup((path_ / "campaign.yaml").string(), issues);
    for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
    return setup;
  }

  RehearsalFacts play(std::uint64_t seed, std::function<void(const std::string&)> journal = {},
                      FailingDisk* disk = nullptr, Millis clock_step = rehearsed_clock_step) const {
    std::optional<Setup> first = setup();
    REQUIRE(first);
    const fs::path folder = stage_folder() / ("pw-day-" + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
    RehearsalOptions options{
        .folder = folder.string(), .seed = seed, .journal = std::move(journal)};
    options.clock_step = clock_step;
    if (disk != nullptr) {
      options.events = disk->events();
      options.disk = [disk](std::unique_ptr<Folder> real) { return disk->wrap(std::move(real)); };
      options.read_again = [this] { return setup(); };
    }
    const Result<RehearsalFacts> facts = rehearse(*std::move(first), options);
    fs::remove_all(folder);
    if (!facts) FAIL(facts.error().detail);
    return *facts;
  }

 private:
  static fs::path stage_folder() {
    return fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
  }
  void write(const char* name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  fs::path path_;
};

// Everything that must hold on any day, whatever was thrown at it.
void check_day(const Scene& scene, std::uint64_t seed) {
  FailingDisk disk(seed);
  INFO("replay: DAY_SEED=" << seed << " build/dev/test_days");
  const RehearsalFacts facts = scene.play(seed, {}, &disk);
  INFO(disk.story() << facts.restarts << " restarts");
  std::string faults;
  for (const ClaimedFinding& one : facts.missed)
    faults += "missed " + one.handle + ' ' + one.post_id + '\n';
  for (const ClaimedFinding& one : facts.wrong)
    faults += "false " + one.handle + ' ' + one.post_id + '\n';
  for (const std::string& one : facts.contradicted) faults += one + '\n';
  CHECK(faults == "");
  CHECK(facts.daemon_fault == "");
  CHECK(facts.planned > 0);
  CHECK(facts.log_fault == "");
  CHECK(facts.deliveries_lost == 0);
  CHECK(facts.deliveries == 2 * facts.findings);
  // Only what was on its way to one of the two sinks when the disk ended the daemon.
  CHECK(facts.repeated <= 2 * facts.restarts);
  CHECK(disk.struck() > 0);
  CHECK(facts.restarts > 0);
}

std::uint64_t number_in(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

// DAYS: how many, from DAY_FIRST on; DAY_SEED: one alone.
TEST_CASE("no seed of a day misses, invents, overclaims, loses an alert or damages the log") {
  const Scene scene(21);
  if (const std::uint64_t one = number_in("DAY_SEED", 0); one != 0) return check_day(scene, one);
  const std::uint64_t first = number_in("DAY_FIRST", 1);
  const std::uint64_t end = first + number_in("DAYS", 5);
  for (std::uint64_t seed = first; seed < end; ++seed) check_day(scene, seed);
}

TEST_CASE(
    "a clock that is an hour wrong for ten minutes invents nothing, overclaims nothing and says "
    "so") {
  const Scene scene(21);
  for (const Millis step : {Millis(std::chrono::hours(1)), Millis(-std::chrono::hours(1))}) {
    INFO("stepped by " << step.count() << " ms");
    int told = 0;
    const RehearsalFacts facts = scene.play(
        3, [&](const std::string& line) { told += line.find("clock") != std::string::npos; },
        nullptr, step);
    CHECK(facts.missed.empty());
    CHECK(facts.wrong.empty());
    CHECK(facts.contradicted.empty());
    CHECK(facts.daemon_fault == "");
    CHECK(facts.log_fault == "");
    CHECK(facts.deliveries == 2 * facts.findings);
    CHECK(facts.repeated == 0);
    CHECK(told > 0);
  }
}

TEST_CASE("a window in a local zone is the same day as in UTC") {
  std::string local(campaign_text);
  const std::string in_utc = "start: 2026-09-16T12:00, end: 2026-09-16T15:00, zone: UTC";
  local.replace(local.find(in_utc), in_utc.size(),
                "start: 2026-09-16T17:45, end: 2026-09-16T20:45, zone: Asia/Kathmandu");
  std::vector<RehearsalFacts> days;
  for (const std::string_view text : {campaign_text, std::string_view(local)})
    days.push_back(Scene(text, roster_text(9)).play(11));
  for (const RehearsalFacts& facts : days) {
    CHECK(facts.missed.empty());
    CHECK(facts.wrong.empty());
    CHECK(facts.contradicted.empty());
    CHECK(facts.log_fault == "");
  }
  CHECK(days[0].planned > 0);
  CHECK(days[1].planned == days[0].planned);
  CHECK(days[1].findings == days[0].findings);
}

TEST_CASE("the same seed is the same day to the last byte") {
  const Scene scene(21);
  std::string first;
  std::string second;
  const RehearsalFacts once = scene.play(7, [&](const std::string& line) { first += line + '\n'; });
  const RehearsalFacts again =
      scene.play(7, [&](const std::string& line) { second += line + '\n'; });
  CHECK(first == second);
  CHECK(first.size() > 1000);
  CHECK(print_readiness_json(once) == print_readiness_json(again));
}

// WIDE_SEED: another than the first.
TEST_CASE("every platform that is simulated is rehearsed, and who is not is named") {
  const Scene scene(wide_campaign_text, wide_roster_text());
  const char* const journal = std::getenv("WIDE_JOURNAL");
  std::ofstream lines(journal == nullptr ? "/dev/null" : journal);
  std::string outside;   // what leaves the stage
  std::string too_soon;  // told of a gap before anything failed
  const RehearsalFacts facts = scene.play(number_in("WIDE_SEED", 1), [&](const std::string& line) {
    lines << line << '\n';
    for (const char* word : {"stamp", "heartbeat", "signer"}) {
      if (line.find(word) != std::string::npos) outside += line + '\n';
    }
    const bool early = line < "2026-09-16T04:30";
    if (early && line.find("gap longer than promised") != std::string::npos)
      too_soon += line + '\n';
  });
  CHECK(outside == "");
  CHECK(too_soon == "");
  std::string faults;
  for (const ClaimedFinding& one : facts.missed)
    faults += "missed " + one.platform + ':' + one.handle + ' ' + one.post_id + '\n';
  for (const ClaimedFinding& one : facts.wrong)
    faults += "false " + one.platform + ':' + one.handle + ' ' + one.post_id + '\n';
  for (const std::string& one : facts.contradicted) faults += one + '\n';
  CHECK(faults == "");
  CHECK(facts.daemon_fault == "");
  CHECK(facts.log_fault == "");
  CHECK(facts.deliveries == 2 * facts.findings);
  CHECK(facts.repeated == 0);
  CHECK(facts.accounts == 12 * static_cast<int>(wide_platforms.size()));
  // On each of them something was found.
  for (const std::string_view platform : wide_platforms) {
    INFO(platform);
    CHECK(std::any_of(facts.detections.begin(), facts.detections.end(), [&](const Detection& one) {
      return one.account.starts_with(std::string(platform) + ':');
    }));
  }
  std::string left_out;
  for (const LeftOut& one : facts.left_out) left_out += one.account + ": " + one.why + '\n';
  CHECK(left_out ==
        "lemmy:bea@lemmy.example: a platform of your own definition is not simulated\n"
        "lemmy:cem@lemmy.example: a platform of your own definition is not simulated\n"
        "activitypub:dan@pub.example: that platform is not simulated\n");
  std::string readiness;
  for (const std::string& line : print_readiness(facts)) readiness += line + '\n';
  CHECK(readiness.find("not rehearsed: 3 accounts, named below") != std::string::npos);
  CHECK(readiness.find("2 accounts could not be rehearsed, a platform of your own definition is "
                       "not simulated: lemmy:bea@lemmy.example, lemmy:cem@lemmy.example") !=
        std::string::npos);
}

TEST_CASE("a rehearsal whose daemon missed something is not ready, and says what") {
  RehearsalFacts facts;
  facts.campaign = "freeze";
  facts.sinks = 2;
  CHECK(obstacles(facts).empty());
  CHECK(print_readiness(facts).back() == "READY");
  facts.missed.push_back({"feed", "https://a.example/feed", "1", "rule"});
  facts.contradicted.push_back("feed:b kept, and yet 2");
  facts.sinks = 0;
  const std::vector<std::string> worst = obstacles(facts);
  REQUIRE(worst.size() == 3);
  CHECK(worst[0] == "a verdict claims more than was true: feed:b kept, and yet 2");
  CHECK(worst[1] ==
        "1 planned breach was not flagged: do the rules cover what the pledge covers? first: "
        "feed:https://a.example/feed 1");
  CHECK(worst[2] == "no sink is configured: nobody would be told (sinks:)");
}
