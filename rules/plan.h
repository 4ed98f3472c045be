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
  constant,
  variable,  // slot
  local,     // slot
  field,     // of an object of a known type
  select,    // by name
  has,
  index,  // a[b], a[?b]
  and_,
  or_,
  not_,
  conditional,
  equal,
  not_equal,
  in,
  in_set,       // in a list of scalar literals
  matches,      // a literal pattern
  or_optional,  // a.or(b)
  or_value,     // a.orValue(b)
  call,
  list,
  map,
  fold,
};

// The scalars of a literal list, by hash, as MapData has its keys.
struct ScalarSet {
  std::vector<Value> items{};
  std::vector<std::uint32_t> index{};
  bool has(const Value& value) const;
};

struct Step {
  Op op = Op::constant;
  Fold fold = Fold::all;
  bool optional = false;    // `.?`, `[?`
  bool has_filter = false;  // of a fold
  bool two = false;         // a fold with two variables
  bool member = false;      // of a call
  std::uint32_t position = 0;
  std::uint32_t first = 0;  // children are edges [first, first + count)
  std::uint32_t count = 0;
  std::uint32_t slot = 0;  // of a variable, or of a fold's first local
  NodeId node = no_node;   // what it was made from
  Value constant{};
  std::string_view name{};  // of a field
  const Field* field = nullptr;
  const ObjectType* object = nullptr;  // that `field` belongs to
  const Function* function = nullptr;
  const Overload* likely = nullptr;
  const Pattern* pattern = nullptr;
  const ScalarSet* set = nullptr;
};

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
