#include "rules/evaluator.h"

#include <cmath>
#include <cstddef>
#include <new>

#include "rules/code_points.h"
#include "rules/object.h"

namespace pw::cel {
namespace {

Value no_such_key(Context& context, const Value& key) {
  if (!key.is(Kind::string)) return Value::error("no such key");
  return context.make_error("no such key: '" + std::string(key.view().substr(0, 60)) + "'");
}

// A list index may be any number without a fraction.
std::optional<std::size_t> list_index(const Value& key, std::size_t size) {
  if (!key.is_number()) return std::nullopt;
  if (key.is(Kind::real) && key.real != std::floor(key.real)) return std::nullopt;
  const Value zero = Value::of(std::int64_t{0});
  const Value end = Value::of(static_cast<std::uint64_t>(size));
  if (order_numbers(key, zero) == Order::less) return std::nullopt;
  if (order_numbers(key, end) != Order::less) return std::nullopt;
  if (key.is(Kind::real)) return static_cast<std::size_t>(key.real);
  return key.is(Kind::natural) ? key.natural : static_cast<std::size_t>(key.integer);
}

}  // namespace

Value Evaluator::run() { return run(plan_.root); }

Value Evaluator::run(std::uint32_t step) {
  if (plan_.locals > 0) {
    locals_ = context_.take_values(plan_.locals);
    if (locals_ == nullptr) return Context::out_of_memory();
  }
  return evaluate(step);
}

Value Evaluator::evaluate_step(const Step& step) {
  Value value = context_.spend(1) ? compute(step) : Context::out_of_work();
  if (value.is(Kind::error) && value.position == no_position) value.position = step.position;
  if (tracer_ != nullptr && step.node != no_node) tracer_->evaluated(step.node, value);
  return value;
}

Value Evaluator::compute(const Step& step) {
  if (is_decision(step.op)) {
    Value open;
    const Truth truth = decide_step(step, open);
    return truth == Truth::open ? open : Value::of(truth == Truth::yes);
  }
  switch (step.op) {
    case Op::constant:
      return step.detail.constant;
    case Op::variable:
      return variable(step);
    case Op::local:
      return locals_[step.slot];
    case Op::field:
      return field(step);
    case Op::select:
      return select(step);
    case Op::has:
      return has(step);
    case Op::index:
      return index(step);
    case Op::conditional:
      return conditional(step);
    case Op::or_optional:
    case Op::or_value:
      return alternative(step);
    case Op::size:
      return size(step);
    case Op::call:
      return call(step);
    case Op::list:
      return list(step);
    case Op::map:
      return map(step);
    case Op::fold:
      return fold(step);
    default:
      return Value::error("no such operation");
  }
}

Value Evaluator::variable(const Step& step) {
  return step.slot < activation_.slots.size() ? activation_.slots[step.slot] : Value::unbound();
}

Value Evaluator::field(const Step& step) {
  Value room;
  return field_in(step, room);
}

Value Evaluator::select(const Step& step) {
  Value room;
  const Value& whole = operand(child(step, 0), room);
  if (whole.is_exceptional()) return whole;
  if (whole.is(Kind::optional)) {
    if (whole.inner == nullptr) return whole;
    return select_from(step, *whole.inner, /*optional=*/true);
  }
  return select_from(step, whole, step.optional);
}

Value Evaluator::select_from(const Step& step, const Value& operand, bool optional) {
  if (operand.is(Kind::map)) {
    return index_into(operand, step.detail.name, optional);
  }
  if (!operand.is(Kind::object)) return Value::error("this value has no fields");
  const Field* const field = find_field(*operand.object.type, step.detail.name.view());
  if (field == nullptr) return Value::error("no such field");
  const Value value = field->read(operand.object.data, context_);
  if (!optional) return value;
  if (value.is(Kind::unknown)) return Context::no_optional();
  return value.is(Kind::error) ? value : context_.make_optional(value);
}

Value Evaluator::has(const Step& step) {
  Value operand = evaluate(child(step, 0));
  if (operand.is_exceptional()) return operand;
  if (operand.is(Kind::optional)) {
    if (operand.inner == nullptr) return Value::of(false);
    operand = *operand.inner;
  }
  if (operand.is(Kind::map)) {
    return Value::of(find(*operand.map, step.detail.name) != nullptr);
  }
  if (!operand.is(Kind::object)) return Value::error("this value has no fields");
  const Field* const field = find_field(*operand.object.type, step.detail.name.view());
  if (field == nullptr) return Value::error("no such field");
  const Value value = field->read(operand.object.data, context_);
  return value.is(Kind::error) ? value : Value::of(!value.is(Kind::unknown));
}

Value Evaluator::index(const Step& step) {
  const Value container = evaluate(child(step, 0));
  const Value key = evaluate(child(step, 1));
  if (container.is_exceptional() || key.is_exceptional()) return both_exceptional(container, key);
  if (container.is(Kind::optional)) {
    return container.inner == nullptr ? container : index_into(container, key, /*optional=*/true);
  }
  return index_into(container, key, step.optional);
}

// With `optional` the result is an optional, and what is not there is none.
Value Evaluator::index_into(const Value& container, const Value& key, bool optional) {
  const Value& inside = container.is(Kind::optional) ? *container.inner : container;
  const Value* found = nullptr;
  if (inside.is(Kind::map)) {
    found = find(*inside.map, key);
    if (found == nullptr && !optional) return no_such_key(context_, key);
  } else if (inside.is(Kind::list)) {
    const auto at = list_index(key, inside.items.size);
    if (at) found = &inside.items.data[*at];
    if (found == nullptr && !(optional && key.is_number())) {
      return Value::error(key.is_number() ? "list index out of range" : "a list index is a number");
    }
  } else {
    return Value::error("this value has no elements");
  }
  if (!optional) return *found;
  return found == nullptr ? Context::no_optional() : context_.make_optional(*found);
}

Value Evaluator::both_exceptional(const Value& a, const Value& b) {
  if (a.is(Kind::unknown) && b.is(Kind::unknown)) return merge_unknowns(context_, a, b);
  if (a.is(Kind::unknown) || !b.is_exceptional()) return a;
  if (b.is(Kind::unknown) || !a.is_exceptional()) return b;
  return a;
}

Value Evaluator::conditional(const Step& step) {
  Value open;
  const Truth condition = decide(child(step, 0), open);
  if (condition != Truth::open) return evaluate(child(step, condition == Truth::yes ? 1 : 2));
  return open.is_exceptional() ? open : no_overload();
}

Value Evaluator::alternative(const Step& step) {
  const Value first = evaluate(child(step, 0));
  if (first.is_exceptional()) return first;
  if (!first.is(Kind::optional)) return no_overload();
  if (first.inner != nullptr) return step.op == Op::or_value ? *first.inner : first;
  const Value second = evaluate(child(step, 1));
  const bool fits = step.op == Op::or_value || second.is(Kind::optional);
  return fits || second.is_exceptional() ? second : no_overload();
}

Value Evaluator::size(const Step& step) {
  Room room;
  const Value& whole = operand(child(step, 0), room.value);
  if (whole.is(Kind::string)) {
    if (!context_.spend(1 + whole.text.size / 16)) return Context::out_of_work();
    return Value::of(static_cast<std::int64_t>(count_code_points(whole.view())));
  }
  if (whole.is(Kind::list)) return Value::of(static_cast<std::int64_t>(whole.items.size));
  return whole.is_exceptional() ? whole : call_with(step, {&whole, 1});
}

Value Evaluator::call(const Step& step) {
  constexpr std::size_t usual_arguments = 4;
  // Filled below as far as it is used; clearing it first would cost more than
  // most functions.
  alignas(Value) std::byte usual[usual_arguments * sizeof(Value)];
  Value* arguments = reinterpret_cast<Value*>(usual);
  if (step.count > usual_arguments) {
    arguments = context_.take_values(step.count);
    if (arguments == nullptr) return Context::out_of_memory();
  }
  Value exceptional;
  for (std::size_t i = 0; i < step.count; ++i) {
    const Value& argument = operand(child(step, i), *new (&arguments[i]) Value);
    if (&argument != &arguments[i]) arguments[i] = argument;
    if (!arguments[i].is_exceptional()) continue;
    exceptional =
        exceptional.is_exceptional() ? both_exceptional(exceptional, arguments[i]) : arguments[i];
  }
  if (exceptional.is_exceptional()) return exceptional;
  return call_with(step, {arguments, step.count});
}

Value Evaluator::call_with(const Step& step, std::span<const Value> arguments) {
  const Overload* const likely = step.detail.callee.likely;
  if (likely != nullptr && likely->body != nullptr && likely->accepts(arguments)) {
    return likely->body(context_, arguments);
  }
  for (const Overload& overload : step.detail.callee.function->overloads) {
    if (overload.member != step.member || overload.body == nullptr) continue;
    if (overload.accepts(arguments)) return overload.body(context_, arguments);
  }
  return no_overload();
}

Value Evaluator::list(const Step& step) {
  Value* const items = context_.take_values(step.count);
  if (items == nullptr) return Context::out_of_memory();
  std::size_t count = 0;
  Value exceptional;
  for (const Edge& edge : children(step)) {
    Value item = evaluate(edge.node);
    if (!item.is_exceptional() && edge.optional) {
      if (item.is(Kind::optional) && item.inner == nullptr) continue;
      item =
          item.is(Kind::optional) ? *item.inner : at(step, Value::error("'?' needs an optional"));
    }
    if (item.is_exceptional()) {
      exceptional = exceptional.is_exceptional() ? both_exceptional(exceptional, item) : item;
      continue;
    }
    items[count++] = item;
  }
  return exceptional.is_exceptional() ? exceptional : context_.make_list({items, count});
}

Value Evaluator::map(const Step& step) {
  const std::size_t entries = step.count / 2;
  Value* const keys = context_.take_values(entries);
  Value* const values = context_.take_values(entries);
  if (keys == nullptr || values == nullptr) return Context::out_of_memory();
  std::size_t count = 0;
  Value exceptional;
  const auto edges = children(step);
  for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
    const Value key = evaluate(edges[i].node);
    Value value = evaluate(edges[i + 1].node);
    if (!value.is_exceptional() && edges[i].optional) {
      if (value.is(Kind::optional) && value.inner == nullptr && !key.is_exceptional()) continue;
      value = value.is(Kind::optional) && value.inner != nullptr
                  ? *value.inner
                  : at(step, Value::error("'?' needs an optional"));
    }
    if (key.is_exceptional() || value.is_exceptional()) {
      const Value both = both_exceptional(key, value);
      exceptional = exceptional.is_exceptional() ? both_exceptional(exceptional, both) : both;
      continue;
    }
    keys[count] = key;
    values[count++] = value;
  }
  if (exceptional.is_exceptional()) return exceptional;
  return context_.make_map({keys, count}, {values, count});
}

}  // namespace pw::cel
