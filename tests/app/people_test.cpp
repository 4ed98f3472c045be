// What people do goes through the running daemon's socket, and, while none runs, to
// the store: the same answers either way, and everybody known as who they are.
#include <csignal>

#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/people_desk.h"
#include "daemon/app/setup.h"
#include "daemon/store/store.h"
#include "tests/app/support/live_daemon.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

namespace {

std::string campaign_text(const std::string& reviewers) {
  return R"(campaign:
  name: people
  window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: UTC }
  default_zone: UTC
  surfaces: [post]
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  feed: { interval: 1h }
sinks:
  - { name: hook, type: webhook, url: "https://example.invalid/hook", secret: { file: hook-secret } }
web: { listen: "127.0.0.1:0" }
review:
  reviewers:
)" + reviewers +
         "store: state\n";
}

const std::string sue = "    - { name: sue, uid: " + std::to_string(geteuid()) + " }\n";
const std::string ben = "    - { name: ben, role: operator, token: { file: ben } }\n";

struct Scene {
  Scene() : folder("people") {
    folder.write("campaign.yaml", campaign_text(sue + ben));
    folder.write(
        "roster.csv",
        "actor,platform,handle,zone,status\nAnn,feed,https://feed.invalid/a,UTC,confirmed\n");
    folder.write("hook-secret", "whsec_cGVvcGxlLXBlb3BsZS1wZW9wbGUtcGVvcGxl\n");
    folder.write("ben", "the token of ben\n");
    fill();
  }

  // One finding, and a delivery of it that was given up.
  void fill() const {
    Issues issues;
    std::optional<Setup> setup = load_setup(folder.config(), issues);
    for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
    REQUIRE(setup);
    std::filesystem::create_directories(setup->config.state_dir);
    auto store = open_sqlite(setup->config.state_dir + "/pledgewatch.db", OpenMode::read_write);
    REQUIRE(store);
    REQUIRE((*store)->enrol(setup->roster.accounts, {}));
    const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
    ScreenCommit commit;
    Finding finding;
    finding.id = "f1";
    finding.account = setup->roster.accounts.front().number;
    finding.post_id = "p1";
    finding.rule = "posted-during-freeze";
    finding.summary = "Ann posted \x1b[31mred";
    finding.appeared = {noon, noon};
    finding.found_at = noon;
    commit.findings = {finding};
    commit.outbox = {{"msg_f1", "hook", "f1", "{}", noon}};
    REQUIRE((*store)->commit_screening(commit));
    const auto leased = *(*store)->lease_delivery("hook", noon, noon + 1min);
    REQUIRE((*store)->begin_attempt(*leased, noon));
    AttemptCommit end{"msg_f1", "hook", leased->fence, DeliveryState::dead, noon, {}};
    end.attempt = {"msg_f1", "hook", 1, noon, noon, 400, "dead", "refused"};
    REQUIRE(*(*store)->commit_attempt(end));
  }

  std::optional<Json> ask(const std::string& method, const std::string& target,
                          const Json& body = {}, bool as_ben = false) {
    PeopleAsk wanted{folder.config(), as_ben ? token_file() : "", method, "/api/v1/" + target};
    if (!body.is_null()) wanted.body = body.dump();
    return ask_people(wanted, code);
  }
  std::string token_file() const { return (folder.path() / "ben").string(); }

  CampaignFolder folder;
  int code = 0;
};

}  // namespace

TEST_CASE("people are known on the socket by their uid, or by their token") {
  Scene scene;
  LiveDaemon daemon(scene.folder);
  CHECK((*scene.ask("GET", "me"))["name"] == "sue");
  CHECK((*scene.ask("GET", "me"))["role"] == "reviewer");
  CHECK((*scene.ask("GET", "me", {}, /*as_ben=*/true))["name"] == "ben");

  CHECK(
      decide_review({.config = scene.folder.config(), .finding = "f1", .decision = "confirmed"}) ==
      exit_fine);
  CHECK(decide_review({.config = scene.folder.config(),
                       .finding = "f1",
                       .decision = "note",
                       .reason = "asked Ann"}) == exit_fine);
  const auto finding = scene.ask("GET", "findings/f1");
  REQUIRE(finding);
  CHECK((*finding)["review"]["words"][0]["reviewer"] == "sue");
  CHECK((*finding)["review"]["notes"][0]["text"] == "asked Ann");
  CHECK((*finding)["state"] == "open");
  CHECK(decide_review({.config = scene.folder.config(),
                       .finding = "f1",
                       .decision = "confirmed",
                       .token_file = scene.token_file()}) == exit_fine);
  CHECK((*scene.ask("GET", "findings/f1"))["state"] == "confirmed");

  // A reviewer does not pause; an operator does, and it shows.
  CHECK(command_campaign({scene.folder.config(), "pause", "talks"}) == exit_no);
  CHECK(command_campaign({scene.folder.config(), "pause", " ", scene.token_file()}) == exit_usage);
  CHECK(command_campaign({scene.folder.config(), "pause", "talks", scene.token_file()}) ==
        exit_fine);
  CHECK(command_campaign({scene.folder.config(), "pause", "talks", scene.token_file()}) == exit_no);
  CHECK((*scene.ask("GET", "campaign"))["detail"] == "ben: talks");
  CHECK((*scene.ask("GET", "board"))["alerts"] == "paused");
  CHECK((*scene.ask("GET", "health"))["troubles"][0].get<std::string>().starts_with(
      "Alerts are paused since"));
  daemon.signal(SIGTERM);
  CHECK(daemon.wait_for_end() == exit_fine);
  const std::string report = (scene.folder.path() / "report").string();
  REQUIRE(write_report({.config = scene.folder.config(), .folder = report}) == exit_fine);
  std::string page;
  REQUIRE(read_file(report + "/report.html", page));
  CHECK(page.find("When alerts were stopped") != std::string::npos);
  CHECK(page.find("ben: talks") != std::string::npos);
}

