// How most platforms are asked for JSON.
#pragma once

#include <string>

#include "connectors/connector.h"

namespace pw {

// A GET of `url`, with the query's token in the Authorization header where it has a
// credential. `allowance` outlives the request.
HttpRequest bearer_request(std::string url, const Query& query, const Allowance& allowance);

}  // namespace pw
