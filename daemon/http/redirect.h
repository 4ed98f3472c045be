// What follows an answer that points elsewhere (RFC 9110 section 15.4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/core/result.h"
#include "daemon/http/target.h"

namespace pw {

constexpr std::size_t redirects_max = 5;

// The next request, or nothing when `response` is the answer: no redirect, one
// without Location, or a request that refuses them. `visited` are the URLs asked
// so far, `request.url` last among them.
//  - The same origin keeps everything. Another origin gets neither credentials
//    (Authorization, Cookie, whatever is_secret_header names) nor the allowance,
//    and never a body.
//  - 303 becomes GET, and so does a POST after 301 and 302, as in browsers.
// `refused`: https to http, or a body to another origin. `malformed`: more than
// five redirects, a loop, a Location that is no URL.
Result<std::optional<HttpRequest>> redirected(const HttpRequest& request, const Target& from,
                                              const HttpResponse& response,
                                              const std::vector<std::string>& visited);

}  // namespace pw
