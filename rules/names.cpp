#include "rules/names.h"

#include <algorithm>
#include <array>

namespace pw::cel {
namespace {

struct TypeName {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<TypeName, 14> type_names = {{
    {"bool", TypeKind::boolean},
    {"int", TypeKind::integer},
    {"uint", TypeKind::natural},
    {"double", TypeKind::real},
    {"string", TypeKind::string},
    {"bytes", TypeKind::bytes},
    {"null_type", TypeKind::null},
    {"list", TypeKind::list},
    {"map", TypeKind::map},
    {"type", TypeKind::type},
    {"optional_type", TypeKind::optional},
    {"google.protobuf.Timestamp", TypeKind::timestamp},
    {"google.protobuf.Duration", TypeKind::duration},
    {"", TypeKind::dyn},
}};

// Calls `found` with "a.b.name", "a.name", "name" until it returns something.
template <class F>
auto in_container(std::string_view container, std::string_view name, bool absolute, F&& found)
    -> decltype(found(name)) {
  if (absolute) container = {};
  while (!container.empty()) {
    const std::string candidate = std::string(container) + '.' + std::string(name);
    if (auto result = found(candidate)) return result;
    const std::size_t dot = container.rfind('.');
    container = dot == std::string_view::npos ? std::string_view{} : container.substr(0, dot);
  }
  return found(name);
}

}  // namespace

void Names::push(std::string_view name, const Type* type) {
  locals_.push_back({name, type, static_cast<std::uint32_t>(locals_.size())});
  deepest_ = std::max(deepest_, locals_.size());
}

const Local* Names::find_local(std::string_view name) const {
  const auto it = std::find_if(locals_.rbegin(), locals_.rend(),
                               [&](const Local& local) { return local.name == name; });
  return it == locals_.rend() ? nullptr : &*it;
}

std::optional<Meaning> Names::find_exact(std::string_view name) const {
  const auto& variables = environment_.variables;
  for (std::uint32_t slot = 0; slot < variables.size(); ++slot) {
    if (variables[slot].name != name) continue;
    return Meaning{.kind = Meaning::Kind::variable, .slot = slot, .type = variables[slot].type};
  }
  for (const TypeName& type : type_names) {
    if (name.empty() || type.name != name) continue;
    const bool has_parts = type.kind == TypeKind::list || type.kind == TypeKind::map ||
                           type.kind == TypeKind::type || type.kind == TypeKind::optional;
    return Meaning{.kind = Meaning::Kind::type,
                   .type = has_parts ? any_of(type.kind) : plain_type(type.kind),
                   .type_name = type.name};
  }
  return std::nullopt;
}

std::optional<Meaning> Names::find(const Ast& ast, NodeId id) const {
  const NodeId root = root_identifier(ast, id);
  if (root == no_node) return std::nullopt;
  const Node& identifier = ast[root];
  if (!identifier.absolute) {
    if (const Local* const local = find_local(identifier.name)) {
      if (root != id) return std::nullopt;
      return Meaning{.kind = Meaning::Kind::local, .slot = local->slot, .type = local->type};
    }
  }
  const std::string name = qualified_name(ast, id);
  return in_container(environment_.container, name, identifier.absolute,
                      [&](std::string_view candidate) { return find_exact(candidate); });
}

const Function* Names::find_function(std::string_view name, bool absolute) const {
  return in_container(environment_.container, name, absolute,
                      [](std::string_view candidate) { return cel::find_function(candidate); });
}

const Function* Names::find_qualified_function(const Ast& ast, const Node& call) const {
  if (!call.member) return nullptr;
  const NodeId receiver = ast.child(call, 0);
  const NodeId root = root_identifier(ast, receiver);
  if (root == no_node) return nullptr;
  const Node& identifier = ast[root];
  if (!identifier.absolute && find_local(identifier.name) != nullptr) return nullptr;
  // No function has more than one dot in its name.
  if (root != receiver && environment_.container.empty()) return nullptr;
  const std::string name = qualified_name(ast, receiver) + '.' + std::string(call.name);
  return find_function(name, identifier.absolute);
}

}  // namespace pw::cel
