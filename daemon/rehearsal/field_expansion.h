// The Graph API's field expansion: edge.modifier(arg){field,edge{...}}
// (platforms-meta 1.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pw {

struct GraphField {
  std::string name;
  std::vector<std::pair<std::string, std::string>> modifiers{};
  std::vector<GraphField> fields{};
  bool expanded = false;  // braces were there

  const std::string* modifier(std::string_view called) const;
  const GraphField* field(std::string_view called) const;
};

// Nothing on a syntax error, more than four levels or more than 200 fields.
std::optional<std::vector<GraphField>> parse_field_expansion(std::string_view text);

}  // namespace pw
