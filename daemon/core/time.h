// Points and spans of wall time, and their text forms. An Instant is compared
// with posts and written to the log, so it is UTC in whole milliseconds; what
// must not jump with the wall clock is measured by Clock::steady() instead.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

using Millis = std::chrono::milliseconds;
using Instant = std::chrono::time_point<std::chrono::system_clock, Millis>;

// Half-open: `start` belongs to it, `end` does not.
struct Interval {
  Instant start;
  Instant end;

  bool empty() const { return end <= start; }
  bool contains(Instant t) const { return start <= t && t < end; }
  Millis length() const { return empty() ? Millis{0} : end - start; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

Interval intersect(Interval a, Interval b);

constexpr Instant instant_of_ms(std::int64_t ms) { return Instant{Millis{ms}}; }
constexpr std::int64_t ms_of(Instant t) { return t.time_since_epoch().count(); }

// "2026-09-16T14:03:27.512Z": always UTC, always three digits (RFC 3339).
std::string print_rfc3339(Instant t);

// RFC 3339 with any offset, and the forms platforms really send: `+0000`
// without a colon (Meta), a space for the `T`, any number of fraction digits
// (kept to the millisecond). A text without an offset is refused. Second 60 is
// read as the last millisecond of its minute. Years 1 to 9999.
std::optional<Instant> parse_rfc3339(std::string_view text);

// The three forms of an HTTP-date (RFC 9110 section 5.6.7).
std::optional<Instant> parse_http_date(std::string_view text);
std::string print_http_date(Instant t);

// "90s", "5m", "1h30m", "250ms", "2d"; nothing negative, nothing without a unit.
std::optional<Millis> parse_duration(std::string_view text);

// For people: "26 h 3 min", "7 min 30 s", "12 s", "250 ms"; at most two units.
std::string print_duration(Millis span);

// A date and time of day as a calendar on a wall shows it, in no zone yet.
struct LocalTime {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  Millis of_day{0};  // may be exactly 24 h: the end of that day
  friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

// "2020-09-16T00:00", "2020-09-16T00:00:00", "2020-09-16"; `T24:00` is allowed.
std::optional<LocalTime> parse_local_time(std::string_view text);

// The moment at which clocks in `zone` (an IANA name) show `local`. A time that
// a clock change skips means the moment of the change; one that comes twice
// means the first. Nothing when the zone is unknown to the system's tzdata.
std::optional<Instant> in_zone(LocalTime local, std::string_view zone);
bool is_zone(std::string_view name);
// All zone names of the system's tzdata, for suggestions.
std::vector<std::string_view> zone_names();
// "2020-09-16 09:12:05 EDT", for people who live in `zone`.
std::string print_in_zone(Instant t, std::string_view zone);

}  // namespace pw
