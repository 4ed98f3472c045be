// The dates that feeds carry, in the forms seen in the wild.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/core/time.h"

namespace pw {

struct FeedDate {
  Instant at;
  // False where the text left out its zone or its time of day, or named a zone
  // that nobody can be sure of: never to be judged by.
  bool precise = true;
  friend bool operator==(const FeedDate&, const FeedDate&) = default;
};

// RFC 3339 and ISO 8601 dates (also of weeks and days of the year), RFC 822 and 1123 with their usual mistakes,
// asctime, Unix seconds and milliseconds, and localised month names. A missing
// zone is read as UTC, a missing time as midnight. A wrong weekday is ignored;
// 24 o'clock, leap seconds and an ISO day beyond its month carry over. Two-digit years below 90 are 20xx.
// At most 120 bytes.
std::optional<FeedDate> parse_feed_date(std::string_view text);

}  // namespace pw
