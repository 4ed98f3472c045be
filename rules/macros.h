// The macros: calls that bind names for one of their arguments.
#pragma once

#include <span>
#include <string_view>

#include "rules/ast.h"
#include "rules/problem.h"

namespace pw::cel {

struct CallParts {
  std::string_view name;
  std::uint32_t position = 0;
  NodeId receiver = no_node;  // none: a global call
  std::span<const Edge> arguments{};
};

// The node that the call stands for, or no_node when it is an ordinary call or
// when a macro is misused (then with a problem).
NodeId expand_macro(Ast& ast, const CallParts& call, Problems& problems);

std::string_view name_of(Fold fold);

}  // namespace pw::cel
