#include "connectors/feed/feed_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "connectors/feed/feed_zone.h"
#include "connectors/utf8.h"
#include "daemon/core/ascii.h"

namespace pw {
namespace {

constexpr std::size_t text_bytes_max = 120;

struct Parts {
  int year = -1;
  int month = -1;
  int day = -1;
  std::optional<Millis> of_day{};
  std::optional<FeedZone> zone{};
  bool carries = false;  // a day beyond its month is one of the next
  bool whole = true;     // false: a part that means nothing was left out
};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 14 && std::all_of(text.begin(), text.end(), is_digit);
}

int number_of(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : -1;
}

std::optional<FeedDate> assemble(const Parts& parts) {
  using std::chrono::year_month_day;
  if (parts.year < 1 || parts.year > 9999 || parts.month < 1 || parts.month > 12) {
    return std::nullopt;
  }
  const year_month_day first{std::chrono::year(parts.year),
                             std::chrono::month(static_cast<unsigned>(parts.month)),
                             std::chrono::day(1)};
  const int day = std::max(parts.day, 1);
  const std::chrono::year_month_day_last last(first.year(), first.month() / std::chrono::last);
  const bool beyond = day > static_cast<int>(static_cast<unsigned>(last.day()));
  if (day > 31 || (beyond && !parts.carries)) return std::nullopt;
  FeedDate result{
      Instant{(std::chrono::sys_days(first) + std::chrono::days(day - 1)).time_since_epoch()}};
  result.at += parts.of_day.value_or(Millis{0});
  if (parts.zone) result.at -= parts.zone->offset;
  result.precise =
      parts.of_day && parts.zone && parts.zone->certain && parts.day >= 1 && !beyond && parts.whole;
  return result;
}

// "14:03:27.512", "14:03", "9:05"; up to 24:00 and second 61.
std::optional<Millis> parse_time(std::string_view text) {
  std::array<int, 3> fields{};
  std::size_t count = 0;
  double fraction = 0;
  if (const std::size_t dot = text.find_first_of(".,"); dot != std::string_view::npos) {
    const std::string_view digits = text.substr(dot + 1);
    if (!digits.empty() && !std::all_of(digits.begin(), digits.end(), is_digit))
      return std::nullopt;
    double scale = 0.1;
    for (const char c : digits.substr(0, 6)) {
      fraction += (c - '0') * scale;
      scale /= 10;
    }
    text = text.substr(0, dot);
  }
  while (!text.empty() && count < fields.size()) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view field = text.substr(0, colon);
    if (!is_number(field) || field.size() > 2) return std::nullopt;
    fields[count++] = number_of(field);
    text.remove_prefix(std::min(colon + 1, text.size()));
  }
  if (!text.empty() || count == 0 || fields[0] > 24 || fields[1] > 59 || fields[2] > 61) {
    return std::nullopt;
  }
  return Millis{((fields[0] * 60 + fields[1]) * 60 + fields[2]) * 1000LL +
                static_cast<std::int64_t>(fraction * 1000 + 1e-6)};
}

// A time with a zone glued to it: "14:03:27Z", "14:03+02:00", "140327-0500".
bool read_time(std::string_view text, Parts& parts) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789:.,"), text.size());
  std::string time(text.substr(0, end));
  if (is_number(time) && (time.size() == 4 || time.size() == 6)) {
    if (time.size() == 6) time.insert(4, ":");
    time.insert(2, ":");
  }
  parts.of_day = parse_time(time);
  if (!parts.of_day) return false;
  const std::string_view zone = trimmed(text.substr(end));
  if (zone.empty()) return true;
  parts.zone = parse_feed_zone(zone);
  return parts.zone.has_value();
}

