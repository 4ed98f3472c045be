// The functions of the language: name, types and body, one row each. The
// tables are the only place where a function is declared; the checker, the
// evaluator and the documentation read them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/context.h"
#include "rules/types.h"
#include "rules/value.h"

namespace pw::cel {

// Arguments have the kinds that the signature says, and are neither errors nor
// unknowns.
using Body = Value (*)(Context& context, std::span<const Value> arguments);

struct FunctionRow {
  // "string.indexOf(string, int) -> int": a member function;
  // "size(string) -> int", "math.abs(int) -> int", "_+_(int, int) -> int": a
  // global one; "math.greatest(int...) -> int": two or more. Capital letters
  // stand for any type, the same one each time.
  std::string_view signature;
  Body body;  // null: the evaluator knows this operator itself
};

struct Overload {
  std::string_view signature;
  bool member = false;
  bool variadic = false;                  // the last parameter, two times or more
  std::vector<const Type*> parameters{};  // a member's receiver first
  const Type* result = nullptr;
  Body body = nullptr;
  // What most overloads ask of their arguments, at a glance.
  struct Glance {
    Kind kind = Kind::null;
    const ObjectType* object = nullptr;  // of an object
  };
  static constexpr std::size_t glances_max = 4;
  std::array<Glance, glances_max> glances{};
  std::size_t glance_count = 0;  // all the parameters, or 0: look at the types

  bool takes(std::size_t arguments) const {
    return variadic ? arguments >= 2 : arguments == parameters.size();
  }
  const Type* parameter(std::size_t i) const {
    return parameters[i < parameters.size() ? i : parameters.size() - 1];
  }
  // Whether it may be called with these, as values.
  bool accepts(std::span<const Value> arguments) const {
    if (glance_count == 0 || arguments.size() != glance_count) return accepts_slowly(arguments);
    const Glance* glance = glances.data();
    for (const Value& argument : arguments) {
      if (argument.kind != glance->kind) return false;
      if (argument.is(Kind::object) && argument.object.type != glance->object) return false;
      ++glance;
    }
    return true;
  }
  bool accepts_slowly(std::span<const Value> arguments) const;
};

struct Function {
  std::string name;
  std::vector<Overload> overloads{};
};

// Null when there is none of that name.
const Function* find_function(std::string_view name);
// In the order of the tables.
std::span<const Function> all_functions();

std::span<const FunctionRow> operator_rows();
std::span<const FunctionRow> arithmetic_rows();
std::span<const FunctionRow> conversion_rows();
std::span<const FunctionRow> string_rows();
std::span<const FunctionRow> list_rows();
std::span<const FunctionRow> math_rows();
std::span<const FunctionRow> time_rows();
std::span<const FunctionRow> fact_rows();

Value no_overload();

}  // namespace pw::cel
