// What Meta says of a token itself: until when it is good, and for what.
#pragma once

#include <variant>

#include "connectors/connector.h"
#include "connectors/meta_request.h"

namespace pw {

// GET /debug_token (Graph API and Threads API, "Debug Access Token", read 2026-10):
// the token asks about itself. The platform takes it in a parameter, `input_token`,
// and in no other way: whoever logs an address redacts it, as `core/redact` does.
// Threads answers tokens of an app's testers alone. Instagram's own API
// (graph.instagram.com) documents none.
HttpRequest graph_token_request(const ConnectorSettings& settings, const GraphHome& home,
                                const Credential& credential);

// The earlier of `expires_at` and `data_access_expires_at`, after which a token that
// is still valid reads nothing; 0 is never.
std::variant<TokenLife, Trouble> graph_token_in(const HttpResponse& response);

}  // namespace pw
