// The running daemon on one terminal screen. Pure: counts in, lines out.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/board.h"

namespace pw {

struct LiveView {
  std::string campaign;
  Interval window;  // from the first pledge's start to the last one's end
  Instant now;
  Instant closes;  // when the last verdict can no longer change
  const Board* board = nullptr;
  int deliveries_done = 0;
  int deliveries_waiting = 0;
  int deliveries_dead = 0;
  std::uint64_t log_leaves = 0;
  std::vector<std::string> addresses{};  // where the pages are
  Millis lateness{0};                    // of the account that has waited longest for its turn
};

// Lines of at most `width` columns, without escape codes; control characters
// of hostile texts are gone.
std::vector<std::string> live_table(const LiveView& view, int width);

}  // namespace pw
