// What a source may name: variables with their types, and a container, the
// namespace in which names are resolved first.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/value.h"

namespace pw::cel {

struct Type;

struct Variable {
  std::string name;            // may be dotted: "a.b.c"
  const Type* type = nullptr;  // outlives every program
};

struct Environment {
  std::vector<Variable> variables{};  // a variable's slot is its index
  std::string container{};            // "a.b"; empty: none
  // False: evaluate without checking types; every mistake is met at run time.
  bool checked = true;
  // Warn where a field is used that is only the poster's claim.
  bool warn_of_claims = false;
};

// The variables' values, by slot. An unbound one holds unbound().
struct Activation {
  std::span<const Value> slots{};
};

}  // namespace pw::cel
