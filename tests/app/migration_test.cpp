// A campaign that an older program began and today's finishes.
#include <filesystem>
#include <map>

#include <catch2/catch.hpp>

#include "daemon/app/ledger_reading.h"
#include "daemon/ledger/sentence.h"
#include "daemon/store/schema.h"
#include "tests/app/support/day.h"
#include "tests/store/support/older_store.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 30min};
const Instant changed_over = noon + 15min;

// One account breaks its pledge in each half, one in the first and takes it down, one
// not at all.
void set_scene(FeedWorld& world) {
  world.feeds[feed_url(0)] = {{"old", Instant{}}, {"first", noon + 3min}, {"second", noon + 20min}};
  world.feeds[feed_url(1)] = {{"old", Instant{}}, {"gone", noon + 5min, noon + 10min}};
  world.feeds[feed_url(2)] = {{"old", Instant{}}};
}

struct Hooks {
  std::map<std::string, std::string> bodies;  // by webhook-id
  int count = 0;
};

void live(const std::string& folder, Instant from, Instant end, Hooks& hooks) {
  SimClock clock(from);
  FeedWorld world(clock);
  set_scene(world);
  world.on_hook = [&](const HttpRequest& request) {
    ++hooks.count;
    for (const HttpHeader& header : request.headers) {
      if (header.name == "webhook-id") hooks.bodies[header.value] = request.body;
    }
    return 204;
  };
  DayOptions options;
  options.end = end;
  const DayResult result = run_day(small_campaign(folder, 3, window), clock, world, options);
  INFO(folder);
  CHECK(result.failure == "");
}

// What may be said of everybody, and what was done about it.
std::string told(const std::string& folder) {
  const auto reading = read_ledger(small_campaign(folder, 3, window).config);
  INFO((reading ? "" : reading.error().detail));
  REQUIRE(reading);
  std::string out;
  for (const AccountVerdict& verdict : reading->judgement.accounts)
    out += sentence_of(verdict) + '\n';
  const auto findings = reading->store->findings();
  const auto deliveries = reading->store->deliveries();
  REQUIRE(findings);
  REQUIRE(deliveries);
  for (const Finding& finding : *findings)
    out += "finding " + finding.id + ' ' + finding.post_id + '\n';
  for (const Delivery& delivery : *deliveries) {
    out += delivery.row.sink + ' ' + delivery.row.id + ' ' + std::string(name_of(delivery.state)) +
           ' ' + std::to_string(delivery.attempts) + '\n';
  }
  return out;
}

std::string store_in(const std::string& folder) { return folder + "/state/pledgewatch.db"; }

}  // namespace

TEST_CASE("a day that an older program began is finished as if today's had begun it") {
  std::string expected_at_half;
  std::string expected;
  Hooks expected_hooks;
  for (int version = schema_version(); version >= 1; --version) {
    INFO("schema " << version);
    const TempFolder temporary;
    const std::string folder = temporary.path().string();
    Hooks hooks;
    live(folder, noon - 10min, changed_over, hooks);
    const std::string at_half = told(folder);
    if (version == schema_version()) {
      expected_at_half = at_half;
    } else {
      const std::string store = store_in(folder);
      fs::rename(store, store + ".today");
      write_older_store(store + ".today", version, store);
      fs::remove(store + ".today");
      const auto reader = read_ledger(small_campaign(folder, 3, window).config);
      REQUIRE_FALSE(reader);
      CHECK(reader.error().detail.find("start the daemon once") != std::string::npos);
    }
    live(folder, changed_over + 1min, Instant::max(), hooks);
    const std::string at_end = told(folder);
    CHECK(verify_folder(folder + "/log") == "");
    if (version == schema_version()) {
      expected = at_end;
      expected_hooks = hooks;
      CHECK(expected.find("finding") != std::string::npos);
      CHECK(expected_hooks.bodies.size() == 3);
    }
    CHECK(at_half == expected_at_half);
    CHECK(at_end == expected);
    CHECK(hooks.bodies == expected_hooks.bodies);
    CHECK(hooks.count == expected_hooks.count);
  }
}
