// Macros: comprehensions over lists and maps, and values with a name.
#include <algorithm>
#include <vector>

#include "rules/evaluator.h"

namespace pw::cel {

const Value& Evaluator::fold(const Step& step) { return keep(step, folded(step)); }

Value Evaluator::folded(const Step& step) {
  switch (step.fold) {
    case Fold::bind:
      return bind(step);
    case Fold::opt_map:
    case Fold::opt_flat_map:
      return optional_map(step);
    default:
      break;
  }
  const Value& range = value(step.left);
  if (range.is_exceptional()) return range;
  if (!range.is(Kind::list) && !range.is(Kind::map)) {
    return Value::error("only lists and maps can be walked through");
  }
  return comprehension(step, range);
}

// The name may stand for an error: what does not use it does not fail.
Value Evaluator::bind(const Step& step) {
  frame_[step.slot] = value(step.left);
  return value(step.right);
}

Value Evaluator::optional_map(const Step& step) {
  const Value target = value(step.left);
  if (target.is_exceptional()) return target;
  if (!target.is(Kind::optional)) return no_overload();
  if (target.inner == nullptr) return target;
  frame_[step.slot] = *target.inner;
  const Value body = value(step.right);
  if (body.is_exceptional()) return body;
  if (step.fold == Fold::opt_map) return context_.make_optional(body);
  return body.is(Kind::optional) ? body : no_overload();
}

// Walks through a range, setting the locals of each turn.
struct Evaluator::Walk {
  Evaluator& evaluator;
  const Step& step;
  const Value& range;
  std::size_t at = 0;
  Value key{};  // of the current turn; a list's index
  Value fault{};

  std::size_t size() const { return range.is(Kind::list) ? range.items.size : range.map->size; }
  bool two() const { return step.two; }
  std::uint32_t body() const { return step.detail.turn.body; }

  // False at the end or when the budget is used up (then with a fault).
  bool next() {
    if (at == size()) return false;
    if (!evaluator.context_.step()) {
      fault = Value::error("too many steps of comprehensions (at most 100000)");
      return false;
    }
    if (!evaluator.context_.spend(step.detail.turn.work)) {
      fault = Context::out_of_work();
      return false;
    }
    const bool is_list = range.is(Kind::list);
    const Value& value = is_list ? range.items.data[at] : range.map->values[at];
    key = is_list ? Value::of(static_cast<std::int64_t>(at)) : range.map->keys[at];
    Value* const locals = evaluator.frame_ + step.slot;
    locals[0] = two() || !is_list ? key : value;
    if (two()) locals[1] = value;
    ++at;
    return true;
  }

  // True: the turn counts. An error or unknown is left in `fault`.
  bool passes_filter() {
    if (!step.has_filter) return true;
    const Truth truth = evaluator.decide(step.detail.turn.filter);
    const Value& open = evaluator.open_;
    if (truth == Truth::open) fault = open.is_exceptional() ? open : no_overload();
    return truth == Truth::yes;
  }
};

Value Evaluator::comprehension(const Step& step, const Value& range) {
  Walk walk{*this, step, range};
  switch (step.fold) {
    case Fold::all:
    case Fold::exists:
      return quantified(walk);
    case Fold::exists_one:
      return exactly_one(walk);
    case Fold::transform_map:
    case Fold::transform_map_entry:
      return mapped(walk);
    default:
      return collected(walk);
  }
}

// As a chain of && or ||: one decisive turn outweighs errors and unknowns.
Value Evaluator::quantified(Walk& walk) {
  const bool decisive = walk.step.fold == Fold::exists;
  Value pending = Value::of(!decisive);
  while (walk.next()) {
    const Truth truth = decide(walk.body());
    if (truth != Truth::open) {
      if ((truth == Truth::yes) == decisive) return Value::of(decisive);
      continue;
    }
    const Value value = open_.is_exceptional() ? open_ : no_overload();
    pending = pending.is_exceptional() ? both_exceptional(pending, value) : value;
  }
  return walk.fault.is_exceptional() ? walk.fault : pending;
}

Value Evaluator::exactly_one(Walk& walk) {
  std::size_t count = 0;
  while (walk.next()) {
    const Truth truth = decide(walk.body());
    if (truth == Truth::open) return open_.is_exceptional() ? open_ : no_overload();
    if (truth == Truth::yes) ++count;
  }
  return walk.fault.is_exceptional() ? walk.fault : Value::of(count == 1);
}

// map, filter and transformList: at most one item for each turn.
Value Evaluator::collected(Walk& walk) {
  Value* const items = context_.take_values(walk.size());
  if (items == nullptr) return Context::out_of_memory();
  std::size_t count = 0;
  while (walk.next()) {
    if (walk.step.fold == Fold::filter) {
      const Truth truth = decide(walk.body());
      if (truth == Truth::open) return open_.is_exceptional() ? open_ : no_overload();
      if (truth == Truth::yes) items[count++] = frame_[walk.step.slot];
      continue;
    }
    const bool passes = walk.passes_filter();
    if (walk.fault.is_exceptional()) return walk.fault;
    if (!passes) continue;
    const Value item = value(walk.body());
    if (item.is_exceptional()) return item;
    items[count++] = item;
  }
  return walk.fault.is_exceptional() ? walk.fault : context_.make_list({items, count});
}

// transformMap keeps the keys; transformMapEntry gives maps, which are joined.
Value Evaluator::mapped(Walk& walk) {
  std::vector<Value> keys;
  std::vector<Value> values;
  while (walk.next()) {
    const bool passes = walk.passes_filter();
    if (walk.fault.is_exceptional()) return walk.fault;
    if (!passes) continue;
    const Value item = value(walk.body());
    if (item.is_exceptional()) return item;
    if (walk.step.fold == Fold::transform_map) {
      keys.push_back(walk.key);
      values.push_back(item);
      continue;
    }
    if (!item.is(Kind::map)) return no_overload();
    if (!context_.spend(item.map->size)) return Context::out_of_work();
    keys.insert(keys.end(), item.map->keys, item.map->keys + item.map->size);
    values.insert(values.end(), item.map->values, item.map->values + item.map->size);
    if (keys.size() > list_items_max) break;  // make_map refuses it
  }
  if (walk.fault.is_exceptional()) return walk.fault;
  Value* const kept = context_.take_values(keys.size() * 2);
  if (kept == nullptr) return Context::out_of_memory();
  std::copy(keys.begin(), keys.end(), kept);
  std::copy(values.begin(), values.end(), kept + keys.size());
  return context_.make_map({kept, keys.size()}, {kept + keys.size(), values.size()});
}

}  // namespace pw::cel
