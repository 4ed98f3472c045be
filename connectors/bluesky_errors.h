// What an XRPC error says of an account, whichever server of the AT Protocol
// network gave it. Included by bluesky*.cpp only.
#pragma once

#include <optional>

#include "connectors/connector.h"

namespace pw {

// Nothing for an answer that is no error.
std::optional<Trouble> bluesky_trouble(const Query& query, const HttpResponse& response);

}  // namespace pw
