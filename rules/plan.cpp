#include "rules/plan.h"

#include <algorithm>
#include <array>
#include <limits>

#include "daemon/core/issue.h"
#include "daemon/core/time.h"
#include "rules/context.h"
#include "rules/evaluator.h"
#include "rules/names.h"
#include "rules/zones.h"

namespace pw::cel {
namespace {

// What computing constants may cost while a source is loaded.
constexpr std::uint64_t folding_work_max = 200'000;
constexpr std::size_t scanned_set_max = 8;

bool is_scalar(const Value& value) {
  return !value.is_exceptional() && !value.is(Kind::list) && !value.is(Kind::map) &&
         !value.is(Kind::optional) && !value.is(Kind::object);
}

constexpr std::size_t several = 0;

struct Operation {
  std::string_view function;
  std::size_t arguments;
  Op op;
};

// Operators of which the evaluator knows the meaning, whatever their operands.
constexpr std::array<Operation, 9> usual_operators = {{
    {"_&&_", several, Op::and_},
    {"_||_", several, Op::or_},
    {"!_", 1, Op::not_},
    {"_?_:_", 3, Op::conditional},
    {"_==_", 2, Op::equal},
    {"_!=_", 2, Op::not_equal},
    {"@in", 2, Op::in},
    {"_[_]", 2, Op::index},
    {"_[?_]", 2, Op::index_optional},
}};

// Functions that it need not look up by the kinds of usual arguments.
constexpr std::array<Operation, 8> usual_functions = {{
    {"_<_", 2, Op::less},
    {"_<=_", 2, Op::at_most},
    {"_>_", 2, Op::greater},
    {"_>=_", 2, Op::at_least},
    {"contains", 2, Op::contains},
    {"startsWith", 2, Op::starts_with},
    {"endsWith", 2, Op::ends_with},
    {"size", 1, Op::size},
}};

template <std::size_t N>
const Operation* find_operation(const std::array<Operation, N>& operations, std::string_view name,
                                std::size_t arguments) {
  const auto it = std::find_if(operations.begin(), operations.end(), [&](const Operation& o) {
    return o.function == name && (o.arguments == several || o.arguments == arguments);
  });
  return it == operations.end() ? nullptr : &*it;
}

bool is_chain(Op op) { return op == Op::and_ || op == Op::or_; }

// Its result is written while what it is made from is still read.
bool is_written_early(Op op) { return op == Op::call || op == Op::size; }

// How many of its children's values.
std::uint32_t needed_together(Op op) {
  switch (op) {
    case Op::and_:
    case Op::or_:
    case Op::conditional:
    case Op::or_optional:
    case Op::or_value:
    case Op::list:
      return 1;
    case Op::map:
      return 2;
    default:
      return std::numeric_limits<std::uint32_t>::max();
  }
}

// Recursion is bounded by the tree's height.
class Planner {
 public:
  Planner(const Ast& ast, const Checked& checked, const Environment& environment,
          Problems& problems)
      : ast_(ast),
        checked_(checked),
        environment_(environment),
        problems_(problems),
        names_(environment),
        plan_(std::make_unique<Plan>()),
        context_(plan_->constants) {
    context_.spend(work_max - folding_work_max);
  }

  std::unique_ptr<const Plan> run() {
    plan_->root = build(ast_.root());
    join_chains();
    plan_->frame = names_.deepest();
    seat(plan_->root, static_cast<std::uint32_t>(plan_->frame));
    return std::move(plan_);
  }

 private:
  const Step& step(std::uint32_t id) const { return plan_->steps[id]; }
  NodeId origin(std::uint32_t id) const { return plan_->origins[id].node; }

  void fail(NodeId node, std::string message, std::string nearest = {}) {
    if (!environment_.checked) return;
    problems_.push_back({ast_[node].position, std::move(message), std::move(nearest)});
  }

