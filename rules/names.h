// What a name means: a local variable of a fold, a variable of the
// environment, or a type. Both the checker and the planner ask here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/environment.h"
#include "rules/functions.h"

namespace pw::cel {

struct Local {
  std::string_view name;
  const Type* type = nullptr;
  std::uint32_t slot = 0;
};

struct Meaning {
  enum class Kind { local, variable, type };
  Kind kind = Kind::variable;
  std::uint32_t slot = 0;        // of a local or a variable
  const Type* type = nullptr;    // of a local or a variable; or the type denoted
  std::string_view type_name{};  // of a type: "int"
};

class Names {
 public:
  explicit Names(const Environment& environment) : environment_(environment) {}

  void push(std::string_view name, const Type* type);
  void pop(std::size_t count) { locals_.resize(locals_.size() - count); }
  std::size_t depth() const { return locals_.size(); }
  // The most locals there ever were at once.
  std::size_t deepest() const { return deepest_; }

  // The meaning of an identifier or of a chain of fields ("a.b.c") as one
  // name; nothing when it has none as a whole.
  std::optional<Meaning> find(const Ast& ast, NodeId id) const;

  // A function by its name in the container's namespaces. For `a.b(x)` the
  // name is tried as "a.b" first, as long as `a` is no local variable.
  const Function* find_function(std::string_view name, bool absolute) const;
  const Function* find_qualified_function(const Ast& ast, const Node& call) const;

 private:
  const Local* find_local(std::string_view name) const;
  std::optional<Meaning> find_exact(std::string_view name) const;

  const Environment& environment_;
  std::vector<Local> locals_{};
  std::size_t deepest_ = 0;
};

}  // namespace pw::cel
