#include "rules/zones.h"

#include <date/tz.h>

#include <stdexcept>

#include "daemon/core/ascii.h"

namespace pw::cel {
namespace {

// "+02:00", "-09:30" or "02:00", in seconds.
std::optional<int> fixed_offset(std::string_view zone) {
  const bool west = zone.starts_with('-');
  if (west || zone.starts_with('+')) zone.remove_prefix(1);
  if (zone.size() != 5 || zone[2] != ':') return std::nullopt;
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (!is_digit(zone[i])) return std::nullopt;
  }
  const int hours = (zone[0] - '0') * 10 + (zone[1] - '0');
  const int minutes = (zone[3] - '0') * 10 + (zone[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

std::chrono::local_seconds wall_at(std::int64_t seconds) {
  return std::chrono::local_seconds{std::chrono::seconds(seconds)};
}

}  // namespace

std::optional<LocalClock> clock_in(Time time, std::string_view zone) {
  if (zone == "UTC") return LocalClock{wall_at(time.seconds), "UTC"};
  if (const auto offset = fixed_offset(zone)) {
    return LocalClock{wall_at(time.seconds + *offset), std::string(zone)};
  }
  try {
    const date::time_zone* const found = date::locate_zone(std::string(zone));
    const date::sys_info info =
        found->get_info(date::sys_seconds{std::chrono::seconds(time.seconds)});
    return LocalClock{wall_at(time.seconds + info.offset.count()), info.abbrev};
  } catch (const std::runtime_error&) {
    return std::nullopt;  // no such zone
  }
}

}  // namespace pw::cel
