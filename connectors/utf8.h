// Text as it comes from strangers, made safe to keep: valid UTF-8 without
// control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/core/ascii.h"
#include "daemon/core/utf8.h"

namespace pw {

// Ill-formed sequences become U+FFFD, one for each byte.
std::string mend_utf8(std::string_view text);

// Without NUL and the other C0 and DEL controls; newline and tab stay. CR LF
// becomes LF.
std::string without_controls(std::string_view text);
std::string without_controls(std::string&& text);  // mostly the same text

void append_utf8(std::string& out, char32_t code_point);

// The code point at `at` of valid UTF-8 and its length in bytes.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};
CodePoint wide_code_point_at(std::string_view text, std::size_t at);
inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  if (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
    return {static_cast<char32_t>(text[at]), 1};
  }
  return wide_code_point_at(text, at);
}

// Without white space at both ends: ASCII's, and Unicode's other spaces.
std::string_view trimmed(std::string_view text);

// Where `word` (lower case) stands in `text` in any case, or npos.
std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from = 0);

}  // namespace pw
