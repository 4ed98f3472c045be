// What clocks show in a zone: an IANA name ("America/New_York") or a fixed
// offset ("+02:00", "-09:30", "02:00").
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rules/value.h"

namespace pw::cel {

struct LocalClock {
  std::chrono::local_seconds wall;  // what the clock on the wall shows
  std::string abbreviation;         // "EDT", "UTC", "+02:00"
};

// Nothing when there is no such zone.
std::optional<LocalClock> clock_in(Time time, std::string_view zone);

}  // namespace pw::cel
