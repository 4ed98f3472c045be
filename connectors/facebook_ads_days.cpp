#include "connectors/facebook_ads.h"

#include <algorithm>

namespace pw {
namespace {

constexpr Millis one_day = std::chrono::hours(24);
constexpr std::size_t days_max = 31;

Instant day_of(Instant t) {
  return std::chrono::time_point_cast<Millis>(std::chrono::floor<std::chrono::days>(t));
}

}  // namespace

std::vector<Interval> days_of(const AdDelivery& delivery, Instant known_until,
                              const std::optional<Interval>& judged) {
  const Instant first = day_of(delivery.start);
  // On its first day an ad was delivered, whatever the library has yet to learn;
  // of the others only the days that were over when it last learned anything.
  Instant end = std::max(day_of(known_until), first + one_day);
  if (delivery.stop) {
    const Instant stop = *delivery.stop + (delivery.stop_is_day ? one_day : Millis{0});
    end = std::max(stop, delivery.start + Millis{1});
  }
  Instant day = judged ? std::max(first, day_of(judged->start)) : first;
  std::vector<Interval> days;
  for (; day < end && days.size() < days_max; day += one_day) {
    if (judged && day >= judged->end) break;
    days.push_back({std::max(day, delivery.start), std::min(day + one_day, end)});
  }
  return days;
}

}  // namespace pw