TEST_CASE("silences and the outbox are the same with a daemon and without") {
  Scene scene;
  std::vector<Json> said;
  const auto hear = [&](const char* target) {
    std::optional<Json> answer = scene.ask("GET", target);
    REQUIRE(answer);
    said.push_back(*std::move(answer));
  };
  {
    LiveDaemon daemon(scene.folder);
    CHECK(change_silence({.config = scene.folder.config(),
                          .matches = "finding.severity == 'breach'",
                          .reason = "known",
                          .lasts = "2h",
                          .token_file = scene.token_file()}) == exit_fine);
    CHECK(change_silence({.config = scene.folder.config(),
                          .matches = "finding.",
                          .reason = "known",
                          .lasts = "2h",
                          .token_file = scene.token_file()}) == exit_usage);
    CHECK(change_silence(
              {.config = scene.folder.config(), .id = "s9", .token_file = scene.token_file()}) ==
          exit_no);
    for (const char* target : {"silences", "outbox?state=dead", "findings", "campaign"})
      hear(target);
    daemon.signal(SIGTERM);
    CHECK(daemon.wait_for_end() == exit_fine);
  }
  CHECK(said[0]["items"][0]["author"] == "ben");
  CHECK(said[1]["items"][0]["attempts"][0]["status"] == 400);
  CHECK(said[2]["items"][0]["id"] == "f1");
  for (const char* target : {"silences", "outbox?state=dead", "findings", "campaign"}) hear(target);
  for (std::size_t i = 0; i < 4; ++i) CHECK(said[i] == said[i + 4]);

  const OutboxCommand again{.config = scene.folder.config(),
                            .sink = "hook",
                            .id = "msg_f1",
                            .token_file = scene.token_file()};
  CHECK(resend_delivery(again) == exit_fine);
  CHECK(resend_delivery(again) == exit_no);
  CHECK(resend_delivery({.config = scene.folder.config(), .sink = "hook", .id = "msg_f1"}) ==
        exit_no);  // sue reviews, and sends nothing again
}

TEST_CASE("what a person saw is recorded by the running daemon at once") {
  Scene scene;
  LiveDaemon daemon(scene.folder);
  scene.folder.write("story.png", "a picture");
  ObserveOptions seen;
  seen.config = scene.folder.config();
  seen.account = "feed:https://feed.invalid/a";
  seen.url = "https://feed.invalid/story/1";
  seen.seen = "2020-09-16T12:00:00Z";
  seen.file = (scene.folder.path() / "story.png").string();
  seen.by = "sue";
  CHECK(observe_account(seen) == exit_fine);
  const auto number = (*scene.ask("GET", "accounts"))["items"][0]["number"].get<AccountNumber>();
  CHECK_FALSE(scene.ask("POST", "observations", Json{{"account", "nobody"}}));
  CHECK(scene.code == exit_usage);
  daemon.signal(SIGTERM);
  CHECK(daemon.wait_for_end() == exit_fine);
  auto store =
      open_sqlite((scene.folder.path() / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  const auto posts = (*store)->posts_of({&number, 1});
  REQUIRE(posts->size() == 1);
  CHECK(posts->front().post.url == seen.url);
}

TEST_CASE("a reviewer whom a reload removes is nobody at once") {
  Scene scene;
  LiveDaemon daemon(scene.folder);
  REQUIRE(scene.ask("GET", "me", {}, /*as_ben=*/true));
  scene.folder.write("ben", "another token of ben\n");
  CHECK_FALSE(scene.ask("GET", "me", {}, /*as_ben=*/true));
  daemon.signal(SIGHUP);
  daemon.wait_until_ready();
  CHECK((*scene.ask("GET", "me", {}, /*as_ben=*/true))["name"] == "ben");
  scene.folder.write("campaign.yaml", campaign_text(sue));
  daemon.signal(SIGHUP);
  daemon.wait_until_ready();
  CHECK_FALSE(scene.ask("GET", "me", {}, /*as_ben=*/true));
  CHECK(scene.code == exit_no);
}