// A time whose zone is damaged or has something behind it, "14:03:27+00:xx",
// "14:03:27ztext": the longest start of it that can be read, never to be judged by.
bool read_damaged_time(std::string_view text, Parts& parts) {
  if (text.size() < 5 || !is_digit(text.front()) || text[2] != ':') return false;
  if (text.ends_with("am") || text.ends_with("pm")) return false;
  parts.whole = false;
  for (std::size_t size = text.size() - 1; size >= 5; --size) {
    if (read_time(text.substr(0, size), parts)) return true;
  }
  parts.of_day.reset();
  return false;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

int full_year(std::string_view digits) {
  const int year = number_of(digits);
  if (digits.size() > 2) return year;
  return year < 90 ? 2000 + year : 1900 + year;
}

void take(std::chrono::sys_days day, Parts& parts) {
  const std::chrono::year_month_day date{day};
  parts.year = static_cast<int>(date.year());
  parts.month = static_cast<int>(static_cast<unsigned>(date.month()));
  parts.day = static_cast<int>(static_cast<unsigned>(date.day()));
}

bool take_day_of_year(int year, int day, Parts& parts) {
  if (year < 1 || year > 9999 || day < 1 || day > 366) return false;
  take(std::chrono::sys_days(std::chrono::year(year) / 1 / 1) + std::chrono::days(day - 1), parts);
  return true;
}

// ISO 8601 weeks, which begin on Monday, the first being the one with 4 January:
// "2026-W38-3", "2026W383", "2026-W38".
bool read_week_day(std::string_view text, Parts& parts) {
  std::string plain;
  for (const char c : text) {
    if (c != '-') plain += c;
  }
  if ((plain.size() != 7 && plain.size() != 8) || plain[4] != 'w') return false;
  const std::string_view digits = plain;
  if (!is_number(digits.substr(0, 4)) || !is_number(digits.substr(5))) return false;
  const int year = number_of(digits.substr(0, 4));
  const int week = number_of(digits.substr(5, 2));
  const int day = digits.size() == 8 ? digits[7] - '0' : 1;
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return false;
  const std::chrono::sys_days fourth = std::chrono::year(year) / 1 / 4;
  const auto monday = fourth - (std::chrono::weekday(fourth) - std::chrono::Monday);
  take(monday + std::chrono::days((week - 1) * 7 + day - 1), parts);
  if (digits.size() == 7) parts.whole = false;
  return true;
}

// Years of two digits, of this century: "26259" (the day of the year), "260916",
// "-2609", "-26-09" (the month).
bool read_short_day(std::string_view text, Parts& parts) {
  const bool month_only = text.starts_with('-');
  if (month_only) {
    std::string digits(text.substr(1));
    std::erase(digits, '-');
    if (digits.size() != 4 || !is_number(digits)) return false;
    parts.year = 2000 + number_of(std::string_view(digits).substr(0, 2));
    parts.month = number_of(std::string_view(digits).substr(2));
    return true;
  }
  if (!is_number(text)) return false;
  const int year = 2000 + number_of(text.substr(0, 2));
  if (text.size() == 5) return take_day_of_year(year, number_of(text.substr(2)), parts);
  if (text.size() != 6) return false;
  parts.year = year;
  parts.month = number_of(text.substr(2, 2));
  parts.day = number_of(text.substr(4));
  return parts.day > 0;
}

// "2026-09-16", "2026-9", "2026", "20260916", "26-09-16", "2026-259" (the day of
// the year), "2026/09/16", "2026-július-16".
bool read_iso_day(std::string_view text, Parts& parts) {
  if (is_number(text) && text.size() == 8) {
    parts.year = number_of(text.substr(0, 4));
    parts.month = number_of(text.substr(4, 2));
    parts.day = number_of(text.substr(6, 2));
    return true;
  }
  if (read_week_day(text, parts) || read_short_day(text, parts)) return true;
  auto fields = split(text, "-/");
  if (fields.size() == 1 && is_number(text) && text.size() == 7) {
    fields = {text.substr(0, 4), text.substr(4)};
  }
  if (fields.empty() || fields.size() > 3 || !is_number(fields[0])) return false;
  if (fields[0].size() != 4 && !(fields[0].size() == 2 && fields.size() == 3)) return false;
  parts.year = fields[0].size() == 4 ? number_of(fields[0]) : 2000 + number_of(fields[0]);
  parts.month = 1;
  if (fields.size() == 2 && is_number(fields[1]) && fields[1].size() == 3) {
    return take_day_of_year(parts.year, number_of(fields[1]), parts);
  }
  if (fields.size() > 1) {
    parts.month = is_number(fields[1]) ? number_of(fields[1]) : month_of_name(fields[1]);
  }
  if (fields.size() > 2) {
    if (!is_number(fields[2]) || fields[2].size() > 2) return false;
    parts.day = number_of(fields[2]);
    if (parts.day == 0) return false;
  }
  return true;
}

// A date, then a 't' or white space, then a time, then perhaps a zone.
std::optional<FeedDate> parse_iso(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.size() < 4 || !is_digit(digits[0]) || !is_digit(digits[1])) return std::nullopt;
  std::size_t cut = text.find_first_of(" \t");
  for (std::size_t t = text.find('t'); t < cut && t != std::string_view::npos;
       t = text.find('t', t + 1)) {
    // The letter stands between digits; months may have one of their own.
    if (t > 0 && is_digit(text[t - 1]) && t + 1 < text.size() && is_digit(text[t + 1])) cut = t;
  }
  Parts parts{.carries = true};
  if (!read_iso_day(text.substr(0, cut), parts)) return std::nullopt;
  if (cut != std::string_view::npos) {
    const std::string_view rest = trimmed(text.substr(cut + 1));
    if (!rest.empty() && !read_time(rest, parts) && !read_damaged_time(rest, parts)) {
      return std::nullopt;
    }
  }
  return assemble(parts);
}

