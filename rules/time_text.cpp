#include "rules/time_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "daemon/core/ascii.h"

namespace pw::cel {
namespace {

constexpr std::int64_t nanos_per_second = 1'000'000'000;

// `count` digits at the front of `text`, or nothing.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86'400};
}

std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int32_t nanos = 0;
  int digits = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
    if (digits < 9) nanos = nanos * 10 + (text.front() - '0');
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return west ? -seconds : seconds;
}

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};

// Longer names first.
constexpr std::array<Unit, 8> units = {{
    {"ns", 1},
    {"us", 1'000},
    {"µs", 1'000},
    {"μs", 1'000},
    {"ms", 1'000'000},
    {"h", 3'600 * nanos_per_second},
    {"m", 60 * nanos_per_second},
    {"s", nanos_per_second},
}};

const Unit* take_unit(std::string_view& text) {
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

__extension__ using Wide = __int128;
constexpr Wide wide_max = Wide{1} << 100;

// "1.5h" at the front of `text`, in nanoseconds; digits below one are dropped.
std::optional<Wide> take_span(std::string_view& text) {
  Wide whole = 0;
  Wide fraction = 0;
  Wide scale = 1;
  std::size_t digits = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
    whole = whole * 10 + (text.front() - '0');
    if (whole > (Wide{1} << 64)) return std::nullopt;
  }
  if (take(text, '.')) {
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
      if (scale >= nanos_per_second * Wide{1'000'000}) continue;
      fraction = fraction * 10 + (text.front() - '0');
      scale *= 10;
    }
  }
  const Unit* const unit = digits == 0 ? nullptr : take_unit(text);
  if (unit == nullptr) return std::nullopt;
  return whole * unit->nanos + fraction * unit->nanos / scale;
}

// "123000000" nanoseconds as ".123"; nothing for zero.
std::string print_fraction(std::int64_t nanos) {
  if (nanos == 0) return {};
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), ".%09lld", static_cast<long long>(nanos));
  std::string text = digits.data();
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

bool is_in_range(Time time) {
  return time.seconds >= time_seconds_min && time.seconds <= time_seconds_max;
}

std::optional<Time> time_after(Time time, std::int64_t nanos) {
  std::int64_t seconds = time.seconds + nanos / nanos_per_second;
  std::int64_t rest = time.nanos + nanos % nanos_per_second;
  if (rest < 0) {
    rest += nanos_per_second;
    --seconds;
  } else if (rest >= nanos_per_second) {
    rest -= nanos_per_second;
    ++seconds;
  }
  const Time result{seconds, static_cast<std::int32_t>(rest)};
  if (!is_in_range(result)) return std::nullopt;
  return result;
}

std::optional<std::int64_t> nanos_between(Time from, Time to) {
  const Wide nanos =
      (Wide{to.seconds} - from.seconds) * nanos_per_second + (Wide{to.nanos} - from.nanos);
  const auto result = static_cast<std::int64_t>(nanos);
  if (Wide{result} != nanos) return std::nullopt;
  return result;
}

std::optional<Time> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || (!take(text, 'T') && !take(text, 't'))) return std::nullopt;
  const auto of_day = take_time_of_day(text);
  const auto nanos = of_day ? take_fraction(text) : std::nullopt;
  const auto offset = nanos ? take_offset(text) : std::nullopt;
  if (!offset || !text.empty()) return std::nullopt;
  const Time time{*date + *of_day - *offset, *nanos};
  if (!is_in_range(time)) return std::nullopt;
  return time;
}

std::string print_time(Time time) {
  const std::chrono::sys_seconds at{std::chrono::seconds(time.seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto of_day = (at - day).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(of_day / 3600),
                static_cast<int>(of_day % 3600 / 60), static_cast<int>(of_day % 60));
  return text.data() + print_fraction(time.nanos) + "Z";
}

std::optional<std::int64_t> parse_span(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!take(text, '-')) take(text, '+');
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  Wide sum = 0;
  while (!text.empty()) {
    const auto part = take_span(text);
    if (!part) return std::nullopt;
    sum += *part;
    if (sum > wide_max) return std::nullopt;
  }
  if (negative) sum = -sum;
  const auto nanos = static_cast<std::int64_t>(sum);
  if (Wide{nanos} != sum) return std::nullopt;
  return nanos;
}

std::string print_span(std::int64_t nanos) {
  const std::int64_t seconds = nanos / nanos_per_second;
  const std::int64_t rest = nanos % nanos_per_second;
  std::string text = nanos < 0 ? "-" : "";
  text += std::to_string(seconds < 0 ? -seconds : seconds);
  text += print_fraction(rest < 0 ? -rest : rest);
  return text + "s";
}

}  // namespace pw::cel
