// Time zones, through Howard Hinnant's library over the system's tzdata
// (g++ 12 has no std::chrono::tzdb).
#include <algorithm>

#include <date/tz.h>

#include "daemon/core/time.h"

namespace pw {
namespace {

const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

bool is_zone(std::string_view name) { return find_zone(name) != nullptr; }

std::vector<std::string_view> zone_names() {
  std::vector<std::string_view> names;
  const date::tzdb& db = date::get_tzdb();
  for (const auto& zone : db.zones) names.push_back(zone.name());
  return names;
}

std::optional<Instant> in_zone(LocalTime local, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  if (zone == nullptr) return std::nullopt;
  const auto day =
      date::local_days{date::year{local.year} / date::month{local.month} / date::day{local.day}};
  const auto wall = day + local.of_day;
  const date::local_info info = zone->get_info(wall);
  // A skipped time means the moment of the change.
  if (info.result == date::local_info::nonexistent) {
    return std::chrono::time_point_cast<Millis>(info.second.begin);
  }
  return Instant{wall.time_since_epoch() - info.first.offset};
}

std::string print_in_zone(Instant t, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  if (zone == nullptr) return print_rfc3339(t);
  return date::format("%Y-%m-%d %H:%M:%S %Z",
                      date::make_zoned(zone, std::chrono::floor<std::chrono::seconds>(t)));
}

}  // namespace pw
