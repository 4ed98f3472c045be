// What can be said of a YAML file before it is parsed.
#pragma once

#include <string_view>

#include "config/yaml_tree.h"
#include "daemon/core/issue.h"

namespace pw {

// False, with an issue, for text that must not reach the parser: too large, no
// UTF-8, control characters, tabs as indentation, or so many brackets that the
// parser, which looks ahead over a whole line, would hold them all at once.
bool is_parsable(std::string_view file, std::string_view text, const YamlLimits& limits,
                 Issues& issues);

}  // namespace pw
