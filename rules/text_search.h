// Searching in time linear in both texts, whoever chose them.
#pragma once

#include <cstddef>
#include <string_view>

namespace pw::cel {

// The byte offset of the first `needle` at or after `from`, or npos.
std::size_t find_first(std::string_view text, std::string_view needle, std::size_t from = 0);
// The byte offset of the last `needle` that begins at or before `from`, or npos.
std::size_t find_last(std::string_view text, std::string_view needle, std::size_t from);

}  // namespace pw::cel
