// What is printed, held against what was so.
#include <algorithm>

#include <catch2/catch.hpp>

#include "daemon/ledger/sentence.h"
#include "tests/ledger/truth_world.h"

namespace {

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

struct Row {
  std::string name;
  Trouble trouble;
};

const std::vector<Row> rows = {
    {"a fair day", {}},
    {"looks fail", {.failed = 0.3}},
    {"looks are lost", {.failed = 0.1, .lost = 0.3}},
    {"caches are late", {.failed = 0.1, .cached = 0.5, .cache_age = 20min}},
    {"pages are shuffled", {.failed = 0.1, .shuffled = 0.5}},
    {"posts take their time", {.failed = 0.1, .lag = 15min}},
    {"the server's clock is slow", {.failed = 0.1, .host_slow = 25min}},
    {"our clock is ahead all day",
     {.clock_wrong = 30min, .wrong_during = {noon - 10h, noon + 60h}}},
    {"our clock is behind all day",
     {.clock_wrong = -30min, .wrong_during = {noon - 10h, noon + 60h}}},
    {"our clock falls back in the afternoon",
     {.clock_wrong = -40min, .wrong_during = {noon + 4h, noon + 60h}}},
    {"our clock jumps ahead for an hour",
     {.clock_wrong = 50min, .wrong_during = {noon + 3h, noon + 4h}}},
    {"everything at once",
     {.failed = 0.2,
      .cached = 0.3,
      .cache_age = 10min,
      .shuffled = 0.3,
      .lost = 0.2,
      .lag = 10min}},
};

// Appearances in the window, comings back among them, that stood at least `least`.
// A removal is believed when two looks saw it: who is away for less comes back
// unnoticed.
int appearances(const Truth& truth, Millis least) {
  const auto is_back = [&](const TruePost& post) {
    return post.again && post.again->start - 2 * least >= post.stands.end;
  };
  const auto counts = [&](Interval stands) {
    return truth.window.contains(stands.start) && stands.end - least >= stands.start;
  };
  return static_cast<int>(
      std::count_if(truth.posts.begin(), truth.posts.end(), [&](const TruePost& post) {
        return counts(post.stands) || (is_back(post) && counts(*post.again));
      }));
}

bool appeared_inside(const Truth& truth, const std::string& id) {
  return std::any_of(truth.posts.begin(), truth.posts.end(), [&](const TruePost& post) {
    return post.id == id && (truth.window.contains(post.stands.start) ||
                             (post.again && truth.window.contains(post.again->start)));
  });
}

struct Counts {
  int kept = 0;
  int broken = 0;
  int unproven = 0;
};

void hold(const Truth& truth, Counts& counts) {
  const AccountVerdict& v = truth.judgement.accounts.at(0);
  const std::string sentence = sentence_of(v);
  INFO(sentence);
  if (v.verdict == Verdict::kept) {
    ++counts.kept;
    const int stood = appearances(truth, v.coverage.longest_gap);
    CHECK(stood <= static_cast<int>(v.posts_seen));
    if (stood > 0) CHECK(sentence.find(", other than ") != sentence.npos);
    CHECK(v.coverage.longest_gap <= v.gap_max);
  }
  if (v.verdict == Verdict::broken) {
    ++counts.broken;
    // A confirmed finding outside of the window may exist; it must not count.
    const auto inside =
        std::count_if(truth.confirmed.begin(), truth.confirmed.end(),
                      [&](const std::string& id) { return appeared_inside(truth, id); });
    CHECK(v.findings.standing <= inside);
  }
  if (v.verdict == Verdict::unproven) ++counts.unproven;
  CHECK(v.verdict != Verdict::unavailable);
}

TEST_CASE("no day, whatever goes wrong, makes a printed sentence false") {
  for (const Row& row : rows) {
    Counts counts;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO(row.name << ", seed " << seed);
      hold(live_through(seed, row.trouble, Millis(std::chrono::minutes(5 + seed % 20))), counts);
    }
    INFO(row.name << ": kept " << counts.kept << ", broken " << counts.broken << ", unproven "
                  << counts.unproven);
    // A rule that never says anything would be true as well.
    CHECK(counts.broken > 100);
    CHECK((counts.kept > 30 || row.trouble.clock_wrong != Millis{0}));
    CHECK(counts.kept + counts.broken + counts.unproven == 300);
  }
}

// A post of life d that comes at any time is caught at the rate min(1, d / gap).
TEST_CASE("short posts are caught as often as the gap says") {
  const Millis gap = 20min;
  for (const Millis life :
       {Millis(5min), Millis(10min), Millis(15min), Millis(20min), Millis(40min)}) {
    int caught = 0;
    constexpr int posts = 4000;
    for (int i = 0; i < posts; ++i) {
      CoverageMeter meter({noon, noon + 8h}, Millis{0}, Millis{0});
      const Instant from = noon + Millis{(i * 7'919LL * 1000) % (6 * 3'600'000)};
      bool is_seen = false;
      for (Instant t = noon - gap; t <= noon + 9h; t += gap) {
        Look look;
        look.outcome = Outcome::unchanged;
        look.effective = look.received = t;
        meter.add(look);
        is_seen = is_seen || (t >= from && t < from + life);
      }
      caught += is_seen ? 1 : 0;
      if (meter.coverage(noon + 9h).longest_gap <= life) CHECK(is_seen);
    }
    const double rate = static_cast<double>(caught) / posts;
    const double expected =
        std::min(1.0, static_cast<double>(life.count()) / static_cast<double>(gap.count()));
    INFO("life " << life.count() << " ms: " << rate);
    CHECK(rate >= expected - 0.02);
    CHECK(rate <= expected + 0.02);
  }
}

// The same through the daemon's own eyes: age, comparison of lists, findings, looks
// that come early or late by up to an eighth of their spacing.
TEST_CASE("short posts of a lived day are found at the rate that the gap says") {
  const Millis spacing = 20min;
  for (const Millis life : {Millis(4min), Millis(8min), Millis(12min), Millis(26min)}) {
    Caught all;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      const Caught day = catch_short_posts(seed, life, spacing);
      all.planned += day.planned;
      all.found += day.found;
    }
    const double rate = static_cast<double>(all.found) / all.planned;
    const double expected =
        std::min(1.0, static_cast<double>(life.count()) / static_cast<double>(spacing.count()));
    INFO("life " << life.count() << " ms: " << all.found << " of " << all.planned);
    CHECK(all.planned > 1000);
    CHECK(rate >= expected - 0.03);
    CHECK(rate <= expected + 0.03);
  }
}

}  // namespace