  std::uint32_t add(Step step, NodeId node, std::span<const Edge> children) {
    const Parts run{static_cast<std::uint32_t>(plan_->edges.size()),
                    static_cast<std::uint32_t>(children.size())};
    if (!children.empty()) step.left = children[0].node;
    if (children.size() > 1) step.right = children[1].node;
    if (is_chain(step.op) || step.op == Op::list || step.op == Op::map) step.detail.parts = run;
    if (step.op == Op::conditional) step.detail.branches = {step.right, children[2].node};
    if (step.op == Op::call) step.detail.callee.arguments = run;
    step.handlers = Evaluator::handlers_of(step.op);
    plan_->edges.insert(plan_->edges.end(), children.begin(), children.end());
    plan_->steps.push_back(step);
    plan_->origins.push_back({node, ast_[node].position, run});
    const auto id = static_cast<std::uint32_t>(plan_->steps.size() - 1);
    compute_if_constant(id);
    return id;
  }

  // A step over constants is run now. What fails is left to fail when it is
  // reached: it may never be.
  void compute_if_constant(std::uint32_t id) {
    Step& target = plan_->steps[id];
    const bool is_named = target.op == Op::variable || target.op == Op::local;
    if (is_named || target.op == Op::constant || target.op == Op::fold) return;
    const auto children = plan_->children(id);
    const bool constant = std::all_of(children.begin(), children.end(), [&](const Edge& edge) {
      return step(edge.node).op == Op::constant;
    });
    if (!constant || !context_.spend(1)) return;
    const Value value = Evaluator(*plan_, {}, context_).run(id);
    if (value.is_exceptional()) return;
    target.op = Op::constant;
    target.handlers = Evaluator::handlers_of(Op::constant);
    target.detail.constant = value;
  }

  std::uint32_t constant(NodeId node, Value value) {
    if (value.is(Kind::error)) value.position = ast_[node].position;
    Step step{.op = Op::constant};
    step.detail.constant = value;
    return add(step, node, {});
  }

  std::uint32_t build(NodeId id) {
    const Node& node = ast_[id];
    switch (node.kind) {
      case NodeKind::literal:
        return constant(id, node.literal);
      case NodeKind::identifier:
        return identifier(id);
      case NodeKind::select:
        return select(id, node);
      case NodeKind::call:
        return call(id, node);
      case NodeKind::list:
        return add({.op = Op::list}, id, build_all(ast_.children(node)));
      case NodeKind::map:
        return add({.op = Op::map}, id, build_all(ast_.children(node)));
      case NodeKind::fold:
        return fold(id, node);
    }
    return 0;
  }

  std::vector<Edge> build_all(std::span<const Edge> children) {
    std::vector<Edge> built;
    built.reserve(children.size());
    for (const Edge& edge : children) built.push_back({build(edge.node), edge.optional});
    return built;
  }

  std::uint32_t meaning(NodeId id, const Meaning& meaning) {
    switch (meaning.kind) {
      case Meaning::Kind::local:
        return add({.op = Op::local, .slot = meaning.slot}, id, {});
      case Meaning::Kind::variable:
        return add({.op = Op::variable, .slot = meaning.slot}, id, {});
      case Meaning::Kind::type:
        break;
    }
    return constant(id, Value::of(Kind::type, meaning.type_name));
  }

  std::uint32_t identifier(NodeId id) {
    if (const auto known = names_.find(ast_, id)) return meaning(id, *known);
    return constant(id, Value::error("unknown name"));
  }

  std::uint32_t select(NodeId id, const Node& node) {
    if (!node.test && !node.optional) {
      if (const auto known = names_.find(ast_, id)) return meaning(id, *known);
    }
    const NodeId operand = ast_.child(node, 0);
    const std::vector<Edge> children = {Edge{build(operand)}};
    Step step{.op = node.test ? Op::has : node.optional ? Op::select_optional : Op::select};
    step.detail.name = Value::string(node.name);
    if (node.test) return add(step, id, children);
    if (node.optional) return add(step, id, children);
    const Step& owner = this->step(children[0].node);
    const bool of_variable = owner.op == Op::variable;
    step.slot = owner.slot;
    if (of_variable) step.op = Op::entry;
    const Type* const type = checked_.types[operand];
    const Field* const field =
        type->kind == TypeKind::object ? find_field(*type->object, node.name) : nullptr;
    if (field != nullptr) {
      step.op = of_variable ? Op::fact : Op::field;
      step.detail.of = {field, type->object};
    }
    return add(step, id, children);
  }

