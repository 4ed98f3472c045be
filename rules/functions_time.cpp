// Parts of timestamps and durations, and dates for people.
#include <array>
#include <chrono>
#include <cstdio>

#include "rules/code_points.h"
#include "rules/functions.h"
#include "rules/zones.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;
using Part = std::int64_t (*)(std::chrono::local_seconds wall, Time time);

std::chrono::local_days day_of(std::chrono::local_seconds wall) {
  return std::chrono::floor<std::chrono::days>(wall);
}
std::chrono::year_month_day date_of(std::chrono::local_seconds wall) {
  return std::chrono::year_month_day(day_of(wall));
}
std::int64_t second_of_day(std::chrono::local_seconds wall) {
  return (wall - day_of(wall)).count();
}

std::int64_t full_year(std::chrono::local_seconds wall, Time) {
  return static_cast<int>(date_of(wall).year());
}
std::int64_t month(std::chrono::local_seconds wall, Time) {
  return static_cast<unsigned>(date_of(wall).month()) - std::int64_t{1};
}
std::int64_t date(std::chrono::local_seconds wall, Time) {
  return static_cast<unsigned>(date_of(wall).day());
}
std::int64_t day_of_month(std::chrono::local_seconds wall, Time time) {
  return date(wall, time) - 1;
}
std::int64_t day_of_week(std::chrono::local_seconds wall, Time) {
  return std::chrono::weekday(day_of(wall)).c_encoding();
}
std::int64_t day_of_year(std::chrono::local_seconds wall, Time) {
  const std::chrono::local_days new_year{
      std::chrono::year_month_day{date_of(wall).year(), std::chrono::January, std::chrono::day(1)}};
  return (day_of(wall) - new_year).count();
}
std::int64_t hours(std::chrono::local_seconds wall, Time) { return second_of_day(wall) / 3600; }
std::int64_t minutes(std::chrono::local_seconds wall, Time) {
  return second_of_day(wall) % 3600 / 60;
}
std::int64_t seconds(std::chrono::local_seconds wall, Time) { return second_of_day(wall) % 60; }
std::int64_t milliseconds(std::chrono::local_seconds, Time time) { return time.nanos / 1'000'000; }

Value no_zone(Context& context, const Value& zone) {
  return context.make_error("no time zone '" + std::string(cut(zone.view(), 60)) + "'");
}

// In UTC, or in the zone of the second argument.
template <Part part>
Value part_of_time(Context& context, Arguments a) {
  if (a.size() == 1) {
    const std::chrono::local_seconds wall{std::chrono::seconds(a[0].time.seconds)};
    return Value::of(part(wall, a[0].time));
  }
  if (!context.spend(100)) return Context::out_of_work();
  const auto clock = clock_in(a[0].time, a[1].view());
  return clock ? Value::of(part(clock->wall, a[0].time)) : no_zone(context, a[1]);
}

// "2020-09-16 09:12 EDT"
Value format_time(Context& context, Arguments a) {
  if (!context.spend(100)) return Context::out_of_work();
  const auto clock = clock_in(a[0].time, a[1].view());
  if (!clock) return no_zone(context, a[1]);
  const auto day = date_of(clock->wall);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d ", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                static_cast<int>(hours(clock->wall, a[0].time)),
                static_cast<int>(minutes(clock->wall, a[0].time)));
  return context.make_string(text.data() + clock->abbreviation);
}

constexpr std::int64_t second_nanos = 1'000'000'000;

Value duration_hours(Context&, Arguments a) {
  return Value::of(a[0].nanos / (3600 * second_nanos));
}
Value duration_minutes(Context&, Arguments a) {
  return Value::of(a[0].nanos / (60 * second_nanos));
}
Value duration_seconds(Context&, Arguments a) { return Value::of(a[0].nanos / second_nanos); }
// The part below a second, unlike the others.
Value duration_milliseconds(Context&, Arguments a) {
  return Value::of(a[0].nanos % second_nanos / 1'000'000);
}

constexpr std::array time_table = {
    FunctionRow{"timestamp.getFullYear() -> int", part_of_time<full_year>},
    FunctionRow{"timestamp.getFullYear(string) -> int", part_of_time<full_year>},
    FunctionRow{"timestamp.getMonth() -> int", part_of_time<month>},
    FunctionRow{"timestamp.getMonth(string) -> int", part_of_time<month>},
    FunctionRow{"timestamp.getDate() -> int", part_of_time<date>},
    FunctionRow{"timestamp.getDate(string) -> int", part_of_time<date>},
    FunctionRow{"timestamp.getDayOfMonth() -> int", part_of_time<day_of_month>},
    FunctionRow{"timestamp.getDayOfMonth(string) -> int", part_of_time<day_of_month>},
    FunctionRow{"timestamp.getDayOfWeek() -> int", part_of_time<day_of_week>},
    FunctionRow{"timestamp.getDayOfWeek(string) -> int", part_of_time<day_of_week>},
    FunctionRow{"timestamp.getDayOfYear() -> int", part_of_time<day_of_year>},
    FunctionRow{"timestamp.getDayOfYear(string) -> int", part_of_time<day_of_year>},
    FunctionRow{"timestamp.getHours() -> int", part_of_time<hours>},
    FunctionRow{"timestamp.getHours(string) -> int", part_of_time<hours>},
    FunctionRow{"timestamp.getMinutes() -> int", part_of_time<minutes>},
    FunctionRow{"timestamp.getMinutes(string) -> int", part_of_time<minutes>},
    FunctionRow{"timestamp.getSeconds() -> int", part_of_time<seconds>},
    FunctionRow{"timestamp.getSeconds(string) -> int", part_of_time<seconds>},
    FunctionRow{"timestamp.getMilliseconds() -> int", part_of_time<milliseconds>},
    FunctionRow{"timestamp.getMilliseconds(string) -> int", part_of_time<milliseconds>},
    FunctionRow{"timestamp.format(string) -> string", format_time},
    FunctionRow{"duration.getHours() -> int", duration_hours},
    FunctionRow{"duration.getMinutes() -> int", duration_minutes},
    FunctionRow{"duration.getSeconds() -> int", duration_seconds},
    FunctionRow{"duration.getMilliseconds() -> int", duration_milliseconds},
};

}  // namespace

std::span<const FunctionRow> time_rows() { return time_table; }

}  // namespace pw::cel
