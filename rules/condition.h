// Conditions outside rule packs: the campaign's `statement.matches` and a
// sink's `when:`.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/core/issue.h"
#include "rules/facts.h"

namespace pw {

// Compiles a condition that stands at `line` and `column` (from 1) of `file`,
// with the variables of `environment` (statement_environment() or
// finding_environment()). Mistakes go to `issues`, all of them.
std::optional<cel::Program> compile_condition(std::string_view source, std::string_view file,
                                              int line, int column,
                                              const cel::Environment& environment, Issues& issues);

}  // namespace pw
