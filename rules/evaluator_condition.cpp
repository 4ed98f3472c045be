// What is true or false: where most of a rule's time goes. Decided without
// building a value for each part of a condition.
#include <new>

#include "rules/evaluator.h"
#include "rules/text_search.h"

namespace pw::cel {

// Apart, so that what seldom happens costs nothing where it does not.
Truth Evaluator::open(const Step& step, const Value& value) {
  open_ = value;
  if (open_.is(Kind::error) && open_.position == no_position) {
    open_.position = origin(step).position;
  }
  return Truth::open;
}

Truth Evaluator::both_open(const Step& step, const Value& a, const Value& b) {
  return open(step, both_exceptional(a, b));
}

Truth Evaluator::out_of_work(const Step& step) { return open(step, Context::out_of_work()); }

template <Truth decisive>
Truth Evaluator::logic(const Step& step) {
  const auto parts = edges(step.detail.parts);
  const Edge* const end = parts.data() + parts.size();
  for (const Edge* at = parts.data(); at != end; ++at) {
    const Truth truth = decide(at->node);
    if (truth == decisive) return truth;
    if (truth == Truth::open) return undecided(step, decisive, {at, end});
  }
  return decisive == Truth::yes ? Truth::no : Truth::yes;
}

// The first part is open. A later one may still decide; otherwise unknowns
// outweigh errors, and the leftmost error is the result.
Truth Evaluator::undecided(const Step& step, Truth decisive, std::span<const Edge> parts) {
  Value pending = open_part(parts.front());
  for (const Edge& part : parts.subspan(1)) {
    const Truth truth = decide(part.node);
    if (truth == decisive) return truth;
    if (truth == Truth::open) pending = both_exceptional(pending, open_part(part));
  }
  return open(step, pending);
}

Value Evaluator::open_part(const Edge& part) {
  return open_.is_exceptional() ? open_ : at(steps_[part.node], no_overload());
}

Truth Evaluator::negation(const Step& step) {
  const Truth truth = decide(step.left);
  if (truth != Truth::open) return truth == Truth::yes ? Truth::no : Truth::yes;
  return open_.is_exceptional() ? truth : open(step, no_overload());
}

template <bool wanted>
Truth Evaluator::equality(const Step& step) {
  const Value& a = value(step.left);
  const Value& b = value(step.right);
  if (a.is_exceptional() || b.is_exceptional()) return both_open(step, a, b);
  const bool equal = context_.equal(a, b);
  if (context_.exhausted()) return out_of_work(step);
  return truth(equal == wanted);
}

Truth Evaluator::member_of_set(const Step& step) {
  const Value& item = value(step.left);
  if (item.is_exceptional()) return open(step, item);
  return truth(step.detail.set->has(item));
}

Truth Evaluator::membership(const Step& step) {
  const Value& wanted = value(step.left);
  const Value& container = value(step.right);
  if (wanted.is_exceptional() || container.is_exceptional()) {
    return both_open(step, wanted, container);
  }
  if (container.is(Kind::map)) return truth(find(*container.map, wanted) != nullptr);
  if (!container.is(Kind::list)) return open(step, no_overload());
  for (const Value& item : container.list()) {
    if (context_.equal(item, wanted)) return Truth::yes;
    if (context_.exhausted()) return out_of_work(step);
  }
  return Truth::no;
}

Truth Evaluator::matches(const Step& step) {
  const Value& text = value(step.left);
  if (text.is_exceptional()) return open(step, text);
  if (!text.is(Kind::string)) return open(step, no_overload());
  return truth_of(step, step.detail.pattern->matches(text.view(), context_));
}

// As a call of the function with these two arguments, which it gathers.
Truth Evaluator::general(const Step& step, const Value& a, const Value& b) {
  if (a.is_exceptional() || b.is_exceptional()) return both_open(step, a, b);
  Value* const arguments = frame_ + step.out;
  if (arguments != &a) arguments[0] = a;
  if (arguments + 1 != &b) arguments[1] = b;
  const Body body = body_for(step, {arguments, 2});
  if (body == nullptr) return open(step, no_overload());
  return truth_of(step, body(context_, {arguments, 2}));
}

template <Op op>
Truth Evaluator::order(const Step& step) {
  const Value& a = value(step.left);
  const Value& b = value(step.right);
  if (!a.is(Kind::integer) || !b.is(Kind::integer)) return general(step, a, b);
  if constexpr (op == Op::less) return truth(a.integer < b.integer);
  if constexpr (op == Op::at_most) return truth(a.integer <= b.integer);
  if constexpr (op == Op::greater) return truth(a.integer > b.integer);
  return truth(a.integer >= b.integer);
}

template <Op op>
Truth Evaluator::text_test(const Step& step) {
  const Value& text = value(step.left);
  const Value& part = value(step.right);
  if (!step.member || !text.is(Kind::string) || !part.is(Kind::string)) {
    return general(step, text, part);
  }
  if (!context_.spend(1 + (text.text.size + part.text.size) / 16)) return out_of_work(step);
  if constexpr (op == Op::starts_with) return truth(text.view().starts_with(part.view()));
  if constexpr (op == Op::ends_with) return truth(text.view().ends_with(part.view()));
  return truth(find_first(text.view(), part.view()) != std::string_view::npos);
}

Handlers Evaluator::decisions_of(Op op) {
  switch (op) {
    case Op::and_:
      return deciding<&Evaluator::logic<Truth::no>>();
    case Op::or_:
      return deciding<&Evaluator::logic<Truth::yes>>();
    case Op::not_:
      return deciding<&Evaluator::negation>();
    case Op::equal:
      return deciding<&Evaluator::equality<true>>();
    case Op::not_equal:
      return deciding<&Evaluator::equality<false>>();
    case Op::in_set:
      return deciding<&Evaluator::member_of_set>();
    case Op::matches:
      return deciding<&Evaluator::matches>();
    case Op::less:
      return deciding<&Evaluator::order<Op::less>>();
    case Op::at_most:
      return deciding<&Evaluator::order<Op::at_most>>();
    case Op::greater:
      return deciding<&Evaluator::order<Op::greater>>();
    case Op::at_least:
      return deciding<&Evaluator::order<Op::at_least>>();
    case Op::contains:
      return deciding<&Evaluator::text_test<Op::contains>>();
    case Op::starts_with:
      return deciding<&Evaluator::text_test<Op::starts_with>>();
    case Op::ends_with:
      return deciding<&Evaluator::text_test<Op::ends_with>>();
    default:
      return deciding<&Evaluator::membership>();
  }
}

}  // namespace pw::cel
