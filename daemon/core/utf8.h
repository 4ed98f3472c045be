// What is well-formed UTF-8 and what is not.
#pragma once

#include <cstddef>
#include <string_view>

namespace pw {

// The length in bytes of the well-formed UTF-8 sequence at `at` (Unicode 15,
// table 3-7), or 0 where there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);
bool is_utf8(std::string_view text);

// Where the ASCII that starts at `at` ends: `at` itself where there is none.
std::size_t ascii_end(std::string_view text, std::size_t at);

}  // namespace pw
