#include "daemon/poll/plan.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pw {
namespace {

struct Rates {
  double all = 0;      // requests per millisecond
  double largest = 0;  // of the group whose loss costs most
  std::size_t groups = 0;
  bool unlimited = false;
};

Rates rates_of(const LanePlan& lane) {
  Rates rates;
  std::map<std::string, double> groups;
  for (std::size_t i = 0; i < lane.budgets.size(); ++i) {
    if (lane.budgets[i].requests <= 0) {
      rates.unlimited = true;
      continue;
    }
    const double rate = Meter(lane.budgets[i]).hourly() / 3.6e6;
    const std::string app = i < lane.apps.size() ? lane.apps[i] : std::string();
    groups[app.empty() ? "#" + std::to_string(i) : app] += rate;
    rates.all += rate;
  }
  for (const auto& [app, rate] : groups) rates.largest = std::max(rates.largest, rate);
  rates.groups = groups.size();
  return rates;
}

// The spacing at which `rate` pays for every account's looks.
Millis spacing(const LanePlan& lane, double rate) {
  const Millis least = std::max(lane.wish, lane.floor);
  if (rate <= 0) return least;
  const double needed = lane.accounts * lane.cost / (rate * budget_share);
  return std::max(least, Millis(static_cast<std::int64_t>(std::ceil(needed))));
}

}  // namespace

Promise promise_of(const LanePlan& lane, Millis answer_max) {
  const Rates rates = rates_of(lane);
  Promise promise;
  promise.one_group = !lane.apps.empty() && rates.groups <= 1;
  promise.interval = spacing(lane, rates.unlimited ? 0 : rates.all);
  const double left = rates.groups > 1 ? rates.all - rates.largest : rates.all;
  promise.degraded = spacing(lane, rates.unlimited ? 0 : left);
  promise.gap_max = 2 * promise.degraded + answer_max + lane.lag;
  promise_gap(promise, lane, promise.gap_max, answer_max);
  return promise;
}

// Served by who has waited longest once a group is lost, nobody waits longer than
// the larger of the degraded spacing and the spacing before: so a spacing of half the
// gap keeps it, one failed look included.
void promise_gap(Promise& promise, const LanePlan& lane, Millis gap_max, Millis answer_max) {
  promise.gap_max = gap_max;
  const bool scarce = promise.interval > std::max(lane.wish, lane.floor);
  const Millis longest = (gap_max - answer_max - lane.lag) / 2;
  promise.interval_max = scarce ? std::max(promise.interval, longest) : promise.interval;
  promise.detection_max = promise.interval_max + answer_max + lane.lag;
}

Millis gap_ceiling(Millis window) { return window / 8; }

std::string infeasible(const LanePlan& lane, const Promise& promise, Millis ceiling) {
  if (promise.gap_max <= ceiling) return {};
  const Millis fixed = promise.gap_max - 2 * promise.degraded;
  std::string text = lane.name + ": with " + std::to_string(lane.accounts) +
                     " accounts the longest gap that can be promised is " +
                     print_duration(promise.gap_max) + ", over the ceiling of " +
                     print_duration(ceiling) +
                     " (an eighth of the window), so no account here can be called kept. ";
  if (fixed >= ceiling || 2 * std::max(lane.wish, lane.floor) + fixed > ceiling) {
    return text +
           "Ways out: a shorter interval, a longer window, or leave this platform out of the "
           "pledge.";
  }
  const double factor = static_cast<double>((ceiling - fixed).count()) /
                        static_cast<double>((2 * promise.degraded).count());
  const int accounts = std::max(1, static_cast<int>(lane.accounts * factor));
  const int times = static_cast<int>(std::ceil(1 / factor));
  return text + "Ways out: " + std::to_string(times) +
         " times the budget (more members' credentials), at most " + std::to_string(accounts) +
         " accounts here, or a longer window.";
}

}  // namespace pw