  std::uint32_t call(NodeId id, const Node& node) {
    const auto children = ast_.children(node);
    if (const auto* const known = find_operation(usual_operators, node.name, children.size())) {
      return operate(id, node, known->op);
    }
    if (const Function* const function = names_.find_qualified_function(ast_, node)) {
      return apply(id, *function, build_all(children.subspan(1)), /*member=*/false);
    }
    const Function* const function = names_.find_function(node.name, node.absolute);
    if (function == nullptr) return constant(id, Value::error("unknown function"));
    return apply(id, *function, build_all(children), node.member);
  }

  std::uint32_t operate(NodeId id, const Node& node, Op op) {
    const std::vector<Edge> children = build_all(ast_.children(node));
    if (op == Op::in && step(children[1].node).op == Op::constant) {
      if (const ScalarSet* const set = set_of(step(children[1].node).detail.constant)) {
        Step step{.op = Op::in_set};
        step.detail.set = set;
        return add(step, id, std::span(children).first(1));
      }
    }
    return add({.op = op}, id, children);
  }

  // `a && b && c` is run through at once, by the step at its top. Those inside
  // stay for whoever traces an evaluation.
  void join_chains() {
    std::vector<bool> inside(plan_->steps.size());
    for (std::uint32_t top = 0; top < inside.size(); ++top) {
      if (!is_chain(step(top).op)) continue;
      for (const Edge& edge : plan_->children(top)) {
        if (step(edge.node).op == step(top).op) inside[edge.node] = true;
      }
    }
    for (std::uint32_t top = 0; top < inside.size(); ++top) {
      if (!is_chain(step(top).op) || inside[top]) continue;
      std::vector<Edge> parts;
      collect_parts(top, parts);
      plan_->steps[top].detail.parts = {static_cast<std::uint32_t>(plan_->edges.size()),
                                        static_cast<std::uint32_t>(parts.size())};
      plan_->edges.insert(plan_->edges.end(), parts.begin(), parts.end());
    }
  }

  void collect_parts(std::uint32_t top, std::vector<Edge>& parts) const {
    for (const Edge& edge : plan_->children(top)) {
      if (step(edge.node).op == step(top).op) {
        collect_parts(edge.node, parts);
      } else {
        parts.push_back(edge);
      }
    }
  }

  // Gives each step its place in the frame, and those children places of their
  // own whose values are needed at the same time. What a step hands on from a child
  // without a copy must lie in the step's own place.
  void seat(std::uint32_t id, std::uint32_t place) {
    Step& target = plan_->steps[id];
    target.out = place;
    if (target.op == Op::constant) return;
    const Parts children = plan_->origins[id].children;
    const std::uint32_t first = place + (is_written_early(target.op) ? 1 : 0);
    const std::uint32_t together = std::min(children.count, needed_together(target.op));
    plan_->frame = std::max<std::size_t>(plan_->frame, first + std::max(together, 2u));
    for (std::uint32_t i = 0; i < children.count; ++i) {
      seat(plan_->edges[children.first + i].node, first + i % together);
    }
  }

  // The literal list as a set; null when its items must be compared deeply.
  const ScalarSet* set_of(const Value& list) {
    if (!list.is(Kind::list)) return nullptr;
    const auto items = list.list();
    if (!std::all_of(items.begin(), items.end(), is_scalar)) return nullptr;
    ScalarSet& set = plan_->sets.emplace_back();
    set.items.assign(items.begin(), items.end());
    if (items.size() <= scanned_set_max) return &set;
    std::size_t slots = 16;
    while (slots < items.size() * 2) slots *= 2;
    set.index.assign(slots, 0);
    for (std::uint32_t i = 0; i < items.size(); ++i) {
      std::size_t slot = hash_scalar(items[i]) & (slots - 1);
      while (set.index[slot] != 0 && !equal_scalars(items[set.index[slot] - 1], items[i])) {
        slot = (slot + 1) & (slots - 1);
      }
      set.index[slot] = i + 1;
    }
    return &set;
  }

