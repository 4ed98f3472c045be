#include "daemon/rehearsal/ad_days.h"

#include <algorithm>

namespace pw {
namespace {

constexpr Millis one_day = std::chrono::hours(24);
constexpr std::size_t days_max = 31;

Instant day_of(Instant t) {
  return std::chrono::time_point_cast<Millis>(std::chrono::floor<std::chrono::days>(t));
}

}  // namespace

std::vector<AdDay> delivery_days(const SimPost& ad, const Interval& among) {
  const Instant first = day_of(ad.created);
  const Instant last = ad.deleted ? day_of(*ad.deleted) : Instant::max();
  std::vector<AdDay> days;
  for (Instant day = std::max(first, day_of(among.start));
       day < among.end && day <= last && days.size() < days_max; day += one_day) {
    // The first day is known at once, the last when it stops, any other when it is over.
    Instant told = day == first ? ad.created : day + one_day;
    if (ad.deleted) told = std::min(told, *ad.deleted);
    days.push_back({ad.id + '/' + print_rfc3339(day).substr(0, 10), {day, day + one_day}, told});
  }
  return days;
}

}  // namespace pw
