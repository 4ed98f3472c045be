// The value that a literal's text stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pw::cel {

// Where and why a literal is wrong.
struct LiteralFault {
  std::size_t offset = 0;  // in the literal's text
  std::string message{};
};

// The text between the quotes of a string or bytes literal, with its escapes
// replaced. `text` is a whole token with prefix and quotes.
std::optional<std::string> decode_quoted(std::string_view text, bool is_bytes, LiteralFault& fault);

// Decimal or 0x; out of range is nothing. `text` has no suffix.
std::optional<std::int64_t> decode_integer(std::string_view text, bool negative);
std::optional<std::uint64_t> decode_natural(std::string_view text);
// Too large is nothing; too small is zero.
std::optional<double> decode_real(std::string_view text);

}  // namespace pw::cel
