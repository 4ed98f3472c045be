// `pledgewatch simulate`: the simulated platforms on loopback, with a campaign
// folder that watches them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "daemon/core/result.h"
#include "daemon/core/time.h"

namespace pw {

struct SimulateOptions {
  std::string folder;  // made when it is not there; files of earlier runs are replaced
  std::uint64_t seed = 1;
  int accounts = 60;                                   // 4 to 900
  Millis day = std::chrono::minutes(2);                // length of the window; at least a minute
  Millis lead = std::chrono::seconds(12);              // until it begins
  std::uint16_t port = 0;                              // 0: a free one
  std::function<void(const std::string& line)> say{};  // null: standard output
};

// Writes the campaign and its plan into the folder, says one line with its
// address when it is ready, and serves until SIGTERM or SIGINT. Gives the exit
// code: 0 when it was asked to end, 2 for options that cannot be, 3 when the
// world failed.
int run_simulator(const SimulateOptions& options);

}  // namespace pw
