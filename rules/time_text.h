// Timestamps and durations: their arithmetic and their text forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/value.h"

namespace pw::cel {

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds since 1970.
inline constexpr std::int64_t time_seconds_min = -62'135'596'800;
inline constexpr std::int64_t time_seconds_max = 253'402'300'799;

bool is_in_range(Time time);

// Nothing when the result leaves its range.
std::optional<Time> time_after(Time time, std::int64_t nanos);
std::optional<std::int64_t> nanos_between(Time from, Time to);

// RFC 3339 with up to nine digits of a fraction; nothing out of range.
std::optional<Time> parse_time(std::string_view text);
// "2009-02-13T23:31:30.123Z", the fraction as short as it is exact.
std::string print_time(Time time);

// "1h30m", "-1.5s", "250ms", "10us", "3ns", "0".
std::optional<std::int64_t> parse_span(std::string_view text);
// "5400s", "-1.5s".
std::string print_span(std::int64_t nanos);

}  // namespace pw::cel
