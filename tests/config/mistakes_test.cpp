// Every mistake in a campaign file, as the lines that its author reads: the
// blocks of mistakes.txt.
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/config/sample.h"

using namespace pw;

TEST_CASE("each mistake says where, what is wrong and what was meant") {
  const auto blocks = sample::mistakes("tests/config/mistakes.txt");
  CHECK(blocks.size() > 90);
  for (const sample::Mistake& block : blocks) {
    INFO(block.replacement);
    const auto loaded = sample::load(sample::campaign_with(block.piece, block.replacement));
    CHECK_FALSE(loaded.config);
    CHECK(loaded.issues == block.lines);
  }
}

TEST_CASE("all mistakes of a file are named in one run, in the file's order") {
  const auto loaded = sample::load(R"(campaign:
  name: ""
  window: { start: tomorrow, end: 2020-09-17T00:00, zone: actor }
  grace: soon
  surfaces: [pots]
rosters: pledges.csv
rules: [ a.yaml, 1: 2 ]
connectors:
  instagram: { credentials: [ { token: { file: absent }, budget: lots } ] }
  gopher: {}
sinks: [ { name: a, url: ftp://x, when: [] }, 7 ]
store: postgres://db
log: { checkpoint_every: 0s }
http: { contact: me }
concurrency: x
)");
  CHECK_FALSE(loaded.config);
  CHECK(loaded.issues == R"(c.yaml:1:1: error: key 'roster' is missing
c.yaml:2:10: error: campaign.name: must not be empty
c.yaml:3:20: error: campaign.window.start: expected a local time such as 2020-09-16T00:00, got 'tomorrow'
c.yaml:4:10: error: campaign.grace: expected a duration such as 5m, got 'soon'
c.yaml:5:14: error: campaign.surfaces[0]: unknown surface 'pots'; did you mean 'post'?
c.yaml:6:1: error: unknown key 'rosters'; did you mean 'roster'?
c.yaml:7:18: error: rules[1]: expected text, got a map
c.yaml:9:31: error: connectors.instagram.credentials[0]: key 'user_id' is missing
c.yaml:9:40: error: connectors.instagram.credentials[0].token: secret file 'absent' cannot be read: No such file or directory
c.yaml:9:66: error: connectors.instagram.credentials[0].budget: expected a budget such as 150/h or 300/5m, got 'lots'
c.yaml:10:3: error: unknown connector 'gopher'; known: instagram, mastodon, bluesky, feed
c.yaml:11:10: error: sinks[0]: key 'type' is missing
c.yaml:11:26: error: sinks[0].url: expected an http or https address without user or password
c.yaml:11:41: error: sinks[0].when: expected text, got a list
c.yaml:11:47: error: sinks[1]: expected a map, got text
c.yaml:12:8: error: store: PostgreSQL is not in this version; name a folder for SQLite
c.yaml:13:26: error: log.checkpoint_every: must be 1 s to 1 d, not '0s'
c.yaml:14:18: error: http.contact: expected a web or mail address for the User-Agent, got 'me'
c.yaml:15:14: error: concurrency: expected a whole number, got 'x'
)");
}

TEST_CASE("a secret's value is in no message") {
  const auto blocks = sample::mistakes("tests/config/mistakes.txt");
  for (const sample::Mistake& block : blocks) {
    const std::string issues =
        sample::load(sample::campaign_with(block.piece, block.replacement)).issues;
    INFO(issues);
    CHECK(issues.find("value of") == std::string::npos);
    CHECK(issues.find("whsec_") == std::string::npos);
    CHECK(issues.find("EAAG") == std::string::npos);
    CHECK(issues.find("u:p@") == std::string::npos);
    CHECK(issues.find("second line") == std::string::npos);
  }
}

TEST_CASE("an empty file, a missing one and one of another kind are refused in one line each") {
  const auto first_line = [](std::string_view text) {
    const std::string issues = sample::load(text).issues;
    return issues.substr(0, issues.find('\n'));
  };
  CHECK(first_line("") == "c.yaml:1:1: error: key 'campaign' is missing");
  CHECK(first_line("# nothing\n") == "c.yaml:1:1: error: key 'campaign' is missing");
  CHECK(first_line("just text") == "c.yaml:1:1: error: expected a map, got text");
  CHECK(first_line("- a\n") == "c.yaml:1:1: error: expected a map, got a list");
  Issues issues;
  CHECK_FALSE(load_config_file("/nonexistent/c.yaml", sample::connectors, issues));
  CHECK(sample::print(issues) ==
        "/nonexistent/c.yaml: error: cannot be read: No such file or directory\n");
}
