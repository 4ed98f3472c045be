#include "daemon/poll/habit.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace pw {
namespace {

constexpr double day_ms = 86'400'000;

double bounded(const LookShare& share, double interval) {
  return std::clamp(interval, static_cast<double>(share.least.count()),
                    static_cast<double>(share.most.count()));
}

double looks_at(const LookShare& share, std::span<const double> habits, double scale) {
  double looks = 0;
  for (const double habit : habits) looks += 1 / bounded(share, scale / std::sqrt(habit));
  return looks;
}

}  // namespace

double posts_per_day(std::vector<Instant> posted, Instant now) {
  // A quarter of a day at the usual rate, added to what was seen.
  constexpr double days_added = 0.25;
  std::erase_if(posted, [&](Instant at) { return at > now; });
  if (posted.empty()) return posts_per_day_usual;
  std::sort(posted.begin(), posted.end(), std::greater<>());
  const std::size_t newer = (posted.size() + 1) / 2;
  const double days = static_cast<double>((now - posted[newer - 1]).count()) / day_ms;
  const double rate =
      (static_cast<double>(newer) + posts_per_day_usual * days_added) / (days + days_added);
  return std::clamp(rate, 0.05, 100.0);
}

LookShare share_of(const LanePlan& lane, const Promise& promise) {
  LookShare share;
  const bool stretches = promise.interval_max > promise.interval;
  share.least = stretches ? std::max(lane.wish, lane.floor) : promise.interval;
  share.most = promise.interval_max;
  // What the even spacing takes, neither more nor less.
  share.looks_per_ms = lane.accounts / static_cast<double>(promise.interval.count());
  return share;
}

std::vector<Millis> share_looks(const LookShare& share, std::span<const double> habits) {
  if (!share.shares()) return std::vector<Millis>(habits.size(), share.least);
  // The larger the scale, the fewer looks: the least one that can be paid for.
  double low = 0;
  double high = static_cast<double>(share.most.count()) * 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (looks_at(share, habits, middle) > share.looks_per_ms ? low : high) = middle;
  }
  std::vector<Millis> intervals;
  for (const double habit : habits) {
    const double interval = std::ceil(bounded(share, high / std::sqrt(habit)));
    intervals.push_back(std::min(share.most, Millis(static_cast<std::int64_t>(interval))));
  }
  return intervals;
}

Millis expected_delay(std::span<const double> habits, std::span<const Millis> intervals) {
  double sum = 0;
  double posts = 0;
  for (std::size_t i = 0; i < habits.size(); ++i) {
    sum += habits[i] * static_cast<double>(intervals[i].count()) / 2;
    posts += habits[i];
  }
  return posts > 0 ? Millis(std::llround(sum / posts)) : Millis{0};
}

}  // namespace pw
