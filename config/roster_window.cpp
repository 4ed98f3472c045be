#include <algorithm>

#include "config/roster.h"

namespace pw {
namespace {

// The zones of this earth reach from UTC-12 (Etc/GMT+12) to UTC+14
// (Pacific/Kiritimati; tzdata 2024).
constexpr Millis west_most = std::chrono::hours(12);
constexpr Millis east_most = std::chrono::hours(14);

}  // namespace

std::optional<Window> window_in(const WindowConfig& config, Millis grace, std::string_view zone,
                                bool zone_assumed) {
  const std::optional<Instant> start = in_zone(config.start, zone);
  const std::optional<Instant> end = in_zone(config.end, zone);
  if (!start || !end || *end <= *start) return std::nullopt;
  Window window{.span = {*start, *end},
                .certain = {*start, *end},
                .possible = {*start, *end},
                .zone = std::string(zone),
                .zone_assumed = zone_assumed,
                .grace = grace};
  if (!zone_assumed) return window;
  const Instant start_utc = *in_zone(config.start, "Etc/UTC");
  const Instant end_utc = *in_zone(config.end, "Etc/UTC");
  window.possible = {start_utc - east_most, end_utc + west_most};
  // No moment of a day of 24 hours belongs to it in every zone.
  const Instant certain_start = start_utc + west_most;
  window.certain = {certain_start, std::max(certain_start, end_utc - east_most)};
  return window;
}

}  // namespace pw
