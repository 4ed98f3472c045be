// How often an account posts, and how the looks that a promise leaves over are
// shared out by it. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "daemon/core/time.h"
#include "daemon/poll/plan.h"

namespace pw {

// Of an account nothing is known of, and what every estimate leans to a little.
inline constexpr double posts_per_day_usual = 0.5;

// From the times of the posts on a first list, as their platform tells them. Only
// the newer half counts: a list may lead with a pin of years ago. Between one in
// twenty days and a hundred a day.
double posts_per_day(std::vector<Instant> posted, Instant now);

// What a lane has to share out: so many looks, and the spacings between which an
// account's may lie.
struct LookShare {
  double looks_per_ms = 0;  // 0: no limit
  Millis least{0};
  Millis most{0};

  // False: everybody is looked at as often as wished, or nothing is left over.
  bool shares() const { return most > least && looks_per_ms > 0; }
};

LookShare share_of(const LanePlan& lane, const Promise& promise);

// The spacing of each account's looks that makes the mean delay of a post least
// (spacings go by one over the square root of the habit, as in crawling: Cho and
// Garcia-Molina 2003), within the share's bounds and looks. As many as habits.
std::vector<Millis> share_looks(const LookShare& share, std::span<const double> habits);

// Of a post that appears while looks come so far apart: the mean over all posts.
Millis expected_delay(std::span<const double> habits, std::span<const Millis> intervals);

}  // namespace pw
