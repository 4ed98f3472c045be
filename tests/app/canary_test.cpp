// The organisers' own account through a whole day: configured, watched, judged by.
#include <algorithm>

#include <catch2/catch.hpp>

#include "daemon/app/ledger_reading.h"
#include "daemon/ledger/sentence.h"
#include "tests/app/support/day.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval hour{noon, noon + 1h};

// Two silent accounts and a canary that posts each ten minutes until `until`.
LedgerReading live_through(const TempFolder& folder, Instant until) {
  const auto campaign = [&] {
    Setup setup = small_campaign(folder.path().string(), 3, hour);
    setup.config.canaries.push_back({"feed:" + feed_url(2), 10min, {}});
    return setup;
  };
  SimClock clock(noon - 30min);
  FeedWorld world(clock);
  for (int i = 0; i < 3; ++i) world.feeds[feed_url(i)] = {{"old", Instant{}}};
  for (Instant t = noon - 20min; t <= until; t += 10min)
    world.feeds[feed_url(2)].push_back({"song " + print_rfc3339(t), t});
  const DayResult result = run_day(campaign(), clock, world);
  CHECK(result.failure.empty());
  CHECK(verify_folder((folder.path() / "log").string()).empty());
  auto reading = read_ledger(campaign().config);
  REQUIRE(reading);
  return *std::move(reading);
}

}  // namespace

TEST_CASE("while the canary is heard the others' silence is kept, and no rule is asked of it") {
  const TempFolder folder;
  const LedgerReading reading = live_through(folder, noon + 70min);
  CHECK(reading.judgement.actors_judged == 2);
  REQUIRE(reading.judgement.accounts.size() == 2);
  for (const AccountVerdict& v : reading.judgement.accounts) {
    CHECK(v.verdict == Verdict::kept);
    // A website may date an entry back below all that its feed lists.
    CHECK(sentence_of(v).find("a post dated back beyond the list's end") != std::string::npos);
  }
  CHECK(reading.store->findings()->empty());
}

TEST_CASE("a canary that is not heard any more makes a gap for everybody on its platform") {
  const TempFolder folder;
  const LedgerReading reading = live_through(folder, noon + 20min);
  REQUIRE(reading.judgement.accounts.size() == 2);
  for (const AccountVerdict& v : reading.judgement.accounts) {
    CHECK(v.verdict == Verdict::unproven);
    CHECK(std::find(v.missing.begin(), v.missing.end(), Missing::canary) != v.missing.end());
    REQUIRE(v.unseen.size() == 1);
    CHECK(v.unseen[0].start >= noon + 20min);
    CHECK(v.unseen[0].start <= noon + 22min);
    CHECK(v.unseen[0].end == hour.end);
  }
}
