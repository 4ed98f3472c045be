// Time zones and month names as feeds write them.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/core/time.h"

namespace pw {

struct FeedZone {
  Millis offset{0};  // local time less UTC
  bool certain = true;
};

// "Z", "EST", "GMT+0200", "Etc/GMT", "+02:00", "-0700", "--0700", "+2"; lower
// case. Nothing when the text is no zone.
std::optional<FeedZone> parse_feed_zone(std::string_view text);

// 1 to 12 from the start of a month's name in English, German, French, Spanish,
// Italian, Portuguese, Dutch, Polish, Russian, Greek or Hungarian; lower case
// as far as ASCII goes. 0 when it is none.
int month_of_name(std::string_view word);

}  // namespace pw
