// Relative addresses in feeds.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// `address` as seen from `base` (RFC 3986 section 5.2), either of which may be
// relative or empty. Boost.URL refuses what feeds are full of, spaces and
// letters beyond ASCII, and the ids made of links must keep their bytes; so the
// address is split and joined here and nothing in it is rewritten, except that
// "http:///host" loses its surplus slashes.
std::string join_address(std::string_view base, std::string_view address);

// A new base, or the old one where the new one names a scheme that nothing can
// be relative to ("javascript:").
std::string join_base(const std::string& base, std::string_view address);

}  // namespace pw