// Korean blogs: "2004년 05월 28일  01:31:15" and "2004-05-25 오후 11:23:17", in
// Korea's time (feedparser's test documents).
std::optional<FeedDate> parse_korean(std::string_view text) {
  constexpr std::string_view year_mark = "년";
  constexpr std::string_view afternoon = "오후";
  constexpr std::string_view morning = "오전";
  std::string plain(text);
  int hours = 0;
  const bool marked = text.find(year_mark) != std::string_view::npos;
  if (text.find(afternoon) != std::string_view::npos) hours = 12;
  if (!marked && hours == 0 && text.find(morning) == std::string_view::npos) return std::nullopt;
  for (char& c : plain) {
    if (!is_digit(c) && c != ':') c = ' ';
  }
  const auto fields = split(plain, " ");
  if (fields.size() != 4) return std::nullopt;
  Parts parts{
      .year = number_of(fields[0]), .month = number_of(fields[1]), .day = number_of(fields[2])};
  parts.of_day = parse_time(fields[3]);
  if (!parts.of_day || parts.day < 1) return std::nullopt;
  *parts.of_day += std::chrono::hours(hours);
  parts.zone = FeedZone{.offset = std::chrono::hours(9)};
  return assemble(parts);
}

std::optional<FeedDate> parse_unix(std::string_view text) {
  if (!is_number(text)) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() == 14) {
    Parts parts;
    if (!read_iso_day(text.substr(0, 8), parts) || !read_time(text.substr(8), parts)) {
      return std::nullopt;
    }
    return assemble(parts);
  }
  if (text.size() == 9 || text.size() == 10) return FeedDate{instant_of_ms(value * 1000)};
  if (text.size() == 13) return FeedDate{instant_of_ms(value)};
  return std::nullopt;
}

int month_of_three(std::string_view letters) {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  for (std::size_t i = 0; i < names.size(); i += 3) {
    if (names.substr(i, 3) == letters) return static_cast<int>(i / 3) + 1;
  }
  return 0;
}

// "wed, 16 sep 2020 10:00:00 gmt": RFC 822 as nearly every feed writes it, and what the
// words below would come to.
std::optional<FeedDate> parse_usual(std::string_view text) {
  constexpr std::string_view form = "aaa, 00 aaa 0000 00:00:00 ";
  if (text.size() < form.size() + 1) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == 'a'   ? text[i] >= 'a' && text[i] <= 'z'
                      : form[i] == '0' ? is_digit(text[i])
                                       : text[i] == form[i];
    if (!fits) return std::nullopt;
  }
  Parts parts{.year = number_of(text.substr(12, 4)),
              .month = month_of_three(text.substr(8, 3)),
              .day = number_of(text.substr(5, 2))};
  parts.of_day = parse_time(text.substr(17, 8));
  const std::string_view zone = text.substr(form.size());
  parts.zone = zone == "gmt" ? FeedZone{} : parse_feed_zone(zone);
  const bool plain = zone == "gmt" || zone.find_first_of(" \t,()") == zone.npos;
  if (!plain || parts.month == 0 || parts.day == 0 || !parts.of_day || !parts.zone)
    return std::nullopt;
  return assemble(parts);
}

