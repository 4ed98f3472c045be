// Tree → canonical source: one space around operators, brackets only where
// they are needed. Reading the print back gives the same print.
#pragma once

#include <string>

#include "rules/ast.h"

namespace pw::cel {

std::string print(const Ast& ast, NodeId node);

}  // namespace pw::cel
