// The daemon's figures in the Prometheus text format (exposition format 0.0.4).
// No names of people in them. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/web/model.h"

namespace pw {

// The web server's own.
struct WebFigures {
  std::uint64_t connections = 0;  // now
  std::uint64_t streams = 0;      // now
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;         // connections beyond the limit
  std::uint64_t too_slow = 0;        // ended for being slow
  std::uint64_t events_dropped = 0;  // gone before a slow stream had read them; healed
  std::uint64_t snapshots = 0;
};

std::string print_metrics(const BoardModel& board, const HealthModel& health,
                          const WebFigures& web);

}  // namespace pw
