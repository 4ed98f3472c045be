// The bytes of a request as they go onto the wire (RFC 9112 section 3).
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"
#include "daemon/http/target.h"

namespace pw {

constexpr std::size_t request_head_bytes_max = 64 * 1024;

// Whether the request's method and headers may be sent at all: `refused` when a
// name is no token, a value holds CR, LF, NUL or another control character, a
// header is one that the client sets itself (Host, Content-Length, Connection,
// Transfer-Encoding and other hop-by-hop fields), or all is too long.
Result<Done> check_request(const HttpRequest& request);

struct RequestStyle {
  std::string_view user_agent;
  // Plain http through a proxy: the whole URL stands in the request line.
  bool is_absolute = false;
  std::string_view proxy_authorization{};  // "Basic ..."; empty: none
};

// Appends head and body. The request was checked; Accept, Accept-Encoding and
// User-Agent are added unless the request brings its own.
void write_request(const HttpRequest& request, const Target& target, const RequestStyle& style,
                   std::string& out);

// GET, HEAD, OPTIONS, PUT, DELETE, TRACE (RFC 9110 section 9.2.2).
bool is_idempotent(std::string_view method);

}  // namespace pw
