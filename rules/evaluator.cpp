#include "rules/evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstring>
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

// find() of a short name in a map without an index: two overlapping words, read
// once.
const Value* find_name(const MapData& map, Text name) {
  const auto half = [](const char* at) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  const std::uint32_t head = half(name.data);
  const std::uint32_t tail = half(name.data + name.size - 4);
  const Value* const end = map.keys + map.size;
  for (const Value* key = map.keys; key != end; ++key) {
    if (!key->is(Kind::string) || key->text.size != name.size) continue;
    const bool same = half(key->text.data) == head && half(key->text.data + name.size - 4) == tail;
    if (same) return map.values + (key - map.keys);
  }
  return nullptr;
}

const Value* find_text(const MapData& map, const Value& key) {
  const bool is_short = key.text.size >= 4 && key.text.size <= 8;
  return map.index == nullptr && is_short ? find_name(map, key.text) : find(map, key);
}

}  // namespace

Value Evaluator::run(std::uint32_t id) {
  // While planning, a step stands at the frame's start and no child has a place.
  const std::size_t places =
      std::max<std::size_t>(plan_.frame, plan_.origins[id].children.count + 2);
  frame_ = context_.take_values(places);
  if (frame_ == nullptr) return Context::out_of_memory();
  return value(id);
}

Handlers Evaluator::traced_handlers() { return valuing<&Evaluator::traced>(); }

const Value& Evaluator::traced(const Step& step) {
  const Value& result = handlers_of(step.op).evaluate(*this, step);
  tracer_->evaluated(origin(step).node, result);
  return result;
}

std::vector<Step> traced_steps(const Plan& plan) {
  std::vector<Step> steps = plan.steps;
  for (std::size_t id = 0; id < steps.size(); ++id) {
    Step& step = steps[id];
    step.handlers = Evaluator::traced_handlers();
    // So that their owners are traced.
    if (step.op == Op::fact) step.op = Op::field;
    if (step.op == Op::entry) step.op = Op::select;
    if (step.op == Op::and_ || step.op == Op::or_) step.detail.parts = plan.origins[id].children;
  }
  return steps;
}

// Apart, so that what seldom happens costs nothing where it does not.
const Value& Evaluator::failed(const Step& step) {
  Value& value = frame_[step.out];
  if (value.position == no_position) value.position = origin(step).position;
  return value;
}

const Value& Evaluator::fail(const Step& step, const Value& error) {
  frame_[step.out] = error;
  return failed(step);
}

Value Evaluator::at(const Step& step, Value value) const {
  if (value.is(Kind::error) && value.position == no_position) {
    value.position = origin(step).position;
  }
  return value;
}

const Value& Evaluator::variable(const Step& step) {
  const bool is_bound = step.slot < slots_.size() && !slots_[step.slot].is(Kind::error);
  return is_bound ? slots_[step.slot] : fail(step, Value::unbound());
}

const Value& Evaluator::fact(const Step& step) {
  if (step.slot >= slots_.size()) return fail(step, Value::unbound());
  const Value& object = slots_[step.slot];
  return object.is(Kind::error) ? value(step.left) : field_of(step, object);
}

const Value& Evaluator::field(const Step& step) { return field_of(step, value(step.left)); }

const Value& Evaluator::field_of(const Step& step, const Value& object) {
  if (!object.is(Kind::object) || object.object.type != step.detail.of.object) {
    return object.is_exceptional() ? object : fail(step, Value::error("no such field"));
  }
  const void* const data = object.object.data;
  new (frame_ + step.out) Value(step.detail.of.field->read(data, context_));
  return kept(step);
}

const Value& Evaluator::entry(const Step& step) {
  if (step.slot < slots_.size() && slots_[step.slot].is(Kind::map)) {
    const Value* const found = find_text(*slots_[step.slot].map, step.detail.name);
    if (found != nullptr) return *found;
  }
  return select(step);
}

