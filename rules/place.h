// Where a source stands in the file it was read from: an expression inside a
// YAML scalar reports its mistakes at the file's own lines and columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pw::cel {

struct Spot {
  int line = 1;    // from 1
  int column = 1;  // from 1, in bytes
};

// From `offset` on (up to the next stretch), bytes of the source follow one
// another in the file, starting at `spot`. A newline in the source itself
// begins a new stretch, or, where there is none, the next line's column 1.
struct Stretch {
  std::uint32_t offset = 0;
  Spot spot{};
};

struct Place {
  std::string file{};
  std::vector<Stretch> stretches{};  // sorted by offset; empty: the file is the source
};

// `source` is the text whose bytes are counted.
Spot spot_of(const Place& place, std::string_view source, std::uint32_t offset);

// The place of the part of a source that starts at `offset`.
Place part_of(const Place& place, std::string_view source, std::uint32_t offset,
              std::uint32_t length);

}  // namespace pw::cel
