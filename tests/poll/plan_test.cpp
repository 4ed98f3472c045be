#include <catch2/catch.hpp>

#include "daemon/poll/agenda.h"
#include "daemon/poll/plan.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

LanePlan lane(int accounts, std::vector<Budget> budgets, std::vector<std::string> apps) {
  LanePlan plan;
  plan.name = "instagram";
  plan.accounts = accounts;
  plan.wish = 1min;
  plan.floor = 30s;
  plan.budgets = std::move(budgets);
  plan.apps = std::move(apps);
  return plan;
}

std::vector<Window> one_day() {
  const Interval span{*parse_rfc3339("2020-09-16T00:00:00Z"),
                      *parse_rfc3339("2020-09-17T00:00:00Z")};
  return {{span, span, span, "UTC", false, 0ms}};
}

Instant at(std::string_view text) { return *parse_rfc3339(text); }

std::string shown(std::optional<Purpose> purpose) {
  return purpose ? std::string(name_of(*purpose)) : "nothing";
}

}  // namespace

TEST_CASE("the promise reckons with one failed look and the largest credential group lost") {
  // Two members of 150 an hour: 100 accounts. A fifth is kept, a twentieth is burst.
  const Promise two = promise_of(lane(100, {{150, 1h}, {150, 1h}}, {"a", "b"}), 30s);
  CHECK(two.interval > 25min);
  CHECK(two.interval < 28min);
  CHECK(two.degraded == 2 * two.interval);
  CHECK(two.gap_max == 2 * two.degraded + 30s);
  // Who seldom posts is looked at as seldom as the gap allows.
  CHECK(two.interval_max == two.degraded);
  CHECK(two.detection_max == two.interval_max + 30s);
  CHECK_FALSE(two.one_group);
  // Both tokens of one app fail together: nothing is left to reckon with.
  const Promise one = promise_of(lane(100, {{150, 1h}, {150, 1h}}, {"a", "a"}), 30s);
  CHECK(one.one_group);
  CHECK(one.degraded == one.interval);
}

TEST_CASE("a rich budget looks as often as wished, never more often than polite") {
  CHECK(promise_of(lane(1, {{3000, 5min}}, {}), 10s).interval == 1min);
  LanePlan eager = lane(1, {{3000, 5min}}, {});
  eager.wish = 1s;
  CHECK(promise_of(eager, 10s).interval == 30s);
  eager.budgets = {{0, 0ms}};
  CHECK(promise_of(eager, 10s).interval == 30s);
}

TEST_CASE("an infeasible plan names the bottleneck and three ways out") {
  const LanePlan poor = lane(500, {{150, 1h}}, {"a"});
  const Promise promise = promise_of(poor, 30s);
  const std::string text = infeasible(poor, promise, gap_ceiling(24h));
  CHECK(text.find("instagram: with 500 accounts") == 0);
  CHECK(text.find("over the ceiling of 3 h") != std::string::npos);
  CHECK(text.find("times the budget") != std::string::npos);
  CHECK(infeasible(lane(10, {{150, 1h}}, {"a"}), promise_of(lane(10, {{150, 1h}}, {"a"}), 30s), 3h)
            .empty());
  // Where the interval alone is too long, more budget would not help.
  LanePlan slow = lane(1, {{0, 0ms}}, {});
  slow.wish = 5h;
  CHECK(infeasible(slow, promise_of(slow, 30s), 3h).find("a shorter interval") !=
        std::string::npos);
}

TEST_CASE("an account's day: baseline, routine, sweep, nothing, sweep again, done") {
  const auto windows = one_day();
  const SweepDelays delays{15min, 24h};
  Agenda agenda;
  CHECK(shown(purpose_at(windows, delays, agenda, false, at("2020-09-15T12:00:00Z"))) ==
        "baseline");
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-16T12:00:00Z"))) == "routine");
  // After the end, until the sweep is due, looks go on: the last gap needs an end.
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-17T00:10:00Z"))) == "routine");
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-17T00:15:00Z"))) == "sweep");
  note_sweep(agenda, windows, delays, Purpose::routine, at("2020-09-17T00:16:00Z"));
  CHECK(agenda.swept == 0);
  note_sweep(agenda, windows, delays, Purpose::sweep, at("2020-09-16T23:59:00Z"));
  CHECK(agenda.swept == 0);  // looked, but at an answer from before the end
  note_sweep(agenda, windows, delays, Purpose::sweep, at("2020-09-17T00:16:00Z"));
  CHECK(agenda.swept == 1);
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-17T12:00:00Z"))) == "nothing");
  CHECK(next_change(windows, delays, agenda, at("2020-09-17T12:00:00Z")) ==
        at("2020-09-18T00:00:00Z"));
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-18T00:00:00Z"))) ==
        "sweep_again");
  note_sweep(agenda, windows, delays, Purpose::sweep_again, at("2020-09-18T00:01:00Z"));
  CHECK_FALSE(next_change(windows, delays, agenda, at("2020-09-18T00:02:00Z")));
}

TEST_CASE("between two match days an account is swept and then watched again") {
  auto windows = one_day();
  Window second = windows[0];
  second.span = {at("2020-09-20T00:00:00Z"), at("2020-09-21T00:00:00Z")};
  second.certain = second.possible = second.span;
  windows.push_back(second);
  const SweepDelays delays{15min, 24h};
  Agenda agenda;
  note_sweep(agenda, windows, delays, Purpose::sweep, at("2020-09-17T00:16:00Z"));
  CHECK(agenda.swept == 1);
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-17T12:00:00Z"))) == "routine");
  CHECK(shown(purpose_at(windows, delays, agenda, true, at("2020-09-18T12:00:00Z"))) ==
        "sweep_again");
}
