// The server that a Bluesky account lives on, and the directory that names it
// (platforms-open 3.2, 3.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

// `base`: what the DID document names as the server's address.
HttpResponse answer_directory(const SimAccount* account, const std::string& base, Instant now);

// Nothing for a call that such a server does not know.
std::optional<HttpResponse> answer_home(std::string_view call, const SimAccount* account,
                                        const SimRequest& request, Instant now);

// Grows with every write: the time of the last one.
std::string revision_of(const SimAccount& account, Instant now);

}  // namespace pw
