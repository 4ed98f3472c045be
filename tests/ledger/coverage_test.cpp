#include <random>

#include <catch2/catch.hpp>

#include "daemon/ledger/clock_doubt.h"
#include "daemon/ledger/coverage.h"

namespace {

using namespace pw;

Instant at(std::int64_t s) { return instant_of_ms(s * 1000); }
Interval span(std::int64_t a, std::int64_t b) { return {at(a), at(b)}; }

TEST_CASE("tiles are the window exactly, whatever the gaps") {
  std::mt19937 random(1);
  const Interval window = span(1000, 2000);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Interval> gaps;
    for (auto i = random() % 8; i > 0; --i) {
      const std::int64_t from = 500 + static_cast<std::int64_t>(random() % 2000);
      gaps.push_back(span(from, from + static_cast<std::int64_t>(random() % 600)));
    }
    const auto tiles = tiles_of(window, gaps);
    REQUIRE_FALSE(tiles.empty());
    CHECK(tiles.front().span.start == window.start);
    CHECK(tiles.back().span.end == window.end);
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      CHECK_FALSE(tiles[i].span.empty());
      if (i > 0) CHECK(tiles[i].span.start == tiles[i - 1].span.end);
      if (i > 0) CHECK(tiles[i].is_gap != tiles[i - 1].is_gap);
    }
    for (std::int64_t t = 1000; t < 2000; t += 13) {
      const bool in_gap =
          std::any_of(gaps.begin(), gaps.end(), [&](Interval g) { return g.contains(at(t)); });
      const auto tile = std::find_if(tiles.begin(), tiles.end(),
                                     [&](const auto& x) { return x.span.contains(at(t)); });
      CHECK(tile->is_gap == in_gap);
    }
  }
  CHECK(tiles_of(span(5, 5), {}).empty());
}

Look look(std::int64_t s, Outcome outcome = Outcome::unchanged) {
  Look l;
  l.outcome = outcome;
  l.effective = l.received = at(s);
  return l;
}

TEST_CASE("what could not be read counts against the looks until it is decoded whole") {
  CoverageMeter meter(span(1000, 2000), Millis{0}, Millis{0});
  Look bad = look(1100);
  bad.posts_skipped = 1;
  Look decoded = look(1300);
  decoded.digest = Digest{};
  meter.add(look(1050));
  meter.add(bad);
  meter.add(look(1200));  // the same bytes, or none: as unreadable as before
  meter.add(decoded);     // the item is readable again, and nothing is new
  meter.add(look(1400));
  const Coverage seen = meter.coverage(at(1450));
  CHECK(seen.looks == 3);
  CHECK(seen.unreadable == 2);
}

// The longest gap by looking at everything at once.
Millis longest_by_hand(const std::vector<std::int64_t>& times, Interval window, Instant now) {
  if (times.empty()) return now - at(1000);
  std::vector<Instant> seen;
  Instant newest = Instant::min();
  for (const std::int64_t s : times) {
    if (at(s) > newest) seen.push_back(newest = at(s));
  }
  Millis longest{0};
  Instant last = seen.empty() ? window.start : std::min(window.start, seen.front());
  for (const Instant t : seen) {
    if (t > window.start && last < window.end) longest = std::max<Millis>(longest, t - last);
    last = t;
  }
  if (last < window.end) longest = std::max<Millis>(longest, now - last);
  return longest;
}

TEST_CASE("a meter comes to the same longest gap as one who looks at everything at once") {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    // Margins are a hundredth of the window: it is chosen so that no look falls in.
    const Interval window = span(1000, 2000);
    const Interval wide{window.start - Millis{5000}, window.end + Millis{5000}};
    CoverageMeter meter(window, Millis{0}, Millis{0});
    std::vector<std::int64_t> times;
    std::int64_t t = 900;
    for (auto i = random() % 30; i > 0; --i) {
      t += static_cast<std::int64_t>(random() % 120) - 10;
      times.push_back(t);
      meter.add(look(t));
    }
    const Instant now = at(3000);
    CHECK(meter.coverage(now).longest.length() == longest_by_hand(times, wide, now));
  }
}

TEST_CASE("a look that is not later than the newest adds nothing") {
  CoverageMeter meter(span(1000, 2000), Millis{0}, Millis{0});
  for (const std::int64_t t : {900, 1900, 1300, 1400, 2100}) meter.add(look(t));
  CHECK(meter.coverage(at(2100)).longest.length() == Millis{1'000'000});
  CHECK(meter.coverage(at(2100)).looks == 3);
}

TEST_CASE("a meter returns the gaps that touch its window, whole") {
  CoverageMeter meter(span(1000, 2000), Millis{0}, Millis{0});
  CHECK_FALSE(meter.add(look(800)));
  CHECK_FALSE(meter.add(look(900)));
  CHECK(meter.add(look(1100)) == span(900, 1100));
  CHECK_FALSE(meter.add(look(1200, Outcome::unreachable)));
  CHECK(meter.add(look(1999)) == span(1100, 1999));
  CHECK(meter.add(look(2500)) == span(1999, 2500));
  CHECK_FALSE(meter.add(look(3500)));
}

TEST_CASE("one host's wrong clock is not ours") {
  ClockDoubt clocks;
  const auto host = [&](const std::string& name, std::int64_t ms) {
    for (int i = 0; i < 5; ++i) clocks.add(clocks.number_of(name), at(0), Millis{ms});
  };
  CHECK(clocks.doubt() == Millis{0});
  host("a", 600);
  host("b", 700'000);
  host("c", 900);
  CHECK(clocks.doubt() == Millis{0});
  host("d", 700'000);
  host("e", 700'000);
  CHECK(clocks.doubt() >= Millis{700'000});
}

TEST_CASE("a clock that was wrong for an hour of a day is noticed, in that hour") {
  ClockDoubt clocks;
  for (std::int64_t s = 0; s < 86'400; s += 30) {
    const bool wrong = s >= 50'000 && s < 53'600;
    for (const std::string host : {"a", "b", "c"}) {
      const Millis offset{host == "c" ? 900'000 : wrong ? -600'000 : 500};
      clocks.add(clocks.number_of(host), at(wrong ? s - 600 : s), offset);
    }
  }
  CHECK(clocks.doubt() >= Millis{600'000});
  CHECK(clocks.doubt(span(0, 40'000)) == Millis{0});
  CHECK(clocks.doubt(span(51'000, 52'000)) >= Millis{600'000});
  CHECK(clocks.doubt(span(60'000, 80'000)) == Millis{0});
}

TEST_CASE("what a slow server's clock makes old is neither before the window nor after it") {
  CoverageMeter meter(span(1000, 2000), Millis{0}, Millis{0});
  for (std::int64_t s = 700; s < 3000; s += 50) {
    Look late = look(s - 400);
    late.received = at(s);
    if (s != 700) meter.add(late);
  }
  CHECK_FALSE(meter.coverage(at(3000)).longest.length() < Millis{450'000});
  CoverageMeter late_only(span(1000, 2000), Millis{0}, Millis{0});
  Look first = look(900);
  first.received = at(1200);
  late_only.add(first);
  CHECK_FALSE(late_only.coverage(at(3000)).baseline);
}

}  // namespace
