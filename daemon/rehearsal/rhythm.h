// How a watcher is expected to look, since a plan can only say what has to be noticed
// if it knows how long a look may take to come.
#pragma once

#include <algorithm>

#include "daemon/core/time.h"

namespace pw {

struct Rhythm {
  Millis interval = std::chrono::seconds(2);   // planned spacing of looks
  Millis gap = std::chrono::seconds(6);        // the longest without faults
  Millis recovery = std::chrono::seconds(18);  // from a fault's end to the next good look
  Millis block = std::chrono::seconds(62);     // how long a login wall keeps a watcher away
  Millis lag{0};  // a part of the gap: from publication to when the platform shows it at worst
};

// Of both, whatever is longer.
constexpr Rhythm slower(const Rhythm& a, const Rhythm& b) {
  return {std::max(a.interval, b.interval), std::max(a.gap, b.gap),
          std::max(a.recovery, b.recovery), std::max(a.block, b.block), std::max(a.lag, b.lag)};
}

}  // namespace pw