// The loose forms, word by word: each word is told by its shape, in any order
// that RFC 822, asctime and their relatives use.
class Words {
 public:
  std::optional<FeedDate> read(std::string_view text) {
    for (std::string_view word : split(text, " \t,()")) {
      if (!read_word(word)) return std::nullopt;
    }
    if (parts_.year < 0 || parts_.month < 1 || parts_.day < 1) return std::nullopt;
    if (parts_.of_day && afternoon_ && *parts_.of_day < std::chrono::hours(12)) {
      *parts_.of_day += std::chrono::hours(12);
    }
    return assemble(parts_);
  }

 private:
  bool read_word(std::string_view word) {
    while (word.size() > 1 && word.back() == '.') word.remove_suffix(1);
    if (is_digit(word.front())) return read_digits(word);
    if (word.front() == '+' || word.front() == '-') return read_zone(word);
    return read_name(word);
  }

  bool read_digits(std::string_view word) {
    if (word.find(':') != std::string_view::npos) return !parts_.of_day && read_time(word, parts_);
    const std::size_t end = std::min(word.find_first_not_of("0123456789"), word.size());
    const std::string_view digits = word.substr(0, end);
    const std::string_view rest = word.substr(end);
    if (rest.empty()) return read_number(digits);
    if (rest == "st" || rest == "nd" || rest == "rd" || rest == "th" || rest == "er") {
      return read_number(digits);
    }
    return read_joined(word);
  }

  // "16-sep-2026", "2026/09/15", "16.09.2026".
  bool read_joined(std::string_view word) {
    const auto fields = split(word, "-/.");
    if (fields.size() != 3) return false;
    const bool year_first = fields[0].size() == 4;
    const bool named = !is_number(fields[1]);
    if (!named && !year_first && word.find('.') == std::string_view::npos) return false;
    parts_.month = named ? month_of_name(fields[1]) : number_of(fields[1]);
    const std::string_view year = year_first ? fields[0] : fields[2];
    const std::string_view day = year_first ? fields[2] : fields[0];
    if (!is_number(year) || !is_number(day) || day.size() > 2 || year.size() > 4) return false;
    parts_.year = full_year(year);
    parts_.day = number_of(day);
    return parts_.month > 0 && parts_.day > 0;
  }

  bool read_number(std::string_view digits) {
    if (digits.size() <= 2 && parts_.day < 0) {
      parts_.day = number_of(digits);
      return parts_.day > 0;
    }
    if (parts_.year >= 0 && parts_.of_day && !parts_.zone && digits.size() == 4) {
      parts_.zone = FeedZone{.certain = false};  // a zone that lost its sign
      return true;
    }
    if (parts_.year >= 0 || digits.size() > 4) return false;
    parts_.year = full_year(digits);
    return true;
  }

  bool read_zone(std::string_view word) {
    if (word.find_first_not_of("+-") == std::string_view::npos) return true;
    const auto zone = parse_feed_zone(word);
    if (zone) parts_.zone = zone;
    return zone.has_value();
  }

  // Months before zones before the rest: weekdays, "at", "um", "de".
  bool read_name(std::string_view word) {
    if (word == "am" || word == "pm") {
      afternoon_ = word == "pm";
      return true;
    }
    const int month = month_of_name(word);
    // "mar." may be Tuesday and "mars" March: the last one named wins before a
    // year is known.
    if (month > 0 && (parts_.month < 1 || parts_.year < 0)) {
      parts_.month = month;
      return true;
    }
    const auto zone = parse_feed_zone(word);
    if (zone && (parts_.of_day || parts_.year >= 0)) {
      parts_.zone = zone;
    } else if (parts_.of_day && !parts_.zone) {
      parts_.zone = FeedZone{.certain = false};
    }
    return true;
  }

  Parts parts_;
  bool afternoon_ = false;
};

}  // namespace

std::optional<FeedDate> parse_feed_date(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > text_bytes_max) return std::nullopt;
  const std::string lower = lower_ascii(text);
  if (const auto date = parse_usual(lower)) return date;
  if (const auto date = parse_unix(lower)) return date;
  if (const auto date = parse_korean(lower)) return date;
  if (const auto date = parse_iso(lower)) return date;
  return Words().read(lower);
}

}  // namespace pw
