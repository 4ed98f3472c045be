// What stands behind the host in a URL, taken apart. Strict: a target that two
// readers could understand differently is refused, so that no path leads out of
// where it seems to lead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pw {

struct WebTarget {
  std::vector<std::string> segments{};  // "/accounts/7" is two; "/" none
  std::vector<std::pair<std::string, std::string>> query{};

  // The first of that name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
};

// Origin form only ("/path?query"), at most target_bytes_max. Segments are
// decoded once; one that is empty, ".", "..", or holds a slash, a backslash, a
// control character or what is not UTF-8 refuses the whole.
inline constexpr std::size_t target_bytes_max = 4096;
std::optional<WebTarget> parse_web_target(std::string_view target);

// "a=1&b=two+words", of a query or a form's body; at most fields_max fields.
inline constexpr std::size_t fields_max = 64;
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

// Everything but RFC 3986's unreserved characters as %XX.
std::string encode_query(std::string_view text);

// A number without sign, space or leading zero, at most `most`.
std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t most);

}  // namespace pw
