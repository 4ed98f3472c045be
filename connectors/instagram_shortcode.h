// Instagram's shortcodes carry the time at which an upload began: a weak second
// clock beside `timestamp`, never a rule of its own, since scheduled posts and
// videos begin earlier (platforms-meta.md 2.6, verified there on 14 recorded posts).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/time.h"

namespace pw {

// "DdWdGBazlCr" → 2026-09-16T14:02:39.xxxZ. Nothing unless it is 11 characters
// of the base64url alphabet and the time is after 2011-08-24.
std::optional<Instant> instant_of_shortcode(std::string_view shortcode);

// For simulators: the shortcode of an upload at `t`. `shard` and `sequence` take
// their low 13 and 10 bits.
std::string shortcode_of(Instant t, unsigned shard, unsigned sequence);

}  // namespace pw
