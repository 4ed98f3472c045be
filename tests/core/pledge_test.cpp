#include <catch2/catch.hpp>

#include "daemon/core/pledge.h"

using namespace pw;

namespace {

Instant at(std::string_view text) { return *parse_rfc3339(text); }

Window day(Millis grace = Millis{0}) {
  const Interval span{at("2020-09-16T00:00:00Z"), at("2020-09-17T00:00:00Z")};
  return {span, span, span, "UTC", false, grace};
}

std::string shown(Ternary value) {
  return value == Ternary::yes ? "yes" : value == Ternary::no ? "no" : "unknown";
}

}  // namespace

TEST_CASE("a window covers a post, does not, or nobody can tell") {
  struct Row {
    std::string_view from, to, covers;
  };
  const Row rows[] = {
      {"2020-09-16T12:00:00Z", "2020-09-16T12:05:00Z", "yes"},
      {"2020-09-16T00:00:00Z", "2020-09-16T00:00:00Z", "yes"},  // the start belongs to it
      {"2020-09-16T23:59:59.999Z", "2020-09-16T23:59:59.999Z", "yes"},
      {"2020-09-17T00:00:00Z", "2020-09-17T00:00:00Z", "no"},  // the end does not
      {"2020-09-15T23:00:00Z", "2020-09-15T23:59:59Z", "no"},
      {"2020-09-15T23:59:00Z", "2020-09-16T00:01:00Z", "unknown"},  // straddles the start
      {"2020-09-16T23:59:00Z", "2020-09-17T00:00:00Z", "unknown"},  // straddles the end
      {"1970-01-01T00:00:00Z", "2020-09-16T12:00:00Z", "unknown"},  // no look without it
  };
  for (const Row& row : rows) {
    INFO(row.from << " .. " << row.to);
    CHECK(shown(covers(day(), {at(row.from), at(row.to)})) == row.covers);
  }
}

TEST_CASE("grace tolerates posts at both edges") {
  const Window window = day(std::chrono::minutes(5));
  CHECK(covers(window, {at("2020-09-16T00:04:00Z"), at("2020-09-16T00:04:00Z")}) == Ternary::no);
  CHECK(covers(window, {at("2020-09-16T00:05:00Z"), at("2020-09-16T00:05:00Z")}) == Ternary::yes);
  CHECK(covers(window, {at("2020-09-16T23:56:00Z"), at("2020-09-16T23:56:00Z")}) == Ternary::no);
}

TEST_CASE("an assumed zone makes the rims of the day unknown") {
  Window window = day();
  window.zone_assumed = true;
  window.possible = {window.span.start - std::chrono::hours(14),
                     window.span.end + std::chrono::hours(12)};
  window.certain = {window.span.start + std::chrono::hours(12),
                    window.span.end - std::chrono::hours(14)};
  // 26 hours of zones leave no moment that is inside the day everywhere.
  CHECK(window.certain.empty());
  CHECK(covers(window, {at("2020-09-16T11:00:00Z"), at("2020-09-16T11:00:00Z")}) ==
        Ternary::unknown);
  CHECK(covers(window, {at("2020-09-14T11:00:00Z"), at("2020-09-14T11:00:00Z")}) == Ternary::no);
}
