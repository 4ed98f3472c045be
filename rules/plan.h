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
  // What is true or false.
  and_,
  or_,
  not_,
  equal,
  not_equal,
  in,
  in_set,   // in a list of scalar literals
  matches,  // a literal pattern
  less,
  at_most,
  greater,
  at_least,
  contains,  // of strings
  starts_with,
  ends_with,
  // What may be anything.
  constant,
  variable,  // slot
  local,     // slot
  fact,      // a field of a variable that is an object of a known type
  field,     // of an object of a known type
  entry,     // by name, of a variable that is no such object; slot
  select,    // by name
  select_optional,
  has,
  index,           // a[b]
  index_optional,  // a[?b]
  conditional,
  or_optional,  // a.or(b)
  or_value,     // a.orValue(b)
  size,
  call,
  list,
  map,
  fold,
};
inline constexpr std::size_t op_count = static_cast<std::size_t>(Op::fold) + 1;
inline bool is_decision(Op op) { return op < Op::constant; }

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
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct Callee {
  const Function* function;
  const Overload* likely;  // the one that types tell; may be null
  Parts arguments;
};

struct Branches {
  std::uint32_t yes;
  std::uint32_t no;
};

// What a fold does for each item; `work` is how many steps that are at most.
struct Turn {
  std::uint32_t filter;
  std::uint32_t body;
  std::uint32_t work;
};

// What an operation needs beside its children. A union, so that a step fills one
// line of the processor's cache and no more.
union Detail {
  Value constant = {};
  Value name;  // of select and has: the field's, a string
  FieldOfObject of;
  Parts parts;    // of list, map, and_, or_: the children; of a whole chain at its top
  Callee callee;  // of call, size, the comparisons and the tests of strings
  Branches branches;
  Turn turn;
  const Pattern* pattern;
  const ScalarSet* set;
};

class Evaluator;
struct Step;
// Open: neither true nor false, but an error, an unknown or another value.
enum class Truth : std::uint8_t { no, yes, open };

// What runs a step: each operation has its own two functions.
struct Handlers {
  Truth (*decide)(Evaluator& evaluator, const Step& step) = nullptr;
  const Value& (*evaluate)(Evaluator& evaluator, const Step& step) = nullptr;
};

// What is read while evaluating; the rest is in its Origin.
struct Step {
  Op op = Op::constant;
  Fold fold = Fold::all;
  bool has_filter = false;  // of a fold
  bool two = false;         // a fold with two variables
  bool member = false;      // of what has a callee
  std::uint32_t left = 0;   // the first two children
  std::uint32_t right = 0;
  std::uint32_t slot = 0;  // of a variable, local, fact or entry; a fold's first local
  std::uint32_t out = 0;   // its own place in the frame
  Handlers handlers{};
  Detail detail{};
};
static_assert(sizeof(Step) <= 64);

struct Origin {
  NodeId node = no_node;  // what the step was made from
  std::uint32_t position = 0;
  Parts children{};
};

struct Plan {
  std::vector<Step> steps{};
  std::vector<Origin> origins{};  // one for each step
  std::vector<Edge> edges{};
  std::uint32_t root = 0;
  std::size_t frame = 0;  // places: the locals, and a value for each step under way
  Arena constants{};      // what folded constants point to
  std::deque<Pattern> patterns{};
  std::deque<ScalarSet> sets{};

  std::span<const Edge> children(std::uint32_t step) const { return parts(origins[step].children); }
  std::span<const Edge> parts(Parts run) const { return {edges.data() + run.first, run.count}; }
};

// Literal arguments that can never be right (a wrong pattern, an unknown time
// zone) are problems where the environment is checked.
std::unique_ptr<const Plan> make_plan(const Ast& ast, const Checked& checked,
                                      const Environment& environment, Problems& problems);

}  // namespace pw::cel
