// The tree made ready to run: names are slots, constants are computed, literal
// patterns are compiled, literal sets are hashed. One array of nodes.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "rules/ast.h"
#include "rules/checker.h"
#include "rules/environment.h"
#include "rules/functions.h"
#include "rules/object.h"
#include "rules/pattern.h"
#include "rules/problem.h"
#include "rules/scratch.h"

namespace pw::cel {

enum class Op : std::uint8_t {
  // What is true or false: Evaluator::decide_step.
  and_,
  or_,
  not_,
  equal,
  not_equal,
  in,
  in_set,     // in a list of scalar literals
  matches,    // a literal pattern
  order,      // a < b, a <= b, a > b, a >= b
  text_test,  // a.contains(b), a.startsWith(b), a.endsWith(b)
  // The rest: Evaluator::compute.
  constant,
  variable,  // slot
  local,     // slot
  field,     // of an object of a known type
  select,    // by name
  has,
  index,  // a[b], a[?b]
  conditional,
  or_optional,  // a.or(b)
  or_value,     // a.orValue(b)
  size,
  call,
  list,
  map,
  fold,
};
inline bool is_decision(Op op) { return op <= Op::text_test; }

enum class Relation : std::uint8_t {
  less,
  at_most,
  greater,
  at_least,
  contains,
  starts_with,
  ends_with,
};

// The scalars of a literal list, by hash, as MapData has its keys.
struct ScalarSet {
  std::vector<Value> items{};
  std::vector<std::uint32_t> index{};
  bool has(const Value& value) const;
};

struct FieldOfObject {
  const Field* field;
  const ObjectType* object;  // that it belongs to
};

// A run of edges.
struct Parts {
  std::uint32_t first;
  std::uint32_t count;
};

struct Callee {
  const Function* function;
  const Overload* likely;  // the one that types tell; may be null
};

// What an operation needs beside its children. A union, so that a step fills one
// line of the processor's cache and no more.
union Detail {
  Value constant = {};
  Value name;  // of select and has: the field's, a string
  FieldOfObject of;
  Parts parts;    // of and_ and or_ at the top of a chain: all its parts; else none
  Callee callee;  // of call, order, text_test, size
  const Pattern* pattern;
  const ScalarSet* set;
};

struct Step {
  Op op = Op::constant;
  Fold fold = Fold::all;
  Relation relation = Relation::less;  // of order and text_test
  bool optional = false;               // `.?`, `[?`
  bool has_filter = false;             // of a fold
  bool two = false;                    // a fold with two variables
  bool member = false;  // of a call, or of what is one at heart: order, text_test, size
  std::uint32_t position = 0;
  std::uint32_t first = 0;  // children are edges [first, first + count)
  std::uint32_t count = 0;
  std::uint32_t left = 0;  // the first two children again, for those that have two at most
  std::uint32_t right = 0;
  std::uint32_t slot = 0;  // of a variable, or of a fold's first local
  NodeId node = no_node;   // what it was made from
  Detail detail{};
};
static_assert(sizeof(Step) <= 64);

struct Plan {
  std::vector<Step> steps{};
  std::vector<Edge> edges{};
  std::uint32_t root = 0;
  std::size_t locals = 0;  // the most at once
  Arena constants{};       // what folded constants point to
  std::deque<Pattern> patterns{};
  std::deque<ScalarSet> sets{};

  std::span<const Edge> children(const Step& step) const {
    return {edges.data() + step.first, step.count};
  }
};

// Literal arguments that can never be right (a wrong pattern, an unknown time
// zone) are problems where the environment is checked.
std::unique_ptr<const Plan> make_plan(const Ast& ast, const Checked& checked,
                                      const Environment& environment, Problems& problems);

}  // namespace pw::cel
