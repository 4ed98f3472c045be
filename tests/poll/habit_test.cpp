// Looks by posting habit: the shares are the best there are, and no promise pays for
// them.
#include <algorithm>

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/poll/habit_trial.h"
#include "daemon/poll/schedule.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

constexpr Millis answer_max = 30s;

LanePlan members(int accounts, int tokens) {
  LanePlan lane;
  lane.name = "instagram";
  lane.accounts = accounts;
  lane.wish = 1min;
  lane.floor = 30s;
  for (int i = 0; i < tokens; ++i) {
    lane.budgets.push_back({200, 1h});
    lane.apps.push_back("app " + std::to_string(i));
  }
  return lane;
}

double looks_of(const std::vector<Millis>& intervals) {
  double looks = 0;
  for (const Millis interval : intervals) looks += 1 / static_cast<double>(interval.count());
  return looks;
}

}  // namespace

TEST_CASE("an account's habit is read from the newer half of its first list") {
  const Instant now = *parse_rfc3339("2020-09-15T00:00:00Z");
  const auto before = [&](Millis age) { return now - age; };
  CHECK(posts_per_day({}, now) == posts_per_day_usual);
  // Four in the last two days; a pin of five years ago and a date to come change nothing.
  std::vector<Instant> list{before(12h),      before(24h),      before(36h),       before(48h),
                            before(24h * 60), before(24h * 90), before(24h * 1800)};
  const double busy = posts_per_day(list, now);
  CHECK(busy == Approx((4 + 0.125) / 2.25));
  list.push_back(now + 24h * 365);
  CHECK(posts_per_day(list, now) == busy);
  CHECK(posts_per_day({before(24h * 900)}, now) == 0.05);
  CHECK(posts_per_day(std::vector<Instant>(60, before(10s)), now) == 100);
}

TEST_CASE("no other shares of the same looks notice a post sooner") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const LanePlan lane = members(120, 3);
    const LookShare share = share_of(lane, promise_of(lane, answer_max));
    REQUIRE(share.shares());
    const std::vector<double> habits = assumed_habits(lane.accounts, seed);
    const std::vector<Millis> best = share_looks(share, habits);
    CHECK(looks_of(best) <= share.looks_per_ms);
    CHECK(looks_of(best) > share.looks_per_ms * 0.999);
    const double least = static_cast<double>(expected_delay(habits, best).count());
    for (std::uint64_t trial = 0; trial < 200; ++trial) {
      // Some of one account's looks are given to another.
      const std::size_t from = mix64("from", seed * 1000 + trial) % best.size();
      const std::size_t to = mix64("to", seed * 1000 + trial) % best.size();
      const double moved = 0.2 / static_cast<double>(best[from].count());
      std::vector<Millis> other = best;
      const auto spacing = [](double looks) {
        return Millis(static_cast<std::int64_t>(1 / looks));
      };
      other[from] = spacing(1 / static_cast<double>(best[from].count()) - moved);
      other[to] = spacing(1 / static_cast<double>(best[to].count()) + moved);
      if (from == to || other[from] > share.most || other[to] < share.least) continue;
      CHECK(static_cast<double>(expected_delay(habits, other).count()) > least - 2);
    }
  }
}

TEST_CASE("the schedule itself comes within a twentieth of the square-root rule") {
  for (const int accounts : {40, 250, 1000}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO(accounts << " accounts, seed " << seed);
      const LanePlan lane = members(accounts, 2);
      const Promise promise = promise_of(lane, answer_max);
      const HabitTrial trial = try_habits(lane, promise, assumed_habits(accounts, seed), seed);
      CHECK(trial.measured <= trial.optimum * 105 / 100);
      CHECK(trial.measured > trial.optimum * 90 / 100);
      CHECK(trial.optimum < trial.even * 95 / 100);
      CHECK(trial.gap_max <= promise.interval_max + promise.interval / 10);
    }
  }
}

TEST_CASE("nothing is shared out where no promise leaves anything over") {
  // One credential group: losing it loses everything, and the gap is twice the spacing.
  LanePlan one = members(100, 1);
  CHECK_FALSE(share_of(one, promise_of(one, answer_max)).shares());
  // Rich budgets: everybody is looked at as often as wished.
  LanePlan rich = members(2, 3);
  CHECK_FALSE(share_of(rich, promise_of(rich, answer_max)).shares());
  CHECK(share_looks(share_of(rich, promise_of(rich, answer_max)), std::vector<double>{1, 9}) ==
        std::vector<Millis>{1min, 1min});
  // A gap that the operator grants is shared out even of one group.
  Promise wide = promise_of(one, answer_max);
  const Millis attainable = wide.gap_max;
  promise_gap(wide, one, attainable + 2h, answer_max);
  CHECK(wide.interval_max == wide.interval + 1h);
  CHECK(share_of(one, wide).shares());
  CHECK(wide.detection_max == wide.interval_max + answer_max);
}

// What the gap promised reckons with: at any moment the largest group is lost, and
// everybody is looked at by who has waited longest.
TEST_CASE("losing a credential group at the worst moment keeps every gap that was promised") {
  const LanePlan lane = members(200, 2);
  const Promise promise = promise_of(lane, answer_max);
  const std::vector<double> habits = assumed_habits(lane.accounts, 7);
  const std::vector<Millis> intervals = share_looks(share_of(lane, promise), habits);
  for (int moment = 0; moment < 24; ++moment) {
    INFO("lost after " << moment << " parts of the longest spacing");
    Schedule schedule;
    schedule.add_lane(lane.budgets, lane.apps);
    std::vector<Tick> last(habits.size(), Tick{0});
    for (std::uint32_t i = 0; i < habits.size(); ++i)
      schedule.add(i, 0, intervals[i] * i / lane.accounts);
    const Tick lost_at = 3 * promise.interval_max + promise.interval_max * moment / 24;
    const Tick end = lost_at + 4 * promise.degraded;
    bool lost = false;
    Millis longest{0};
    for (Tick now = schedule.next_due(); now < end; now = schedule.next_due()) {
      const auto turn = schedule.pop_due(now);
      REQUIRE(turn);
      if (now > 2 * promise.interval_max) longest = std::max(longest, now - last[turn->account]);
      last[turn->account] = now;
      if (!lost && now >= lost_at) {
        lost = true;
        schedule.block_app({turn->account, 0, 0}, end);
        for (std::uint32_t i = 0; i < habits.size(); ++i)
          schedule.move(i, last[i] + promise.interval);
      }
      schedule.put_back(turn->account, now + (lost ? promise.interval : intervals[turn->account]));
    }
    CHECK(longest <= promise.degraded);
    CHECK(longest > promise.interval);
  }
}
