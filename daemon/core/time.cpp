#include "daemon/core/time.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Millis second_ms{1000};
constexpr Millis minute_ms{60'000};
constexpr Millis hour_ms{3'600'000};
constexpr Millis day_ms{86'400'000};

// Reads a text from the left; every step fails for good once one has failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    if (!ok_ || rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) { ok_ = take(c) && ok_; }
  void need(std::string_view word) {
    if (!rest_.starts_with(word)) {
      ok_ = false;
      return;
    }
    rest_.remove_prefix(word.size());
  }

  // Exactly `digits` decimal digits.
  int number(std::size_t digits) {
    int value = 0;
    ok_ = ok_ && rest_.size() >= digits;
    for (std::size_t i = 0; ok_ && i < digits; ++i) {
      ok_ = is_digit(rest_[i]);
      value = value * 10 + (rest_[i] - '0');
    }
    if (!ok_) return 0;
    rest_.remove_prefix(digits);
    return value;
  }

  // One or more digits after a point, kept to the millisecond.
  Millis fraction() {
    int value = 0;
    int digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
      ++digits;
    }
    if (digits == 0) ok_ = false;
    for (; digits < 3; ++digits) value *= 10;
    return Millis{value};
  }

  std::string_view letters(std::size_t count) {
    const std::string_view word = rest_.substr(0, count);
    if (word.size() < count) ok_ = false;
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};

std::optional<Instant> instant_of(int year, int month, int day, Millis of_day) {
  if (year < 1) return std::nullopt;
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Instant{sys_days(date).time_since_epoch()} + of_day;
}

// hh:mm[:ss[.fff]]; second 60 is the last millisecond of its minute.
std::optional<Millis> time_of_day(Scanner& scan, bool seconds_needed) {
  const int hour = scan.number(2);
  scan.need(':');
  const int minute = scan.number(2);
  int second = 0;
  Millis fraction{0};
  if (seconds_needed || scan.peek() == ':') {
    scan.need(':');
    second = scan.number(2);
    if (scan.take('.')) fraction = scan.fraction();
  }
  if (!scan.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  if (second == 60) {
    second = 59;
    fraction = Millis{999};
  }
  const Millis of_day = hour * hour_ms + minute * minute_ms + second * second_ms + fraction;
  if (of_day > day_ms) return std::nullopt;
  return of_day;
}

// "Z", "+02:00", "+0200", "-00:00".
std::optional<Millis> utc_offset(Scanner& scan) {
  if (scan.take('Z') || scan.take('z')) return Millis{0};
  const bool west = scan.peek() == '-';
  if (!scan.take('+') && !scan.take('-')) return std::nullopt;
  const int hours = scan.number(2);
  scan.take(':');
  const int minutes = scan.number(2);
  if (!scan.ok() || hours > 23 || minutes > 59) return std::nullopt;
  const Millis offset = hours * hour_ms + minutes * minute_ms;
  return west ? -offset : offset;
}

int month_number(std::string_view name) {
  const auto it = std::find(month_names.begin(), month_names.end(), name);
  return it == month_names.end() ? 0 : static_cast<int>(it - month_names.begin()) + 1;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Instant> parse_imf_fixdate(std::string_view text) {
  Scanner scan(text);
  scan.letters(3);
  scan.need(", ");
  const int day = scan.number(2);
  scan.need(' ');
  const int month = month_number(scan.letters(3));
  scan.need(' ');
  const int year = scan.number(4);
  scan.need(' ');
  const auto of_day = time_of_day(scan, /*seconds_needed=*/true);
  scan.need(" GMT");
  if (!scan.done() || !of_day || month == 0) return std::nullopt;
  return instant_of(year, month, day, *of_day);
}

// "Sunday, 06-Nov-94 08:49:37 GMT"; two-digit years below 70 are of this century.
std::optional<Instant> parse_rfc850_date(std::string_view text) {
  const std::size_t comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  Scanner scan(text.substr(comma + 2));
  const int day = scan.number(2);
  scan.need('-');
  const int month = month_number(scan.letters(3));
  scan.need('-');
  const int year = scan.number(2);
  scan.need(' ');
  const auto of_day = time_of_day(scan, /*seconds_needed=*/true);
  scan.need(" GMT");
  if (!scan.done() || !of_day || month == 0) return std::nullopt;
  return instant_of(year < 70 ? 2000 + year : 1900 + year, month, day, *of_day);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<Instant> parse_asctime(std::string_view text) {
  Scanner scan(text);
  scan.letters(3);
  scan.need(' ');
  const int month = month_number(scan.letters(3));
  scan.need(' ');
  const int day = scan.take(' ') ? scan.number(1) : scan.number(2);
  scan.need(' ');
  const auto of_day = time_of_day(scan, /*seconds_needed=*/true);
  scan.need(' ');
  const int year = scan.number(4);
  if (!scan.done() || !of_day || month == 0) return std::nullopt;
  return instant_of(year, month, day, *of_day);
}

struct Unit {
  std::string_view name;
  Millis span;
};

}  // namespace

Interval intersect(Interval a, Interval b) {
  return {std::max(a.start, b.start), std::min(a.end, b.end)};
}

std::string print_rfc3339(Instant t) {
  const auto day = std::chrono::floor<days>(t);
  const year_month_day date(day);
  const Millis of_day = t - day;
  const int year = static_cast<int>(date.year());
  // Every leaf of the log has such times in it: printf would take most of its making.
  if (year >= 0 && year <= 9999) {
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&](std::size_t end, std::int64_t value) {
      for (std::size_t i = end; value > 0; --i, value /= 10) {
        text[i] = static_cast<char>('0' + value % 10);
      }
    };
    put(3, year);
    put(6, static_cast<unsigned>(date.month()));
    put(9, static_cast<unsigned>(date.day()));
    put(12, of_day / hour_ms);
    put(15, of_day % hour_ms / minute_ms);
    put(18, of_day % minute_ms / second_ms);
    put(22, (of_day % second_ms).count());
    return text;
  }
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(of_day / hour_ms),
                static_cast<int>(of_day % hour_ms / minute_ms),
                static_cast<int>(of_day % minute_ms / second_ms),
                static_cast<int>((of_day % second_ms).count()));
  return text.data();
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Scanner scan(text);
  const int year = scan.number(4);
  scan.need('-');
  const int month = scan.number(2);
  scan.need('-');
  const int day = scan.number(2);
  if (!scan.take('T') && !scan.take('t') && !scan.take(' ')) return std::nullopt;
  const auto of_day = time_of_day(scan, /*seconds_needed=*/true);
  if (!of_day) return std::nullopt;
  const auto offset = utc_offset(scan);
  if (!offset || !scan.done()) return std::nullopt;
  const auto local = instant_of(year, month, day, *of_day);
  if (!local) return std::nullopt;
  return *local - *offset;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  if (const auto t = parse_imf_fixdate(text)) return t;
  if (const auto t = parse_rfc850_date(text)) return t;
  return parse_asctime(text);
}

