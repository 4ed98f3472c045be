// What people ask of a campaign's past: `backtest` with other rules, and `rules
// explain` of a finding, as the commands print it.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "tests/app/support/day.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

constexpr std::string_view campaign_text = R"(campaign:
  name: hindsight
  window: { start: 2020-09-16T12:00, end: 2020-09-16T13:00, zone: UTC }
  default_zone: UTC
  surfaces: [post]
  sweep: 2m
  sweep_again: 5m
  closes: 10m
roster: roster.csv
rules: [ freeze.yaml ]
connectors:
  feed: { interval: 1m, interval_floor: 1m }
sinks:
  - { name: organisers, type: webhook, url: "https://hooks.example/finding", secret: { file: hook } }
store: state
)";

constexpr std::string_view freeze_text = R"(rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    unless: post.text.contains("exempt")
    severity: breach
    summary: "${actor.name} posted"
)";

// The same rule, milder; and one that matches what the first let pass.
constexpr std::string_view other_text = R"(rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && !post.text.contains("statement")
    unless: post.text.contains("exempt")
    severity: warning
    summary: "${actor.name} posted"
  - name: said-exempt
    when: post.text.contains("exempt")
    severity: note
    summary: "${actor.name} said the word"
)";

// Standard output or standard error of a command.
class Heard {
 public:
  explicit Heard(std::FILE* stream) : stream_(stream), file_(std::tmpfile()) {
    std::fflush(stream_);
    saved_ = dup(fileno(stream_));
    dup2(fileno(file_), fileno(stream_));
  }
  ~Heard() {
    if (saved_ >= 0) static_cast<void>(text());
    std::fclose(file_);
  }
  // What was written; the stream is itself again.
  std::string text() {
    std::fflush(stream_);
    dup2(saved_, fileno(stream_));
    close(std::exchange(saved_, -1));
    std::rewind(file_);
    std::string all;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }

 private:
  std::FILE* stream_;
  std::FILE* file_;
  int saved_ = -1;
};

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

template <class Command>
Answer answer_of(const Command& command) {
  Heard out(stdout);
  Heard err(stderr);
  const int code = command();
  return {code, out.text(), err.text()};
}

