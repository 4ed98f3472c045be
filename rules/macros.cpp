#include "rules/macros.h"

#include <array>
#include <vector>

namespace pw::cel {
namespace {

// A receiver macro: `range.name(variables..., [filter,] body)`.
struct MacroRow {
  std::string_view name;
  std::size_t arguments;
  std::size_t variables;
  Fold fold;
};

constexpr std::array<MacroRow, 20> macro_rows = {{
    {"all", 2, 1, Fold::all},
    {"all", 3, 2, Fold::all},
    {"exists", 2, 1, Fold::exists},
    {"exists", 3, 2, Fold::exists},
    {"exists_one", 2, 1, Fold::exists_one},
    {"exists_one", 3, 2, Fold::exists_one},
    {"existsOne", 2, 1, Fold::exists_one},
    {"existsOne", 3, 2, Fold::exists_one},
    {"map", 2, 1, Fold::map},
    {"map", 3, 1, Fold::map},
    {"filter", 2, 1, Fold::filter},
    {"transformList", 3, 2, Fold::transform_list},
    {"transformList", 4, 2, Fold::transform_list},
    {"transformMap", 3, 2, Fold::transform_map},
    {"transformMap", 4, 2, Fold::transform_map},
    {"transformMapEntry", 3, 2, Fold::transform_map_entry},
    {"transformMapEntry", 4, 2, Fold::transform_map_entry},
    {"optMap", 2, 1, Fold::opt_map},
    {"optFlatMap", 2, 1, Fold::opt_flat_map},
    {"bind", 3, 1, Fold::bind},
}};

bool is_simple_name(const Node& node) {
  return node.kind == NodeKind::identifier && !node.absolute;
}

NodeId misuse(Problems& problems, std::uint32_t position, std::string message) {
  problems.push_back({position, std::move(message)});
  return no_node;
}

NodeId expand_has(Ast& ast, const CallParts& call, Problems& problems) {
  const NodeId argument = call.arguments[0].node;
  const Node& field = ast[argument];
  if (field.kind != NodeKind::select || field.test || field.optional) {
    return misuse(problems, field.position, "has() needs a field: has(a.b)");
  }
  ast.edit(argument).test = true;
  return argument;
}

NodeId expand_fold(Ast& ast, const CallParts& call, const MacroRow& row, Problems& problems) {
  std::array<std::string_view, 2> names{};
  for (std::size_t i = 0; i < row.variables; ++i) {
    const Node& variable = ast[call.arguments[i].node];
    if (!is_simple_name(variable)) {
      return misuse(problems, variable.position,
                    std::string(row.name) + "() needs a plain name here");
    }
    names[i] = variable.name;
  }
  if (row.variables == 2 && names[0] == names[1]) {
    return misuse(problems, ast[call.arguments[1].node].position,
                  "the two variables need different names");
  }
  std::vector<Edge> children;
  if (row.fold != Fold::bind) children.push_back({call.receiver});
  for (const Edge& edge : call.arguments.subspan(row.variables)) children.push_back(edge);
  return ast.add({.kind = NodeKind::fold,
                  .fold = row.fold,
                  .position = call.position,
                  .name = names[0],
                  .second = names[1]},
                 children);
}

}  // namespace

NodeId expand_macro(Ast& ast, const CallParts& call, Problems& problems) {
  if (call.receiver == no_node) {
    const bool is_has = call.name == "has" && call.arguments.size() == 1;
    return is_has ? expand_has(ast, call, problems) : no_node;
  }
  for (const MacroRow& row : macro_rows) {
    if (row.name != call.name || row.arguments != call.arguments.size()) continue;
    const Node& receiver = ast[call.receiver];
    const bool on_cel = is_simple_name(receiver) && receiver.name == "cel";
    if (row.fold == Fold::bind && !on_cel) continue;
    return expand_fold(ast, call, row, problems);
  }
  return no_node;
}

std::string_view name_of(Fold fold) {
  for (const MacroRow& row : macro_rows) {
    if (row.fold == fold) return row.name;
  }
  return {};
}

}  // namespace pw::cel
