// What reaches the sinks that are no HTTP.
#pragma once

#include <memory>

#include "config/config.h"
#include "daemon/http/name_lookup.h"
#include "daemon/runtime/fetcher.h"

namespace boost::asio {
class io_context;
}

namespace pw {

// For a sink of type email or exec; `malformed` for others. Every address of a mail
// server's name is checked as the HTTP client checks a webhook's: none may be private
// unless the sink's allow_hosts names the host. `io` outlives it.
Result<std::unique_ptr<Fetcher>> make_wire(boost::asio::io_context& io, const Config& config,
                                           const SinkConfig& sink, Lookup lookup = system_lookup);

}  // namespace pw