// A campaign that is over: four posts of two feeds, one before the window.
class PastCampaign {
 public:
  PastCampaign()
      : folder_(fs::temp_directory_path() / ("pw-hindsight-" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("campaign.yaml", campaign_text);
    write("freeze.yaml", freeze_text);
    write("other.yaml", other_text);
    write("hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    write("roster.csv", "actor,platform,handle,zone,status\nOne,feed," + feed_url(0) +
                            ",UTC,confirmed\nTwo,feed," + feed_url(1) + ",UTC,confirmed\n");
    SimClock clock(noon - 10min);
    FeedWorld world(clock);
    world.feeds[feed_url(0)] = {{"old", Instant{}},
                                {"early", noon - 5min},
                                {"breach", noon + 20min},
                                {"statement", noon + 30min}};
    world.feeds[feed_url(1)] = {{"old", Instant{}}, {"exempt", noon + 40min}};
    Issues issues;
    std::optional<Setup> setup = load_setup(config(), issues);
    for (const Issue& issue : issues) UNSCOPED_INFO(print_issue(issue));
    REQUIRE(setup);
    const DayResult day = run_day(*std::move(setup), clock, world);
    REQUIRE(day.failure.empty());
  }
  ~PastCampaign() { fs::remove_all(folder_); }

  std::string config() const { return path("campaign.yaml"); }
  std::string path(std::string_view name) const { return (folder_ / name).string(); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

 private:
  fs::path folder_;
};

BacktestOptions whole_day(const PastCampaign& past) {
  BacktestOptions options;
  options.config = past.config();
  options.from = "2020-09-16T00:00:00Z";
  options.to = "2020-09-17T00:00:00Z";
  return options;
}

std::map<std::string, json> changes_by_post(const std::string& out) {
  std::map<std::string, json> changes;
  const json answer = json::parse(out);
  for (const json& change : answer["changes"]) {
    changes[change["rule"].get<std::string>() + ' ' + change["post"].get<std::string>()] = change;
  }
  return changes;
}

}  // namespace

TEST_CASE("a campaign's past, judged again and explained") {
  const PastCampaign past;
  BacktestOptions options = whole_day(past);

  SECTION("the rules that found it find nothing else") {
    const Answer answer = answer_of([&] { return backtest_rules(options); });
    INFO(answer.err);
    CHECK(answer.code == exit_fine);
    CHECK(answer.out ==
          "4 posts judged again: 2 findings as before, 0 added, 0 removed, 0 changed\n");
  }

  SECTION("other rules: what would be added, removed and changed") {
    options.packs = {past.path("other.yaml")};
    options.json = true;
    const Answer answer = answer_of([&] { return backtest_rules(options); });
    INFO(answer.err << answer.out);
    REQUIRE(answer.code == exit_fine);
    auto changes = changes_by_post(answer.out);
    CHECK(changes.size() == 3);
    CHECK(changes["posted-during-freeze breach"]["change"] == "changed");
    CHECK(changes["posted-during-freeze breach"]["before"] == "was breach");
    CHECK(changes["posted-during-freeze statement"]["change"] == "removed");
    CHECK(changes["said-exempt exempt"]["change"] == "added");
    CHECK(changes["said-exempt exempt"]["summary"] == "Two said the word");
    CHECK(json::parse(answer.out)["posts"] == 4);

    options.json = false;
    const Answer lines = answer_of([&] { return backtest_rules(options); });
    CHECK(lines.out.find("added    note     said-exempt") != std::string::npos);
    CHECK(lines.out.find("removed  breach   posted-during-freeze") != std::string::npos);
    CHECK(lines.out.find("changed  warning  posted-during-freeze") != std::string::npos);
    CHECK(lines.out.ends_with(
        "4 posts judged again: 0 findings as before, 1 added, 1 removed, 1 changed\n"));
  }

  SECTION("only posts that may have appeared in the span") {
    options.from = "2020-09-16T12:25:00Z";
    options.to = "2020-09-16T12:29:00Z";
    CHECK(answer_of([&] { return backtest_rules(options); }).out ==
          "1 posts judged again: 1 findings as before, 0 added, 0 removed, 0 changed\n");
  }

  SECTION("mistakes of whoever asks") {
    options.from = "noon";
    Answer answer = answer_of([&] { return backtest_rules(options); });
    CHECK(answer.code == exit_usage);
    CHECK(answer.err == "--from: error: 'noon' is no time such as 2020-09-16T12:00:00Z\n");
    options = whole_day(past);
    std::swap(options.from, options.to);
    CHECK(answer_of([&] { return backtest_rules(options); }).err ==
          "--to: error: not after --from\n");
    options = whole_day(past);
    past.write("wrong.yaml", "rules:\n  - name: wrong\n    when: post.txet == ''\n");
    options.packs = {past.path("wrong.yaml")};
    answer = answer_of([&] { return backtest_rules(options); });
    INFO(answer.err);
    CHECK(answer.code == exit_usage);
    CHECK(answer.err.find("wrong.yaml:3:16: error: post has no field 'txet'; did you mean "
                          "'text'?\n      when: post.txet == ''\n                 ^\n") !=
          std::string::npos);
  }

  SECTION("a finding is explained over the post that was stored") {
    options.packs = {past.path("other.yaml")};
    options.json = true;
    auto changes = changes_by_post(answer_of([&] { return backtest_rules(options); }).out);
    const std::string id = changes["posted-during-freeze breach"]["finding"];
    ExplainOptions asked{};
    asked.config = past.config();
    asked.finding = id;
    const Answer answer = answer_of([&] { return explain_rule_over_post(asked); });
    INFO(answer.err << answer.out);
    CHECK(answer.code == exit_fine);
    CHECK(answer.out.starts_with("rule posted-during-freeze: match\nwhen: "));
    CHECK(answer.out.find("pledge.window.covers(post.appeared) = true\n") != std::string::npos);
    CHECK(answer.out.find("post.text = \"breach\"\n") != std::string::npos);
    asked.json = true;
    const json explained =
        json::parse(answer_of([&] { return explain_rule_over_post(asked); }).out);
    CHECK(explained["explanations"][0]["outcome"] == "match");
    asked.finding = "nonsense";
    const Answer none = answer_of([&] { return explain_rule_over_post(asked); });
    CHECK(none.code == exit_usage);
    CHECK(none.err == "error: no finding 'nonsense'\n");
  }
}

TEST_CASE("a rule is explained over a post in a file, what was skipped too") {
  const fs::path folder = fs::temp_directory_path() / ("pw-explain-" + std::to_string(getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "freeze.yaml") << freeze_text;
  std::ofstream(folder / "post.json") << R"({"surface": "comment", "text": "hello"})";
  ExplainOptions asked{};
  asked.rule = "posted-during-freeze";
  asked.post = (folder / "post.json").string();
  asked.packs = {(folder / "freeze.yaml").string()};
  Answer answer = answer_of([&] { return explain_rule_over_post(asked); });
  INFO(answer.err << answer.out);
  CHECK(answer.code == exit_fine);
  CHECK(answer.out.starts_with("rule posted-during-freeze: no match\n"));
  CHECK(answer.out.find("post.surface in pledge.surfaces = false\n") != std::string::npos);
  CHECK(answer.out.find("unless: post.text.contains(\"exempt\")\n  not evaluated\n") !=
        std::string::npos);
  asked.rule = "posted-during-freze";
  answer = answer_of([&] { return explain_rule_over_post(asked); });
  CHECK(answer.code == exit_usage);
  CHECK(answer.err ==
        "error: no rule 'posted-during-freze'; did you mean 'posted-during-freeze'?\n");
  fs::remove_all(folder);
}
