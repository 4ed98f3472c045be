// `pledgewatch simulate`.
#include "daemon/app/commands.h"
#include "daemon/rehearsal/simulator.h"

namespace pw {

int simulate_platforms(const SimulateCommand& command) {
  SimulateOptions options;
  options.folder = command.folder;
  options.seed = command.seed;
  options.accounts = command.accounts;
  options.day = std::chrono::seconds(command.day_seconds);
  options.port = static_cast<std::uint16_t>(command.port);
  return run_simulator(options);
}

}  // namespace pw
