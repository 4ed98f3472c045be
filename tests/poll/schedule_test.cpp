#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "daemon/poll/backoff.h"
#include "daemon/poll/meter.h"
#include "daemon/poll/schedule.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

// Takes turns as a poller with endless hands would, and counts them per account.
std::map<std::uint32_t, int> run(Schedule& schedule, Tick until, Millis interval,
                                 std::vector<Tick>* at = nullptr) {
  std::map<std::uint32_t, int> looks;
  for (Tick now = schedule.next_due(); now <= until; now = std::max(now, schedule.next_due())) {
    while (const auto turn = schedule.pop_due(now)) {
      ++looks[turn->account];
      if (at != nullptr) at->push_back(now);
      schedule.put_back(turn->account, now + interval);
    }
    if (schedule.next_due() == tick_never) break;
  }
  return looks;
}

int most_in_a_window(const std::vector<Tick>& at, Millis window) {
  int most = 0;
  for (std::size_t first = 0, last = 0; last < at.size(); ++last) {
    while (at[last] - at[first] >= window) ++first;
    most = std::max(most, static_cast<int>(last - first) + 1);
  }
  return most;
}

}  // namespace

TEST_CASE("no span of a budget's window ever holds more requests than the budget") {
  for (const int requests : {1, 2, 19, 20, 150, 300, 3000}) {
    const Millis window = 5min;
    Meter meter({requests, window});
    std::vector<Tick> at;
    Tick now{0};
    std::mt19937 random(static_cast<unsigned>(requests));
    for (int i = 0; i < requests * 4; ++i) {
      now = std::max(now, meter.free_at());
      meter.take(now);
      at.push_back(now);
      if (random() % 50 == 0) now += Millis(random() % 100000);
    }
    INFO(requests);
    CHECK(most_in_a_window(at, window) <= requests);
  }
}

TEST_CASE("a budget is used nearly whole, and a burst of a twentieth goes at once") {
  Meter meter({300, 5min});
  int taken = 0;
  for (Tick now{0}; now < 1h; now = std::max(now, meter.free_at()), ++taken) meter.take(now);
  CHECK(taken > 3400);
  CHECK(taken <= 3600);
  Meter burst({300, 5min});
  for (int i = 0; i < 15; ++i) {
    CHECK(burst.free_at() <= Tick{0});
    burst.take(Tick{0});
  }
  CHECK(burst.free_at() > Tick{0});
  Meter unlimited({0, 0ms});
  unlimited.take(Tick{5});
  CHECK(unlimited.free_at() <= Tick{0});
}

TEST_CASE("every account of a lane without budget for all gets its share, none starves") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{60, 1min}});
  for (std::uint32_t account = 0; account < 200; ++account)
    schedule.add(account, lane, Tick{account});
  const auto looks = run(schedule, 1h, 1min);  // wants 200 a minute, gets some 57
  CHECK(looks.size() == 200);
  int least = 1'000'000;
  int most = 0;
  for (const auto& [account, count] : looks) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  CHECK(least >= 16);
  CHECK(most - least <= 1);
}

TEST_CASE("a lane's requests stay within its budget whatever is due") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{150, 1h}, {100, 1h}});
  for (std::uint32_t account = 0; account < 50; ++account) schedule.add(account, lane, Tick{0});
  std::vector<Tick> at;
  run(schedule, 6h, 1s, &at);
  CHECK(most_in_a_window(at, 1h) <= 250);
  CHECK(at.size() > 1200);
}

TEST_CASE("an unbudgeted lane does not wait for a blocked one") {
  Schedule schedule;
  const auto slow = schedule.add_lane({{1, 1h}});
  const auto fast = schedule.add_lane({{0, 0ms}});
  schedule.add(0, slow, Tick{0});
  schedule.add(1, slow, Tick{0});
  schedule.add(2, fast, Tick{5});
  CHECK(schedule.pop_due(Tick{5})->lane == slow);
  CHECK(schedule.pop_due(Tick{5})->account == 2);
  CHECK_FALSE(schedule.pop_due(Tick{5}));
  CHECK(schedule.next_due() > 30min);
}

