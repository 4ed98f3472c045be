// Sentences about calls that cannot be made.
#pragma once

#include <span>
#include <string>

#include "rules/ast.h"
#include "rules/functions.h"

namespace pw::cel {

// "cannot compare string with int"; `types` are the arguments', printed.
std::string refusal(const Node& call, const Function& function, std::span<const std::string> types,
                    bool member);

// The name of a function that may have been meant, or empty.
std::string nearest_function(const Ast& ast, const Node& call);

}  // namespace pw::cel
