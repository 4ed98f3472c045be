// When a finding is for people to decide before it counts, one line each.
#include <filesystem>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/core/observation.h"
#include "daemon/screen/screening.h"
#include "tests/app/support/campaign.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

struct Row {
  const char* what;
  bool stable_id;
  bool dates_uploads;
  Millis claimed;  // after noon, as everything here; none where it is a day
  Millis from;
  Millis to;
  std::string_view why;  // begins so; empty: the finding stands
};

constexpr Millis unclaimed = 24h;
constexpr Row rows[] = {
    {"public when it was uploaded", true, true, 20min, 10min, 21min, ""},
    {"in the same second", true, true, 10min, 10min + 999ms, 21min, ""},
    {"unlisted, then public", true, true, -24h, 10min, 21min, "it was uploaded before"},
    {"unlisted for a minute", true, true, 9min, 10min, 21min, "it was uploaded before"},
    {"dated into the future", true, true, 48h, 10min, 21min, ""},
    {"without a date", true, true, unclaimed, 10min, 21min, ""},
    {"dated back by the poster", true, false, -24h, 10min, 21min, ""},
    {"over the window's start", true, false, 0min, -2min, 3min, "the time straddles an edge"},
    {"unlisted, and deep in the list", true, true, -24h, -24h * 18000, 21min, "the time straddles an edge"},
    {"no stable id", false, false, 20min, 10min, 21min, "this platform gives no stable id"},
};

}  // namespace

TEST_CASE("why people decide before a finding counts") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("pw-doubt-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Setup setup = test::small_campaign(folder.string(), 1, {noon, noon + 1h});
  std::filesystem::remove_all(folder);
  Grounds grounds;
  grounds.roster = std::move(setup.roster);
  grounds.roster.accounts.front().number = 1;
  grounds.account_at = index_accounts(grounds.roster.accounts);
  grounds.packs = std::move(setup.packs);
  grounds.statement = std::move(setup.statement);
  const Rule& rule = grounds.packs.front().rules.front();
  for (const Row& row : rows) {
    INFO(row.what);
    grounds.stable_id = {true, row.stable_id};
    grounds.dates_uploads = {false, row.dates_uploads};
    StoredPost post;
    post.account = 1;
    post.post.id = "p";
    post.post.text = "Out now";
    if (row.claimed != unclaimed) post.post.claimed_at = noon + row.claimed;
    post.appeared = {noon + row.from, noon + row.to};
    const auto finding = finding_of(grounds, post, rule, 0, noon + 22min);
    REQUIRE(finding);
    INFO(finding->why);
    CHECK(finding->needs_review == !row.why.empty());
    CHECK(finding->why.starts_with(row.why));
    CHECK(finding->why.empty() == row.why.empty());
  }
}
