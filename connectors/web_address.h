// Parts of web addresses (RFC 3986), for building requests and for trusting
// nothing that an answer calls a link.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

// Everything but unreserved characters, percent-encoded in upper case.
std::string percent_encode(std::string_view text);

// The last parameter of that name in a query, decoded: who calls us appends its own to
// what we wrote.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

// True for http and https addresses without white space or controls, at most
// 2,048 bytes: what may be shown to people and kept as a link.
bool is_web_address(std::string_view text);

// A DNS name of at least two labels, or one that a test network uses
// ("localhost"); letters, digits and hyphens only. No numeric addresses.
bool is_host_name(std::string_view text);

// `base` with every "{host}" replaced and without a slash at its end; or
// `otherwise` where `base` is empty.
std::string base_address(std::string_view base, std::string_view otherwise, std::string_view host);

// The last path segments of an address that say "log in first".
bool is_login_address(std::string_view address);

}  // namespace pw
