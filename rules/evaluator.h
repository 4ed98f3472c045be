// Runs a plan over an activation.
#pragma once

#include <memory>
#include <vector>

#include "rules/context.h"
#include "rules/environment.h"
#include "rules/plan.h"

namespace pw::cel {

// Told of every step once it has a value, children before parents.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void evaluated(NodeId node, const Value& value) = 0;
};

// The plan's steps, telling a tracer: every part of a chain on its own.
std::vector<Step> traced_steps(const Plan& plan);

// Recursion is bounded by the tree's height.
class Evaluator {
 public:
  // All must outlive the evaluator.
  Evaluator(const Plan& plan, const Activation& activation, Context& context)
      : Evaluator(plan, plan.steps, activation, context, nullptr) {}
  // `steps` are traced_steps(plan).
  Evaluator(const Plan& plan, std::span<const Step> steps, const Activation& activation,
            Context& context, Tracer* tracer)
      : steps_(steps.data()),
        edges_(plan.edges.data()),
        slots_(activation.slots),
        context_(context),
        plan_(plan),
        tracer_(tracer) {}

  Value run() { return run(plan_.root); }
  // One step alone, for computing constants while planning.
  Value run(std::uint32_t id);

  static Handlers handlers_of(Op op);
  static Handlers traced_handlers();

 private:
  // A step's value where it lies: a literal, a variable, an element of a list, or
  // else the step's own place in the frame. Good until the step is evaluated
  // again or another is that shares the place: Planner::seat.
  const Value& value(std::uint32_t id) {
    const Step& step = steps_[id];
    return step.handlers.evaluate(*this, step);
  }
  // Open: the value is in open_ until the next decision.
  Truth decide(std::uint32_t id) {
    const Step& step = steps_[id];
    return step.handlers.decide(*this, step);
  }
  const Origin& origin(const Step& step) const {
    return plan_.origins[static_cast<std::size_t>(&step - steps_)];
  }
  std::span<const Edge> edges(Parts parts) const { return {edges_ + parts.first, parts.count}; }

  // Puts a value that `step` made into its place; an error gets its position.
  const Value& keep(const Step& step, const Value& value) {
    frame_[step.out] = value;
    return kept(step);
  }
  const Value& kept(const Step& step) {
    const Value& value = frame_[step.out];
    return value.is(Kind::error) ? failed(step) : value;
  }
  [[gnu::noinline]] const Value& failed(const Step& step);
  [[gnu::noinline]] const Value& fail(const Step& step, const Value& error);
  Value at(const Step& step, Value value) const;

  // The two functions of a step from one: what gives a value, what decides.
  template <const Value& (Evaluator::*method)(const Step&)>
  static Handlers valuing() {
    return {[](Evaluator& e, const Step& step) { return e.truth_of(step, (e.*method)(step)); },
            [](Evaluator& e, const Step& step) -> const Value& { return (e.*method)(step); }};
  }
  template <Truth (Evaluator::*method)(const Step&)>
  static Handlers deciding() {
    return {[](Evaluator& e, const Step& step) { return (e.*method)(step); },
            [](Evaluator& e, const Step& step) -> const Value& {
              const Truth truth = (e.*method)(step);
              return e.keep(step, truth == Truth::open ? e.open_ : Value::of(truth == Truth::yes));
            }};
  }

  const Value& constant(const Step& step) { return step.detail.constant; }
  const Value& local(const Step& step) { return frame_[step.slot]; }
  const Value& variable(const Step& step);
  const Value& fact(const Step& step);
  const Value& field(const Step& step);
  const Value& field_of(const Step& step, const Value& object);
  const Value& entry(const Step& step);
  const Value& select(const Step& step);
  [[gnu::noinline]] const Value& select_slowly(const Step& step, const Value& whole);
  const Value& select_optional(const Step& step);
  Value select_from(const Step& step, const Value& operand, bool optional);
  const Value& has(const Step& step);
  template <bool optional>
  const Value& index(const Step& step);
  Value index_into(const Value& container, const Value& key, bool optional);
  const Value& conditional(const Step& step);
  template <bool value>
  const Value& alternative(const Step& step);
  const Value& size(const Step& step);
  const Value& call(const Step& step);
  const Value& call_with(const Step& step, std::span<const Value> arguments);
  Body body_for(const Step& step, std::span<const Value> arguments) const {
    const Overload* const likely = step.detail.callee.likely;
    if (likely != nullptr && likely->accepts(arguments)) return likely->body;
    return other_body(step, arguments);
  }
  [[gnu::noinline]] Body other_body(const Step& step, std::span<const Value> arguments) const;
  [[gnu::noinline]] const Value& gathered(const Step& step, std::span<const Value> values);
  const Value& list(const Step& step);
  const Value& map(const Step& step);
  const Value& traced(const Step& step);

  // evaluator_condition.cpp
  static Truth truth(bool yes) { return yes ? Truth::yes : Truth::no; }
  Truth truth_of(const Step& step, const Value& value) {
    return value.is(Kind::boolean) ? truth(value.boolean) : open(step, value);
  }
  [[gnu::noinline]] Truth open(const Step& step, const Value& value);
  [[gnu::noinline]] Truth both_open(const Step& step, const Value& a, const Value& b);
  [[gnu::noinline]] Truth out_of_work(const Step& step);
  static Handlers decisions_of(Op op);
  template <Truth decisive>
  Truth logic(const Step& step);
  [[gnu::noinline]] Truth undecided(const Step& step, Truth decisive, std::span<const Edge> parts);
  Value open_part(const Edge& part);
  Truth negation(const Step& step);
  template <bool wanted>
  Truth equality(const Step& step);
  Truth membership(const Step& step);
  Truth member_of_set(const Step& step);
  Truth matches(const Step& step);
  template <Op op>
  Truth order(const Step& step);
  template <Op op>
  Truth text_test(const Step& step);
  [[gnu::noinline]] Truth general(const Step& step, const Value& a, const Value& b);

  // evaluator_fold.cpp
  const Value& fold(const Step& step);
  Value folded(const Step& step);
  Value bind(const Step& step);
  Value optional_map(const Step& step);
  Value comprehension(const Step& step, const Value& range);
  struct Walk;
  Value quantified(Walk& walk);
  Value exactly_one(Walk& walk);
  Value collected(Walk& walk);
  Value mapped(Walk& walk);

  // Two values of which neither ends the evaluation alone.
  Value both_exceptional(const Value& a, const Value& b);

  const Step* const steps_;
  const Edge* const edges_;
  const std::span<const Value> slots_;
  Context& context_;
  Value* frame_ = nullptr;
  const Plan& plan_;
  Tracer* const tracer_;
  Value open_{};
};

}  // namespace pw::cel
