// Examples of a rule pack, from YAML.
#pragma once

#include <optional>

#include "rules/example.h"
#include "rules/yaml_reader.h"

namespace pw {

// What pack.h says holds where the example is silent.
Example default_example();

// Nothing when the example has no readable `match:`.
std::optional<Example> read_example(YamlReader& yaml, const YAML::Node& node);

}  // namespace pw