const Value& Evaluator::select(const Step& step) {
  const Value& whole = value(step.left);
  if (whole.is(Kind::map)) {
    if (const Value* const found = find_text(*whole.map, step.detail.name)) return *found;
  }
  return select_slowly(step, whole);
}

const Value& Evaluator::select_optional(const Step& step) {
  return select_slowly(step, value(step.left));
}

const Value& Evaluator::select_slowly(const Step& step, const Value& whole) {
  if (whole.is_exceptional()) return whole;
  const bool in_optional = whole.is(Kind::optional);
  if (in_optional && whole.inner == nullptr) return whole;
  const bool optional = in_optional || step.op == Op::select_optional;
  return keep(step, select_from(step, in_optional ? *whole.inner : whole, optional));
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

const Value& Evaluator::has(const Step& step) {
  const Value& whole = value(step.left);
  if (whole.is_exceptional()) return whole;
  if (whole.is(Kind::optional) && whole.inner == nullptr) return keep(step, Value::of(false));
  const Value& inside = whole.is(Kind::optional) ? *whole.inner : whole;
  if (inside.is(Kind::map)) {
    return keep(step, Value::of(find(*inside.map, step.detail.name) != nullptr));
  }
  if (!inside.is(Kind::object)) return fail(step, Value::error("this value has no fields"));
  const Field* const field = find_field(*inside.object.type, step.detail.name.view());
  if (field == nullptr) return fail(step, Value::error("no such field"));
  const Value value = field->read(inside.object.data, context_);
  return keep(step, value.is(Kind::error) ? value : Value::of(!value.is(Kind::unknown)));
}

template <bool optional>
const Value& Evaluator::index(const Step& step) {
  const Value& container = value(step.left);
  const Value& key = value(step.right);
  if (container.is_exceptional() || key.is_exceptional()) {
    return keep(step, both_exceptional(container, key));
  }
  const bool in_optional = container.is(Kind::optional);
  if (in_optional && container.inner == nullptr) return container;
  return keep(step, index_into(container, key, in_optional || optional));
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

const Value& Evaluator::conditional(const Step& step) {
  const Truth condition = decide(step.left);
  const Branches& branches = step.detail.branches;
  if (condition != Truth::open) return value(condition == Truth::yes ? branches.yes : branches.no);
  return keep(step, open_.is_exceptional() ? open_ : no_overload());
}

template <bool wants_value>
const Value& Evaluator::alternative(const Step& step) {
  const Value& first = value(step.left);
  if (first.is_exceptional()) return first;
  if (!first.is(Kind::optional)) return fail(step, no_overload());
  if (first.inner != nullptr) return wants_value ? *first.inner : first;
  const Value& second = value(step.right);
  const bool fits = wants_value || second.is(Kind::optional);
  return fits || second.is_exceptional() ? second : fail(step, no_overload());
}

const Value& Evaluator::size(const Step& step) {
  const Value& whole = value(step.left);
  if (whole.is(Kind::string)) {
    if (!context_.spend(1 + whole.text.size / 16)) return fail(step, Context::out_of_work());
    return keep(step, Value::of(static_cast<std::int64_t>(count_code_points(whole.view()))));
  }
  if (whole.is(Kind::list)) {
    return keep(step, Value::of(static_cast<std::int64_t>(whole.items.size)));
  }
  return whole.is_exceptional() ? keep(step, whole) : call_with(step, {&whole, 1});
}

// The arguments lie behind the result.
const Value& Evaluator::call(const Step& step) {
  Value* const arguments = frame_ + step.out + 1;
  const Parts parts = step.detail.callee.arguments;
  bool exceptional = false;
  for (std::uint32_t i = 0; i < parts.count; ++i) {
    const Value& argument = value(edges_[parts.first + i].node);
    exceptional = exceptional || argument.is_exceptional();
    if (arguments + i != &argument) arguments[i] = argument;
  }
  if (exceptional) return gathered(step, {arguments, parts.count});
  return call_with(step, {arguments, parts.count});
}

const Value& Evaluator::call_with(const Step& step, std::span<const Value> arguments) {
  const Body body = body_for(step, arguments);
  if (body == nullptr) return fail(step, no_overload());
  new (frame_ + step.out) Value(body(context_, arguments));
  return kept(step);
}

// Null when there is none for arguments of these kinds.
Body Evaluator::other_body(const Step& step, std::span<const Value> arguments) const {
  for (const Overload& overload : step.detail.callee.function->overloads) {
    if (overload.member != step.member || overload.body == nullptr) continue;
    if (overload.accepts(arguments)) return overload.body;
  }
  return nullptr;
}

// What comes of values of which one at least ends the evaluation.
const Value& Evaluator::gathered(const Step& step, std::span<const Value> values) {
  Value result;
  for (const Value& value : values) {
    if (!value.is_exceptional()) continue;
    result = result.is_exceptional() ? both_exceptional(result, value) : value;
  }
  return keep(step, result);
}

const Value& Evaluator::list(const Step& step) {
  const auto parts = edges(step.detail.parts);
  Value* const items = context_.take_values(parts.size());
  if (items == nullptr) return fail(step, Context::out_of_memory());
  std::size_t count = 0;
  Value exceptional;
  for (const Edge& edge : parts) {
    Value item = value(edge.node);
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
  return keep(step,
              exceptional.is_exceptional() ? exceptional : context_.make_list({items, count}));
}

const Value& Evaluator::map(const Step& step) {
  const auto parts = edges(step.detail.parts);
  const std::size_t entries = parts.size() / 2;
  Value* const keys = context_.take_values(entries);
  Value* const values = context_.take_values(entries);
  if (keys == nullptr || values == nullptr) return fail(step, Context::out_of_memory());
  std::size_t count = 0;
  Value exceptional;
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    const Value& key = value(parts[i].node);
    Value item = value(parts[i + 1].node);
    if (!item.is_exceptional() && parts[i].optional) {
      if (item.is(Kind::optional) && item.inner == nullptr && !key.is_exceptional()) continue;
      item = item.is(Kind::optional) && item.inner != nullptr
                 ? *item.inner
                 : at(step, Value::error("'?' needs an optional"));
    }
    if (key.is_exceptional() || item.is_exceptional()) {
      const Value both = both_exceptional(key, item);
      exceptional = exceptional.is_exceptional() ? both_exceptional(exceptional, both) : both;
      continue;
    }
    keys[count] = key;
    values[count++] = item;
  }
  return keep(step, exceptional.is_exceptional()
                        ? exceptional
                        : context_.make_map({keys, count}, {values, count}));
}

Handlers Evaluator::handlers_of(Op op) {
  switch (op) {
    case Op::constant:
      return valuing<&Evaluator::constant>();
    case Op::local:
      return valuing<&Evaluator::local>();
    case Op::variable:
      return valuing<&Evaluator::variable>();
    case Op::fact:
      return valuing<&Evaluator::fact>();
    case Op::field:
      return valuing<&Evaluator::field>();
    case Op::entry:
      return valuing<&Evaluator::entry>();
    case Op::select:
      return valuing<&Evaluator::select>();
    case Op::select_optional:
      return valuing<&Evaluator::select_optional>();
    case Op::has:
      return valuing<&Evaluator::has>();
    case Op::index:
      return valuing<&Evaluator::index</*optional=*/false>>();
    case Op::index_optional:
      return valuing<&Evaluator::index</*optional=*/true>>();
    case Op::conditional:
      return valuing<&Evaluator::conditional>();
    case Op::or_optional:
      return valuing<&Evaluator::alternative</*value=*/false>>();
    case Op::or_value:
      return valuing<&Evaluator::alternative</*value=*/true>>();
    case Op::size:
      return valuing<&Evaluator::size>();
    case Op::call:
      return valuing<&Evaluator::call>();
    case Op::list:
      return valuing<&Evaluator::list>();
    case Op::map:
      return valuing<&Evaluator::map>();
    case Op::fold:
      return valuing<&Evaluator::fold>();
    default:
      return decisions_of(op);
  }
}

}  // namespace pw::cel
