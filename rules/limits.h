// How much of anything a source, a value or an evaluation may be. Each limit
// has its own message, so that an author learns which one was met; none can be
// configured, because a rule that needs more is not a rule.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw::cel {

inline constexpr std::size_t source_bytes_max = 100'000;
// Open brackets, calls and conditionals inside one another; bounds recursion.
inline constexpr int nesting_max = 250;
// Height of the syntax tree; long chains of operators count too.
inline constexpr int tree_height_max = 1'000;
// All comprehensions of one evaluation together, nested ones multiplied.
inline constexpr std::uint32_t comprehension_steps_max = 100'000;
// Bytes read by string functions and elements compared, in one evaluation.
inline constexpr std::uint64_t work_max = 32'000'000;
inline constexpr std::size_t string_bytes_max = 1'048'576;
inline constexpr std::size_t list_items_max = 100'000;
// Lists and maps inside one another, as values.
inline constexpr int value_depth_max = 100;
// Everything one evaluation may build.
inline constexpr std::size_t scratch_bytes_max = 64u << 20;
inline constexpr std::size_t pattern_bytes_max = 4'096;
inline constexpr std::int64_t pattern_memory_bytes_max = 1 << 20;  // of a compiled pattern

}  // namespace pw::cel
