#include <catch2/catch.hpp>

#include "daemon/core/time.h"

using namespace pw;

namespace {

std::string shown(std::optional<Instant> t) { return t ? print_rfc3339(*t) : "refused"; }

struct Row {
  std::string_view text;
  std::string_view reads;
};

}  // namespace

TEST_CASE("a date and time with an offset is read as the moment it names") {
  const Row rows[] = {
      {"2026-09-16T14:03:27Z", "2026-09-16T14:03:27.000Z"},
      {"2026-09-16t14:03:27z", "2026-09-16T14:03:27.000Z"},
      {"2026-09-16 14:03:27Z", "2026-09-16T14:03:27.000Z"},
      {"2026-09-16T14:02:39+0000", "2026-09-16T14:02:39.000Z"},     // Meta's form
      {"2026-09-16T14:05:00.000000Z", "2026-09-16T14:05:00.000Z"},  // Mastodon's reset
      {"2026-09-16T16:03:27.5+02:00", "2026-09-16T14:03:27.500Z"},
      {"2026-09-16T00:00:00-23:59", "2026-09-16T23:59:00.000Z"},
      {"2026-09-16T14:03:27.123456789Z", "2026-09-16T14:03:27.123Z"},
      {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"},  // a leap second
      {"2026-09-16T24:00:00Z", "2026-09-17T00:00:00.000Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
      {"2023-02-29T00:00:00Z", "refused"},
      {"2026-13-01T00:00:00Z", "refused"},
      {"0000-01-01T00:00:00Z", "refused"},
      {"2026-09-16T24:00:01Z", "refused"},
      {"2026-09-16T14:60:00Z", "refused"},
      {"2026-09-16T14:03:27", "refused"},  // no offset: not a moment
      {"2026-09-16T14:03:27.Z", "refused"},
      {"2026-09-16T14:03:27Z ", "refused"},
      {"2026-09-16", "refused"},
      {"", "refused"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(shown(parse_rfc3339(row.text)) == row.reads);
  }
}

TEST_CASE("printing a moment and reading it back changes nothing") {
  for (const std::int64_t ms :
       {0LL, 1LL, 999LL, 1789567407512LL, -1LL, -62135596800000LL, 253402300799999LL}) {
    const Instant t = instant_of_ms(ms);
    CHECK(parse_rfc3339(print_rfc3339(t)) == t);
  }
}

TEST_CASE("an HTTP date is read in all three forms, and nothing else is") {
  const Row rows[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"},
      {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"},
      {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"},
      {"Wed Sep 16 14:03:27 2026", "2026-09-16T14:03:27.000Z"},
      {"Sun, 06 Nov 1994 08:49:37 CET", "refused"},
      {"Sun, 06 nov 1994 08:49:37 GMT", "refused"},
      {"06 Nov 1994 08:49:37 GMT", "refused"},
      {"120", "refused"},
      {"", "refused"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(shown(parse_http_date(row.text)) == row.reads);
  }
  CHECK(print_http_date(*parse_rfc3339("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("a duration needs units, and people read at most two") {
  CHECK(parse_duration("90s") == Millis{90'000});
  CHECK(parse_duration("1h30m") == Millis{5'400'000});
  CHECK(parse_duration("250ms") == Millis{250});
  CHECK(parse_duration("2d") == Millis{172'800'000});
  for (const std::string_view bad : {"", "5", "m", "-5m", "5 m", "5x", "1.5h", "99999999999s"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration(bad));
  }
  CHECK(print_duration(Millis{0}) == "0 s");
  CHECK(print_duration(Millis{250}) == "250 ms");
  CHECK(print_duration(Millis{12'000}) == "12 s");
  CHECK(print_duration(Millis{450'000}) == "7 min 30 s");
  CHECK(print_duration(Millis{93'780'000}) == "1 d 2 h");
  CHECK(print_duration(Millis{-12'000}) == "-12 s");
}

TEST_CASE("a local time becomes the moment at which clocks of its zone show it") {
  struct ZoneRow {
    std::string_view local, zone, reads;
  };
  const ZoneRow rows[] = {
      {"2020-09-16T00:00", "America/New_York", "2020-09-16T04:00:00.000Z"},
      {"2020-09-16", "Asia/Kolkata", "2020-09-15T18:30:00.000Z"},
      {"2020-09-16T00:00", "Pacific/Apia", "2020-09-15T11:00:00.000Z"},
      // Spring forward: 02:30 is skipped, it means the moment of the change.
      {"2026-03-08T02:30", "America/New_York", "2026-03-08T07:00:00.000Z"},
      // Fall back: 01:30 comes twice, it means the first.
      {"2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"},
      // Half an hour of daylight saving.
      {"2026-10-04T12:00", "Australia/Lord_Howe", "2026-10-04T01:00:00.000Z"},
      // A day that Samoa never had.
      {"2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z"},
      {"2020-09-16T24:00", "UTC", "2020-09-17T00:00:00.000Z"},
      {"2020-09-16T00:00", "America/Newyork", "refused"},
      {"2020-09-16T00:00", "", "refused"},
  };
  for (const ZoneRow& row : rows) {
    INFO(row.local << " " << row.zone);
    const auto local = parse_local_time(row.local);
    REQUIRE(local);
    CHECK(shown(in_zone(*local, row.zone)) == row.reads);
  }
  for (const std::string_view bad :
       {"2020-09-16T25:00", "2020-9-16", "2020-09-31", "2020-09-16T00:00Z", ""}) {
    INFO(bad);
    CHECK_FALSE(parse_local_time(bad));
  }
  CHECK(print_in_zone(*parse_rfc3339("2020-09-16T13:12:05Z"), "America/New_York") ==
        "2020-09-16 09:12:05 EDT");
}

TEST_CASE("random texts are refused without harm") {
  std::uint64_t seed = 20260916;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text += "0123456789-:TZ+. GMTSunNovd"[(seed >> 33) % 27];
    }
    (void)parse_rfc3339(text);
    (void)parse_http_date(text);
    (void)parse_duration(text);
    (void)parse_local_time(text);
  }
  SUCCEED();
}
