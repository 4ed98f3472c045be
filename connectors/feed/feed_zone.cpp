#include "connectors/feed/feed_zone.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

struct Zone {
  std::string_view name;
  int minutes;
  bool certain = true;
};

// RFC 822's letters were printed with the wrong sign, and RFC 5322 section 4.3
// gives up on them; the four that RFC 822 itself names are read as it says.
constexpr std::array zones = {
    Zone{"z", 0},
    Zone{"ut", 0},
    Zone{"utc", 0},
    Zone{"gmt", 0},
    Zone{"wet", 0},
    Zone{"bst", 60},
    Zone{"west", 60},
    Zone{"met", 60},
    Zone{"cet", 60},
    Zone{"mez", 60},
    Zone{"mest", 120},
    Zone{"cest", 120},
    Zone{"mesz", 120},
    Zone{"eet", 120},
    Zone{"eest", 180},
    Zone{"msk", 180},
    Zone{"ast", -240},
    Zone{"adt", -180},
    Zone{"at", -240, false},
    Zone{"est", -300},
    Zone{"edt", -240},
    Zone{"et", -300, false},
    Zone{"cst", -360},
    Zone{"cdt", -300},
    Zone{"ct", -360, false},
    Zone{"mst", -420},
    Zone{"mdt", -360},
    Zone{"mt", -420, false},
    Zone{"pst", -480},
    Zone{"pdt", -420},
    Zone{"pt", -480, false},
    Zone{"akst", -540},
    Zone{"akdt", -480},
    Zone{"hst", -600},
    Zone{"nst", -210},
    Zone{"jst", 540},
    Zone{"kst", 540},
    Zone{"aest", 600},
    Zone{"aedt", 660},
    Zone{"nzst", 720},
    Zone{"nzdt", 780},
    Zone{"a", -60, false},
    Zone{"m", -720, false},
    Zone{"n", 60, false},
    Zone{"y", 720, false},
};

struct Month {
  std::string_view start;
  int number;
};

// Starts of names, the longer before the shorter where one begins the other.
constexpr std::array months = {
    Month{"jan", 1},
    Month{"feb", 2},
    Month{"mar", 3},
    Month{"apr", 4},
    Month{"may", 5},
    Month{"jun", 6},
    Month{"jul", 7},
    Month{"aug", 8},
    Month{"sep", 9},
    Month{"oct", 10},
    Month{"nov", 11},
    Month{"dec", 12},
    // German, Dutch
    Month{"jän", 1},
    Month{"mär", 3},
    Month{"mrz", 3},
    Month{"mai", 5},
    Month{"mei", 5},
    Month{"maa", 3},
    Month{"okt", 10},
    Month{"dez", 12},
    // French, Spanish, Italian, Portuguese
    Month{"ene", 1},
    Month{"gen", 1},
    Month{"fév", 2},
    Month{"fev", 2},
    Month{"avr", 4},
    Month{"abr", 4},
    Month{"mag", 5},
    Month{"maio", 5},
    Month{"juin", 6},
    Month{"giu", 6},
    Month{"juil", 7},
    Month{"lug", 7},
    Month{"aoû", 8},
    Month{"aou", 8},
    Month{"ago", 8},
    Month{"set", 9},
    Month{"ott", 10},
    Month{"out", 10},
    Month{"déc", 12},
    Month{"dic", 12},
    // Polish
    Month{"sty", 1},
    Month{"lut", 2},
    Month{"kwi", 4},
    Month{"maj", 5},
    Month{"cze", 6},
    Month{"lip", 7},
    Month{"sie", 8},
    Month{"wrz", 9},
    Month{"paź", 10},
    Month{"lis", 11},
    Month{"gru", 12},
    // Russian
    Month{"янв", 1},
    Month{"фев", 2},
    Month{"мар", 3},
    Month{"апр", 4},
    Month{"мая", 5},
    Month{"май", 5},
    Month{"июн", 6},
    Month{"июл", 7},
    Month{"авг", 8},
    Month{"сен", 9},
    Month{"окт", 10},
    Month{"ноя", 11},
    Month{"дек", 12},
    Month{"Янв", 1},
    Month{"Фев", 2},
    Month{"Мар", 3},
    Month{"Апр", 4},
    Month{"Мая", 5},
    Month{"Май", 5},
    Month{"Июн", 6},
    Month{"Июл", 7},
    Month{"Авг", 8},
    Month{"Сен", 9},
    Month{"Окт", 10},
    Month{"Ноя", 11},
    Month{"Дек", 12},
    // Greek
    Month{"Ιαν", 1},
    Month{"Φεβ", 2},
    Month{"Μάρ", 3},
    Month{"Μαρ", 3},
    Month{"Μάώ", 3},
    Month{"Μαώ", 3},
    Month{"Απρ", 4},
    Month{"Μάι", 5},
    Month{"Μαϊ", 5},
    Month{"Μαι", 5},
    Month{"Ιούν", 6},
    Month{"Ιον", 6},
    Month{"Ιουν", 6},
    Month{"Ιούλ", 7},
    Month{"Ιολ", 7},
    Month{"Ιουλ", 7},
    Month{"Αύγ", 8},
    Month{"Αυγ", 8},
    Month{"Σεπ", 9},
    Month{"Οκτ", 10},
    Month{"Νοέ", 11},
    Month{"Νοε", 11},
    Month{"Δεκ", 12},
    // Hungarian
    Month{"márc", 3},
    Month{"ápr", 4},
    Month{"máj", 5},
    Month{"jún", 6},
    Month{"júl", 7},
    Month{"szept", 9},
};

// "+02:00", "-0700", "+2", "+200", with any further signs before the digits.
std::optional<FeedZone> numeric_zone(std::string_view text) {
  const bool west = text.front() == '-';
  while (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  std::string_view minutes;
  std::string_view hours = text;
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    hours = text.substr(0, colon);
    minutes = text.substr(colon + 1);
  } else if (text.size() > 2) {
    hours = text.substr(0, text.size() - 2);
    minutes = text.substr(text.size() - 2);
  }
  const auto number = [](std::string_view digits) -> int {
    int value = -1;
    if (digits.empty() || digits.size() > 2 ||
        !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return -1;
    }
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  const int h = number(hours);
  const int m = minutes.empty() ? 0 : number(minutes);
  if (h < 0 || h > 23 || m < 0 || m > 59) return std::nullopt;
  const Millis offset = std::chrono::hours(h) + std::chrono::minutes(m);
  return FeedZone{.offset = west ? -offset : offset};
}

}  // namespace

std::optional<FeedZone> parse_feed_zone(std::string_view text) {
  if (text.starts_with("etc/")) text.remove_prefix(4);
  if (text.empty()) return std::nullopt;
  if (text.front() == '+' || text.front() == '-') return numeric_zone(text);
  const bool prefixed = text.size() > 3 && (text.starts_with("gmt") || text.starts_with("utc"));
  if (prefixed && (text[3] == '+' || text[3] == '-')) return numeric_zone(text.substr(3));
  const auto it =
      std::find_if(zones.begin(), zones.end(), [&](const Zone& zone) { return zone.name == text; });
  if (it == zones.end()) return std::nullopt;
  return FeedZone{.offset = std::chrono::minutes(it->minutes), .certain = it->certain};
}

int month_of_name(std::string_view word) {
  // "juillet" begins like June's English name, "marzo" like March's.
  if (word.starts_with("juil")) return 7;
  const auto it = std::find_if(months.begin(), months.end(),
                               [&](const Month& month) { return word.starts_with(month.start); });
  return it == months.end() ? 0 : it->number;
}

}  // namespace pw
