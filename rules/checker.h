// Types and names of a tree against an environment. All mistakes are reported,
// each once: what is wrong already is not the cause of further complaints.
#pragma once

#include <vector>

#include "rules/ast.h"
#include "rules/environment.h"
#include "rules/functions.h"
#include "rules/problem.h"
#include "rules/types.h"

namespace pw::cel {

struct Checked {
  TypePool pool{};
  std::vector<const Type*> types{};          // by node; dyn where nothing is known
  std::vector<const Overload*> overloads{};  // by node: the likeliest one, or null
};

// Where the environment is unchecked, every type is dyn and nothing is wrong.
Checked check(const Ast& ast, const Environment& environment, Problems& problems);

}  // namespace pw::cel
