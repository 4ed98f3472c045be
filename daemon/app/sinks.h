// The configured sinks as the daemon uses them: what is written for each
// finding, and who delivers it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/config.h"
#include "daemon/outbox/dispatcher.h"
#include "daemon/outbox/message.h"
#include "daemon/screen/screener.h"

namespace pw {

// What a sink is told of a finding.
Message message_of(const std::string& campaign, const Subject& subject);

SinkType type_of(const SinkConfig& sink);
SinkTarget target_of(const Config& config, const SinkConfig& sink);

// Beside config.sinks, in order. The routes outlive neither argument's strings:
// they copy what they need.
std::vector<SinkRoute> sink_routes(const Config& config,
                                   const std::vector<std::optional<cel::Program>>& conditions);

// Everything but the configuration outlives the dispatchers.
Result<std::vector<std::unique_ptr<Dispatcher>>> make_dispatchers(const Config& config,
                                                                  Store& store, Fetcher& fetcher,
                                                                  Clock& clock, const Log& log);

}  // namespace pw
