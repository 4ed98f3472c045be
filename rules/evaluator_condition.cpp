// What is true or false: where most of a rule's time goes. Decided without
// building a value for each part of a condition.
#include <array>
#include <cstring>
#include <new>

#include "rules/evaluator.h"
#include "rules/text_search.h"

namespace pw::cel {
namespace {

// find() of a text in a map without an index, which is most of them.
const Value* find_text(const MapData& map, const Value& key) {
  if (map.index != nullptr) return find(map, key);
  const std::size_t size = key.text.size;
  const auto scan = [&](auto same) -> const Value* {
    for (std::size_t i = 0; i < map.size; ++i) {
      const Value& at = map.keys[i];
      if (!at.is(Kind::string) || at.text.size != size) continue;
      if (same(at.text.data)) return map.values + i;
    }
    return nullptr;
  };
  // Names are mostly short: two overlapping words, read once.
  if (size < 4 || size > 8) {
    return scan([&](const char* data) { return same_bytes(data, key.text.data, size); });
  }
  const auto half = [](const char* at) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  const std::uint32_t head = half(key.text.data);
  const std::uint32_t tail = half(key.text.data + size - 4);
  return scan(
      [&](const char* data) { return half(data) == head && half(data + size - 4) == tail; });
}

}  // namespace

Evaluator::Truth Evaluator::decide(std::uint32_t id, Value& open) {
  const Step& step = steps_[id];
  if (tracer_ != nullptr || !is_decision(step.op)) {
    Room room;
    return truth_of(operand(id, room.value), open);
  }
  if (!context_.spend(1)) {
    open = at(step, Context::out_of_work());
    return Truth::open;
  }
  const Truth truth = decide_step(step, open);
  if (truth == Truth::open) open = at(step, open);
  return truth;
}

Evaluator::Truth Evaluator::decide_step(const Step& step, Value& open) {
  switch (step.op) {
    case Op::and_:
      return logic(step, /*absorbing=*/false, open);
    case Op::or_:
      return logic(step, /*absorbing=*/true, open);
    case Op::not_:
      return negation(step, open);
    case Op::equal:
      return equality(step, /*wanted=*/true, open);
    case Op::not_equal:
      return equality(step, /*wanted=*/false, open);
    case Op::matches:
      return matches(step, open);
    case Op::order:
      return order(step, open);
    case Op::text_test:
      return text_test(step, open);
    default:
      return membership(step, open);
  }
}

const Value& Evaluator::far_operand(const Step& step, Value& room) {
  if (tracer_ == nullptr) {
    if (step.op == Op::field) return field_in(step, room);
    if (step.op == Op::select && !step.optional) return selected(step, room);
    if (step.op == Op::size) return sized(step, room);
  }
  // Built where it stays: copying what was just written makes the processor wait.
  return *new (&room) Value(evaluate_step(step));
}

const Value& Evaluator::field_in(const Step& step, Value& room) {
  if (!context_.spend(1)) return room = at(step, Context::out_of_work());
  const Value& object = operand(child(step, 0), room);
  if (!object.is(Kind::object) || object.object.type != step.detail.of.object) {
    return object.is_exceptional() ? object : room = at(step, Value::error("no such field"));
  }
  const void* const data = object.object.data;
  new (&room) Value(step.detail.of.field->read(data, context_));
  if (room.is(Kind::error)) room = at(step, room);
  return room;
}

const Value& Evaluator::sized(const Step& step, Value& room) {
  if (!context_.spend(1)) return room = at(step, Context::out_of_work());
  new (&room) Value(size(step));
  if (room.is(Kind::error)) room = at(step, room);
  return room;
}

const Value& Evaluator::selected(const Step& step, Value& room) {
  if (!context_.spend(1)) return room = at(step, Context::out_of_work());
  const Value& whole = operand(child(step, 0), room);
  if (whole.is(Kind::map)) {
    if (const Value* const found = find_text(*whole.map, step.detail.name)) return *found;
  }
  if (whole.is_exceptional()) return whole;
  const bool in_optional = whole.is(Kind::optional);
  if (in_optional && whole.inner == nullptr) return whole;
  room = at(step, select_from(step, in_optional ? *whole.inner : whole, in_optional));
  return room;
}

// `absorbing` decides alone; otherwise unknowns outweigh errors, and the
// leftmost error is the result.
Evaluator::Truth Evaluator::logic(const Step& step, bool absorbing, Value& open) {
  const Truth decisive = absorbing ? Truth::yes : Truth::no;
  bool pending = false;
  Value value;
  const Parts parts = step.detail.parts;
  const bool joined = tracer_ == nullptr && parts.count > 0;
  const Edge* at_edge = edges_ + (joined ? parts.first : step.first);
  const Edge* const end = at_edge + (joined ? parts.count : step.count);
  for (; at_edge != end; ++at_edge) {
    const Edge& edge = *at_edge;
    const Truth truth = decide(edge.node, value);
    if (truth == decisive) return truth;
    if (truth != Truth::open) continue;
    if (!value.is_exceptional()) value = at(steps_[edge.node], no_overload());
    open = pending ? both_exceptional(open, value) : value;
    pending = true;
  }
  if (pending) return Truth::open;
  return absorbing ? Truth::no : Truth::yes;
}

Evaluator::Truth Evaluator::negation(const Step& step, Value& open) {
  const Truth truth = decide(child(step, 0), open);
  if (truth != Truth::open) return truth == Truth::yes ? Truth::no : Truth::yes;
  if (!open.is_exceptional()) open = no_overload();
  return Truth::open;
}

Evaluator::Truth Evaluator::equality(const Step& step, bool wanted, Value& open) {
  Room room_a;
  Room room_b;
  const Value& a = operand(child(step, 0), room_a.value);
  const Value& b = operand(child(step, 1), room_b.value);
  if (a.is_exceptional() || b.is_exceptional()) return truth_of(both_exceptional(a, b), open);
  const bool equal = context_.equal(a, b);
  if (context_.exhausted()) return truth_of(Context::out_of_work(), open);
  return equal == wanted ? Truth::yes : Truth::no;
}

Evaluator::Truth Evaluator::membership(const Step& step, Value& open) {
  Room room_a;
  const Value& value = operand(child(step, 0), room_a.value);
  if (step.op == Op::in_set) {
    if (value.is_exceptional()) return truth_of(value, open);
    return step.detail.set->has(value) ? Truth::yes : Truth::no;
  }
  Room room_b;
  const Value& container = operand(child(step, 1), room_b.value);
  if (value.is_exceptional() || container.is_exceptional()) {
    return truth_of(both_exceptional(value, container), open);
  }
  if (container.is(Kind::map)) {
    return find(*container.map, value) != nullptr ? Truth::yes : Truth::no;
  }
  if (!container.is(Kind::list)) return truth_of(no_overload(), open);
  for (const Value& item : container.list()) {
    if (context_.equal(item, value)) return Truth::yes;
    if (context_.exhausted()) return truth_of(Context::out_of_work(), open);
  }
  return Truth::no;
}

Evaluator::Truth Evaluator::matches(const Step& step, Value& open) {
  Room room;
  const Value& text = operand(child(step, 0), room.value);
  if (text.is_exceptional()) return truth_of(text, open);
  return truth_of(
      text.is(Kind::string) ? step.detail.pattern->matches(text.view(), context_) : no_overload(),
      open);
}

// As a call of the function with these two arguments.
Evaluator::Truth Evaluator::general(const Step& step, const Value& a, const Value& b, Value& open) {
  if (a.is_exceptional() || b.is_exceptional()) return truth_of(both_exceptional(a, b), open);
  const std::array arguments = {a, b};
  return truth_of(call_with(step, arguments), open);
}

Evaluator::Truth Evaluator::order(const Step& step, Value& open) {
  Room room_a;
  Room room_b;
  const Value& a = operand(child(step, 0), room_a.value);
  const Value& b = operand(child(step, 1), room_b.value);
  if (!a.is(Kind::integer) || !b.is(Kind::integer)) return general(step, a, b, open);
  const auto truth = [](bool yes) { return yes ? Truth::yes : Truth::no; };
  switch (step.relation) {
    case Relation::less:
      return truth(a.integer < b.integer);
    case Relation::at_most:
      return truth(a.integer <= b.integer);
    case Relation::greater:
      return truth(a.integer > b.integer);
    default:
      return truth(a.integer >= b.integer);
  }
}

Evaluator::Truth Evaluator::text_test(const Step& step, Value& open) {
  Room room_a;
  Room room_b;
  const Value& text = operand(child(step, 0), room_a.value);
  const Value& part = operand(child(step, 1), room_b.value);
  if (!step.member || !text.is(Kind::string) || !part.is(Kind::string)) {
    return general(step, text, part, open);
  }
  if (!context_.spend(1 + (text.text.size + part.text.size) / 16)) {
    return truth_of(Context::out_of_work(), open);
  }
  const auto truth = [](bool yes) { return yes ? Truth::yes : Truth::no; };
  switch (step.relation) {
    case Relation::contains:
      return truth(find_first(text.view(), part.view()) != std::string_view::npos);
    case Relation::starts_with:
      return truth(text.view().starts_with(part.view()));
    default:
      return truth(text.view().ends_with(part.view()));
  }
}

}  // namespace pw::cel
