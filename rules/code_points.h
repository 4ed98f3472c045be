// UTF-8 by code points: the language counts and cuts strings by these.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pw::cel {

// The length in bytes of the well-formed sequence at `at` (Unicode 15, table
// 3-7), or 0 where there is none.
std::size_t sequence_length(std::string_view text, std::size_t at);

// The offset of the first ill-formed byte, or npos.
std::size_t first_ill_formed(std::string_view text);

// The code point at `at` and its length; an ill-formed byte is U+FFFD of one byte.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};
CodePoint code_point_at(std::string_view text, std::size_t at);

bool is_ascii(std::string_view text);

std::size_t count_code_points(std::string_view text);

// The byte offset of code point number `index`, or the size at or past the end.
std::size_t offset_of(std::string_view text, std::size_t index);

void append_code_point(std::string& out, char32_t value);

// Whether a string may hold it: no surrogate, at most U+10FFFF.
bool is_scalar_value(char32_t value);

// The Unicode property White_Space.
bool is_white_space(char32_t value);

// At most `bytes_max` bytes of `text`, cut where a code point ends.
std::string_view cut(std::string_view text, std::size_t bytes_max);

}  // namespace pw::cel
