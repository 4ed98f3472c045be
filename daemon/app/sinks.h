// The configured sinks as the daemon uses them: what is written for each
// finding, and who delivers it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/config.h"
#include "daemon/outbox/dispatcher.h"
#include "daemon/outbox/message.h"
#include "daemon/outbox/pace.h"
#include "daemon/screen/screener.h"

namespace pw {

// What a sink is told of a finding.
Message message_of(const std::string& campaign, const Subject& subject);

SinkType type_of(const SinkConfig& sink);
std::string group_of(GroupBy by, const Subject& subject);
// Nothing: each finding is sent at once.
std::optional<Pace> pace_of(const SinkConfig& sink);
SinkTarget target_of(const Config& config, const SinkConfig& sink);

// Beside config.sinks, in order. The routes outlive neither argument's strings:
// they copy what they need.
std::vector<SinkRoute> sink_routes(const Config& config,
                                   const std::vector<std::optional<cel::Program>>& conditions);

// Beside config.sinks, in order: who delivers, and what reaches a sink that is no
// HTTP, or null.
struct SinkWires {
  std::vector<std::unique_ptr<Fetcher>> fetchers;
  std::vector<std::unique_ptr<Dispatcher>> dispatchers;
};
using MakeWire = std::function<Result<std::unique_ptr<Fetcher>>(const Config&, const SinkConfig&)>;
// Everything but the configuration outlives the dispatchers.
Result<SinkWires> make_dispatchers(const Config& config, Store& store, Fetcher& fetcher,
                                   const MakeWire& wire, Clock& clock, const Log& log);

}  // namespace pw
