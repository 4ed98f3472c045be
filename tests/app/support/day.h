// Runs a whole daemon through simulated time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/daemon.h"
#include "daemon/runtime/sim_clock.h"
#include "tests/app/support/campaign.h"

namespace pw::test {

struct DayResult {
  std::vector<std::string> log;  // the journal's lines
  std::string ended_by;
  std::string failure;  // what() of what ended it, if anything
};

// From `clock.now()` until the campaign has closed. The daemon lives in
// `setup`'s folders; `at` is called once for each of its times, between turns.
struct DayOptions {
  std::function<void(std::uint64_t)> on_commit{};
  std::vector<std::pair<Instant, std::function<void(Daemon&)>>> at{};
  std::function<std::uint64_t(const std::string&)> disk_free{};  // as World's
  Instant end = Instant::max();                                  // stop here as SIGTERM would
};
DayResult run_day(Setup setup, SimClock& clock, FeedWorld& world, const DayOptions& options = {});

// The log's folder, checked with its own public key; what verify complains of.
std::string verify_folder(const std::string& log_folder);

}  // namespace pw::test
