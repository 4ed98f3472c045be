// When operators hear of accounts that were not looked at for longer than promised: one
// row, one glance at a platform.
#include <catch2/catch.hpp>

#include "daemon/app/gap_watch.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

AccountGap gap(AccountNumber account, Millis length) { return {account, length, 5min}; }

struct Glance {
  Millis at;
  std::vector<AccountGap> open;
  std::vector<AccountGap> closed;
  bool blind;
  std::string said;  // empty: nothing
};

void play(const std::vector<Glance>& glances) {
  GapWatch watch;
  const auto name = [](AccountNumber account) { return "f:" + std::to_string(account); };
  for (const Glance& glance : glances) {
    const GapWatch::Said said =
        watch.note("feed", glance.open, glance.closed, glance.blind, name, noon + glance.at);
    INFO(print_duration(glance.at));
    CHECK(said.title == glance.said);
    CHECK(said.over == said.title.starts_with("over: "));
  }
}

Window window_of(Interval span) { return {span, span, span, "UTC", false, Millis{0}}; }

}  // namespace

TEST_CASE("each account is told once when its gap outgrows the promise, and once when it is over") {
  play({{0s, {}, {}, false, ""},
        {30s,
         {gap(1, 6min)},
         {},
         false,
         "feed: 1 account has a gap longer than promised: f:1 (6 min, promised 5 min)"},
        {60s, {gap(1, 7min)}, {}, false, ""},
        {90s,
         {},
         {gap(1, 8min)},
         false,
         "over: feed: every account is seen again; the longest gap was 8 min"},
        {120s, {}, {}, false, ""}});
}

TEST_CASE("the accounts of a platform are told together, and the next ones after a while") {
  play({{0s,
         {gap(1, 6min), gap(2, 9min)},
         {},
         false,
         "feed: 2 accounts have a gap longer than promised: f:2 (9 min, promised 5 min), f:1 (6 "
         "min, promised 5 min)"},
        {30s, {gap(1, 7min), gap(2, 9min), gap(3, 6min)}, {}, false, ""},
        {2min, {gap(1, 8min), gap(4, 6min)}, {gap(2, 10min), gap(3, 7min)}, false, ""},
        {5min,
         {gap(1, 11min), gap(4, 9min)},
         {},
         false,
         "feed: 2 accounts have a gap longer than promised: f:4 (9 min, promised 5 min), f:3 (7 "
         "min, promised 5 min, seen again); 1 more were told before"},
        // Not over while one of them is still not seen.
        {6min, {gap(4, 10min)}, {gap(1, 12min)}, false, ""},
        {7min,
         {},
         {gap(4, 11min)},
         false,
         "over: feed: every account is seen again; the longest gap was 12 min"}});
}

TEST_CASE("a gap that came and went between two glances is told as well") {
  play(
      {{0s,
        {},
        {gap(1, 6min)},
        false,
        "feed: 1 account has a gap longer than promised: f:1 (6 min, promised 5 min, seen again)"},
       {30s, {}, {}, false, "over: feed: every account is seen again; the longest gap was 6 min"}});
}

TEST_CASE("a blind connector silences the gaps of its accounts") {
  // What is a gap afterwards, or became one meanwhile, is told when it sees again.
  play({{0s, {gap(1, 6min)}, {}, true, ""},
        {30s, {gap(1, 6min), gap(2, 6min)}, {}, true, ""},
        {60s,
         {gap(1, 7min)},
         {gap(2, 7min)},
         false,
         "feed: 2 accounts have a gap longer than promised: f:1 (7 min, promised 5 min), f:2 (7 "
         "min, promised 5 min, seen again)"}});
  // One that was told of before is not over while nobody can know.
  play(
      {{0s,
        {gap(1, 6min)},
        {},
        false,
        "feed: 1 account has a gap longer than promised: f:1 (6 min, promised 5 min)"},
       {30s, {}, {gap(1, 7min)}, true, ""},
       {60s, {}, {}, false, "over: feed: every account is seen again; the longest gap was 7 min"}});
}

TEST_CASE("an account that leaves, or whose window is over, is no gap any more") {
  play({{0s, {gap(1, 6min)}, {}, true, ""}, {30s, {}, {}, false, ""}});
  play(
      {{0s,
        {gap(1, 6min)},
        {},
        false,
        "feed: 1 account has a gap longer than promised: f:1 (6 min, promised 5 min)"},
       {30s, {}, {}, false, "over: feed: every account is seen again; the longest gap was 6 min"}});
}

TEST_CASE("a flood of gaps is one message that names the longest") {
  GapWatch watch;
  std::vector<AccountGap> open;
  for (AccountNumber i = 1; i <= 1000; ++i) open.push_back(gap(i, 6min + Millis(i)));
  const auto name = [](AccountNumber account) { return "f:" + std::to_string(account); };
  const auto said = watch.note("feed", open, {}, false, name, noon);
  CHECK(said.title.starts_with("feed: 1000 accounts have a gap longer than promised: f:1000 ("));
  CHECK(said.title.ends_with(") and 990 more: pledgewatch status"));
  CHECK(said.title.size() < 1000);
}

TEST_CASE("a gap counts where it touches a window, and then whole") {
  const std::vector<Window> windows = {window_of({noon, noon + 1h}),
                                       window_of({noon + 3h, noon + 4h})};
  struct Row {
    Instant observed;
    Instant now;
    std::optional<Interval> gap;
    Instant joined{};
  };
  const Row rows[] = {
      {noon - 20min, noon - 10min, std::nullopt},  // before any window nothing is promised
      {noon - 20min, noon + 10min, Interval{noon - 20min, noon + 10min}},
      {noon + 50min, noon + 70min, Interval{noon + 50min, noon + 70min}},
      {noon + 70min, noon + 2h, std::nullopt},  // between two
      {noon + 70min, noon + 190min, Interval{noon + 70min, noon + 190min}},
      {noon + 4h, noon + 9h, std::nullopt},    // after the last
      {Instant{}, noon - 1min, std::nullopt},  // never seen
      {Instant{}, noon + 10min, Interval{noon, noon + 10min}},
      {Instant{}, noon + 50min, Interval{noon + 40min, noon + 50min}, noon + 40min},
      {noon + 42min, noon + 50min, Interval{noon + 42min, noon + 50min}, noon + 40min},
  };
  for (const Row& row : rows) CHECK(gap_in(windows, row.observed, row.now, row.joined) == row.gap);
}
