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

// Recursion is bounded by the tree's height.
class Evaluator {
 public:
  // All must outlive the evaluator; `tracer` may be null.
  Evaluator(const Plan& plan, const Activation& activation, Context& context, Tracer* tracer)
      : plan_(plan), activation_(activation), context_(context), tracer_(tracer) {}

  Value run();
  // One step alone, for computing constants while planning.
  Value run(std::uint32_t step);

 private:
  Value evaluate(std::uint32_t id) {
    const Step& step = plan_.steps[id];
    if (tracer_ == nullptr) {
      if (step.op == Op::constant) return step.constant;
      if (step.op == Op::local) return locals_[step.slot];
      if (step.op == Op::variable && step.slot < activation_.slots.size() &&
          !activation_.slots[step.slot].is(Kind::error)) {
        return activation_.slots[step.slot];
      }
    }
    return evaluate_step(step);
  }
  Value evaluate_step(const Step& step);
  Value compute(const Step& step);
  std::uint32_t child(const Step& step, std::size_t i) const {
    return plan_.edges[step.first + i].node;
  }

  Value variable(const Step& step);
  Value field(const Step& step);
  Value select(const Step& step);
  Value select_from(const Step& step, const Value& operand, bool optional);
  Value has(const Step& step);
  Value index(const Step& step);
  Value index_into(const Value& container, const Value& key, bool optional);
  Value logic(const Step& step, bool absorbing);
  Value negation(const Step& step);
  Value conditional(const Step& step);
  Value equality(const Step& step, bool wanted);
  Value membership(const Step& step);
  Value matches(const Step& step);
  Value alternative(const Step& step);
  Value call(const Step& step);
  Value call_with(const Step& step, std::span<const Value> arguments);
  Value list(const Step& step);
  Value map(const Step& step);

  // evaluator_fold.cpp
  Value fold(const Step& step);
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
  Value at(const Step& step, Value value) const {
    if (value.is(Kind::error) && value.position == no_position) value.position = step.position;
    return value;
  }

  const Plan& plan_;
  const Activation& activation_;
  Context& context_;
  Tracer* tracer_;
  Value* locals_ = nullptr;
};

}  // namespace pw::cel