TEST_CASE("one failing credential blinds nobody, an app's limit stops its whole group") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{100, 1h}, {100, 1h}, {100, 1h}}, {"a", "a", "b"});
  schedule.add(0, lane, Tick{0});
  auto turn = schedule.pop_due(Tick{0});
  REQUIRE(turn);
  schedule.block_meter(*turn, 10h);
  schedule.put_back(0, Tick{1});
  const auto second = schedule.pop_due(Tick{1});
  REQUIRE(second);
  CHECK(second->meter != turn->meter);
  schedule.block_app({0, lane, 0}, 10h);
  schedule.put_back(0, Tick{2});
  const auto third = schedule.pop_due(40s);
  REQUIRE(third);
  CHECK(third->meter == 2);
  schedule.block_lane(*third, 5h);
  schedule.put_back(0, 50s);
  CHECK_FALSE(schedule.pop_due(4h));
  CHECK(schedule.pop_due(5h));
}

TEST_CASE("a removed account is never taken again, wherever it stood") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{0, 0ms}});
  for (std::uint32_t account = 0; account < 4; ++account)
    schedule.add(account, lane, Tick{account});
  schedule.remove(0);
  const auto turn = schedule.pop_due(Tick{9});
  REQUIRE(turn);
  CHECK(turn->account == 1);
  schedule.remove(1);
  schedule.put_back(1, Tick{2});
  schedule.remove(3);
  CHECK(schedule.pop_due(Tick{9})->account == 2);
  CHECK_FALSE(schedule.pop_due(Tick{9}));
  CHECK(schedule.next_due() == tick_never);
}

TEST_CASE("random days: the earliest ready turn always comes next, and lateness is seen") {
  std::mt19937 random(16);
  Schedule schedule;
  for (int i = 0; i < 7; ++i) schedule.add_lane({{static_cast<int>(random() % 20) + 1, 1min}});
  for (std::uint32_t account = 0; account < 60; ++account)
    schedule.add(account, static_cast<std::uint32_t>(random() % 7), Tick{random() % 60000});
  Tick now{0};
  for (int i = 0; i < 5000; ++i) {
    const Tick due = schedule.next_due();
    now = std::max(now, due);
    CHECK(schedule.lateness(now) >= 0ms);
    const auto turn = schedule.pop_due(now);
    REQUIRE(turn);
    CHECK_FALSE((due > now));
    schedule.put_back(turn->account, now + Millis(random() % 90000));
  }
}

TEST_CASE("the first failure costs one interval, then the distance doubles to eight") {
  const Pace pace{60s, 99};
  const auto worst = [&](int failures) {
    Millis most{0};
    Millis least = 1h;
    for (std::uint64_t turn = 0; turn < 500; ++turn) {
      most = std::max(most, delay_after(pace, 7, turn, failures));
      least = std::min(least, delay_after(pace, 7, turn, failures));
    }
    CHECK(least >= most * 9 / 10 - 1ms);
    return most;
  };
  CHECK(worst(0) <= 60s);
  CHECK(worst(0) > 59s);
  CHECK(worst(1) <= 60s);
  CHECK(worst(2) <= 120s);
  CHECK(worst(3) <= 240s);
  CHECK(worst(4) <= 480s);
  CHECK(worst(50) <= 480s);
  // A slow interval is never lengthened beyond itself.
  CHECK(delay_after({1h, 1}, 7, 1, 50) <= 1h);
  CHECK(delay_after({0ms, 1}, 7, 1, 50) == 0ms);
}

TEST_CASE("phases spread over the interval") {
  std::map<std::int64_t, int> tenths;
  for (AccountNumber account = 0; account < 10000; ++account) {
    const Millis phase = phase_of({60s, 5}, account);
    CHECK(phase >= 0ms);
    CHECK(phase < 60s);
    ++tenths[phase / 6s];
  }
  CHECK(tenths.size() == 10);
  for (const auto& [tenth, count] : tenths) CHECK(count > 850);
}

TEST_CASE("a platform's wait is honoured, within an hour") {
  CHECK(block_after(30s, 1) == 30s);
  CHECK(block_after(0s, 1) == 1s);
  CHECK(block_after(24h, 1) == 1h);
  CHECK(block_after(std::nullopt, 1) == 1min);
  CHECK(block_after(std::nullopt, 3) == 4min);
  CHECK(block_after(std::nullopt, 90) == 16min);
}
