// Tokens → tree. Macros become fold nodes here, since they bind names.
#pragma once

#include <optional>
#include <string_view>

#include "rules/ast.h"
#include "rules/problem.h"

namespace pw::cel {

// Nothing when the source is wrong; then `problems` says why, at the first
// character that cannot stand there.
std::optional<Ast> parse(std::string_view source, Problems& problems);

}  // namespace pw::cel
