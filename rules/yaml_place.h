// Where the characters of a YAML scalar stand in the file: quotes, escapes,
// folded lines and block indentation lie between them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/place.h"

namespace pw {

// `value` is what the scalar at byte `offset` of `text` (line and column from
// 1) was read as. Positions that cannot be told follow the last that can.
cel::Place place_of_scalar(std::string file, std::string_view text, std::size_t offset,
                           cel::Spot spot, std::string_view value);

}  // namespace pw