std::string print_http_date(Instant t) {
  const auto day = std::chrono::floor<days>(t);
  const year_month_day date(day);
  const Millis of_day = t - day;
  std::array<char, 48> text{};
  std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      day_names[std::chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
      month_names[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
      static_cast<int>(of_day / hour_ms), static_cast<int>(of_day % hour_ms / minute_ms),
      static_cast<int>(of_day % minute_ms / second_ms));
  return text.data();
}

std::optional<Millis> parse_duration(std::string_view text) {
  constexpr std::array<Unit, 5> units = {Unit{"ms", Millis{1}}, Unit{"s", second_ms},
                                         Unit{"m", minute_ms}, Unit{"h", hour_ms},
                                         Unit{"d", day_ms}};
  constexpr std::int64_t count_max = 1'000'000'000;  // keeps every product in range
  if (text.empty()) return std::nullopt;
  Millis sum{0};
  while (!text.empty()) {
    std::int64_t count = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      count = count * 10 + (text[digits] - '0');
      if (count > count_max) return std::nullopt;
    }
    text.remove_prefix(digits);
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto name_end = std::find_if_not(text.begin(), text.end(), letter);
    const std::string_view name = text.substr(0, static_cast<std::size_t>(name_end - text.begin()));
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
    if (digits == 0 || unit == units.end()) return std::nullopt;
    sum += count * unit->span;
    text.remove_prefix(name.size());
  }
  return sum;
}

std::string print_duration(Millis span) {
  constexpr std::array<Unit, 5> units = {Unit{" d", day_ms}, Unit{" h", hour_ms},
                                         Unit{" min", minute_ms}, Unit{" s", second_ms},
                                         Unit{" ms", Millis{1}}};
  if (span < Millis{0}) return "-" + print_duration(-span);
  std::string text;
  int named = 0;
  for (const Unit& unit : units) {
    const auto count = span / unit.span;
    // Milliseconds beside minutes would pretend to a precision nobody needs.
    if (count == 0 || named == 2 || (unit.span == Millis{1} && named > 0)) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(count);
    text += unit.name;
    span -= count * unit.span;
    ++named;
  }
  return text.empty() ? "0 s" : text;
}

std::optional<LocalTime> parse_local_time(std::string_view text) {
  Scanner scan(text);
  LocalTime local;
  local.year = scan.number(4);
  scan.need('-');
  local.month = static_cast<unsigned>(scan.number(2));
  scan.need('-');
  local.day = static_cast<unsigned>(scan.number(2));
  if (!scan.ok()) return std::nullopt;
  if (!scan.done()) {
    if (!scan.take('T') && !scan.take(' ')) return std::nullopt;
    const auto of_day = time_of_day(scan, /*seconds_needed=*/false);
    if (!of_day || !scan.done()) return std::nullopt;
    local.of_day = *of_day;
  }
  if (!instant_of(local.year, static_cast<int>(local.month), static_cast<int>(local.day),
                  Millis{0})) {
    return std::nullopt;
  }
  return local;
}

}  // namespace pw