  std::uint32_t apply(NodeId id, const Function& function, const std::vector<Edge>& arguments,
                      bool member) {
    if (function.name == "matches" && arguments.size() == 2) {
      if (const auto made = literal_matches(id, arguments)) return *made;
    }
    if (member && arguments.size() == 2 && function.name.starts_with("or")) {
      const Op op = function.name == "or" ? Op::or_optional : Op::or_value;
      return add({.op = op}, id, arguments);
    }
    const Overload* const likely = checked_.overloads[id];
    if (likely != nullptr) check_zone(*likely, arguments);
    const auto* const usual = find_operation(usual_functions, function.name, arguments.size());
    Step step{.op = usual != nullptr ? usual->op : Op::call, .member = member};
    step.detail.callee = {&function, likely, {}};
    return add(step, id, arguments);
  }

  std::optional<std::uint32_t> literal_matches(NodeId id, const std::vector<Edge>& arguments) {
    const Step& argument = step(arguments[1].node);
    if (argument.op != Op::constant || !argument.detail.constant.is(Kind::string))
      return std::nullopt;
    Pattern pattern(argument.detail.constant.view());
    if (!pattern.ok()) {
      fail(origin(arguments[1].node), pattern.fault());
      return std::nullopt;
    }
    pattern.prepare();
    plan_->patterns.push_back(std::move(pattern));
    Step step{.op = Op::matches};
    step.detail.pattern = &plan_->patterns.back();
    return add(step, id, std::span(arguments).first(1));
  }

  // A time zone that is written out must exist.
  void check_zone(const Overload& overload, const std::vector<Edge>& arguments) {
    const bool on_time = overload.member && overload.parameters.size() == 2 &&
                         overload.parameters[0]->kind == TypeKind::timestamp;
    if (!on_time) return;
    const Step& argument = step(arguments[1].node);
    if (argument.op != Op::constant || !argument.detail.constant.is(Kind::string)) return;
    const std::string_view zone = argument.detail.constant.view();
    if (clock_in(Time{0, 0}, zone)) return;
    fail(origin(arguments[1].node), "no time zone '" + std::string(zone) + "'",
         nearest_of(zone, zone_names()));
  }

  std::uint32_t fold(NodeId id, const Node& node) {
    const auto children = ast_.children(node);
    std::vector<Edge> built = {Edge{build(children[0].node)}};
    const auto slot = static_cast<std::uint32_t>(names_.depth());
    const std::size_t before = plan_->steps.size();
    const bool two = !node.second.empty();
    names_.push(node.name, plain_type(TypeKind::dyn));
    if (two) names_.push(node.second, plain_type(TypeKind::dyn));
    for (const Edge& edge : children.subspan(1)) built.push_back({build(edge.node)});
    names_.pop(two ? 2 : 1);
    Step step{
        .op = Op::fold, .fold = node.fold, .has_filter = node.count == 3, .two = two, .slot = slot};
    step.detail.turn = {built[1].node, built.back().node,
                        static_cast<std::uint32_t>(plan_->steps.size() - before)};
    return add(step, id, built);
  }

  const Ast& ast_;
  const Checked& checked_;
  const Environment& environment_;
  Problems& problems_;
  Names names_;
  std::unique_ptr<Plan> plan_;
  Context context_;
};

}  // namespace

bool ScalarSet::has(const Value& value) const {
  if (index.empty() && value.is(Kind::string)) {
    for (const Value& item : items) {
      if (equal_strings(item, value)) return true;
    }
    return false;
  }
  if (index.empty()) {
    return std::any_of(items.begin(), items.end(),
                       [&](const Value& item) { return equal_scalars(item, value); });
  }
  const std::size_t mask = index.size() - 1;
  for (std::size_t slot = hash_scalar(value) & mask;; slot = (slot + 1) & mask) {
    if (index[slot] == 0) return false;
    if (equal_scalars(items[index[slot] - 1], value)) return true;
  }
}

std::unique_ptr<const Plan> make_plan(const Ast& ast, const Checked& checked,
                                      const Environment& environment, Problems& problems) {
  return Planner(ast, checked, environment, problems).run();
}

}  // namespace pw::cel
