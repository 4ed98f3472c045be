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
      : plan_(plan),
        steps_(plan.steps.data()),
        edges_(plan.edges.data()),
        activation_(activation),
        context_(context),
        tracer_(tracer) {}

  Value run();
  // One step alone, for computing constants while planning.
  Value run(std::uint32_t step);

 private:
  Value evaluate(std::uint32_t id) {
    const Step& step = steps_[id];
    if (const Value* const value = near(step)) return *value;
    return evaluate_step(step);
  }
  Value evaluate_step(const Step& step);
  Value compute(const Step& step);
  std::uint32_t child(const Step& step, std::size_t i) const {
    if (i < 2) return i == 0 ? step.left : step.right;
    return edges_[step.first + i].node;
  }
  std::span<const Edge> children(const Step& step) const {
    return {edges_ + step.first, step.count};
  }

  // evaluator_condition.cpp
  enum class Truth : std::uint8_t { no, yes, open };
  // Open: neither true nor false; `open` then holds the value, and only then is
  // it written.
  Truth decide(std::uint32_t id, Value& open);
  Truth decide_step(const Step& step, Value& open);
  Truth logic(const Step& step, bool absorbing, Value& open);
  Truth negation(const Step& step, Value& open);
  Truth equality(const Step& step, bool wanted, Value& open);
  Truth membership(const Step& step, Value& open);
  Truth matches(const Step& step, Value& open);
  Truth order(const Step& step, Value& open);
  Truth text_test(const Step& step, Value& open);
  Truth general(const Step& step, const Value& a, const Value& b, Value& open);
  static Truth truth_of(const Value& value, Value& open) {
    if (value.is(Kind::boolean)) return value.boolean ? Truth::yes : Truth::no;
    open = value;
    return Truth::open;
  }
  // A value that lies somewhere already, or null.
  const Value* near(const Step& step) const {
    if (tracer_ != nullptr) return nullptr;
    switch (step.op) {
      case Op::constant:
        return &step.detail.constant;
      case Op::local:
        return &locals_[step.slot];
      case Op::variable: {
        const bool bound =
            step.slot < activation_.slots.size() && !activation_.slots[step.slot].is(Kind::error);
        return bound ? &activation_.slots[step.slot] : nullptr;
      }
      default:
        return nullptr;
    }
  }
  // Where far_operand() may build a value. Not cleared before: mostly it stays
  // unused.
  union Room {
    Room() {}
    Value value;
  };
  // The value where it lies, or else in `room`: operands need no copy. Good
  // until the next turn of the comprehension around it.
  const Value& operand(std::uint32_t id, Value& room) {
    const Step& step = steps_[id];
    if (const Value* const value = near(step)) return *value;
    return far_operand(step, room);
  }
  const Value& far_operand(const Step& step, Value& room);
  const Value& selected(const Step& step, Value& room);
  const Value& field_in(const Step& step, Value& room);

  Value variable(const Step& step);
  Value field(const Step& step);
  Value select(const Step& step);
  Value select_from(const Step& step, const Value& operand, bool optional);
  Value has(const Step& step);
  Value index(const Step& step);
  Value index_into(const Value& container, const Value& key, bool optional);
  Value conditional(const Step& step);
  Value alternative(const Step& step);
  Value size(const Step& step);
  const Value& sized(const Step& step, Value& room);
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
  const Step* const steps_;
  const Edge* const edges_;
  const Activation& activation_;
  Context& context_;
  Tracer* tracer_;
  Value* locals_ = nullptr;
};

}  // namespace pw::cel
