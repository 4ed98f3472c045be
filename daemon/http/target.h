// Where a URL leads, after everything that could mean two things to two readers
// was refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"

namespace pw {

constexpr std::size_t url_bytes_max = 8192;

enum class Scheme { http, https };

struct Target {
  Scheme scheme = Scheme::https;
  std::string host;  // lower case, no trailing dot; an IPv6 literal without brackets
  std::uint16_t port = 443;
  std::string path;  // with the query; never empty; only characters of RFC 3986
  bool is_ip_literal = false;
};

// Reads an absolute http or https URL; a fragment is dropped, characters that
// do not belong into a path or query are percent-encoded as browsers do.
// `malformed`: not a URL. `refused`: other schemes, user information,
// backslashes, control characters, hosts that are percent-encoded, not ASCII or
// an odd spelling of an IPv4 address, and ports beside 80 and 443 that the
// allowance (may be null) does not name.
Result<Target> parse_target(std::string_view url, const Allowance* allowance);

// Reads `location` as a server sent it, relative to where it was found; the
// result is an absolute URL that parse_target still has to judge.
Result<std::string> resolve_reference(const Target& base, std::string_view location);

bool same_origin(const Target& a, const Target& b);

// True when the allowance names the URL's host, so that its addresses are free.
bool is_exempt(const Target& target, const Allowance* allowance);

// "example.org", "example.org:8080", "[::1]:80": the port only where it is not
// the scheme's own.
std::string host_header(const Target& target);
// Always with the port, as CONNECT wants it (RFC 9110 section 9.3.6).
std::string host_and_port(std::string_view host, std::uint16_t port);
std::string print_url(const Target& target);

}  // namespace pw
