// Lists, maps and optionals.
#include <algorithm>
#include <array>

#include "rules/functions.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

Value size_of_list(Context&, Arguments a) {
  return Value::of(static_cast<std::int64_t>(a[0].items.size));
}
Value size_of_map(Context&, Arguments a) {
  return Value::of(static_cast<std::int64_t>(a[0].map->size));
}

// The zero of each type, the empty text, list and map.
bool is_zero(const Value& value) {
  switch (value.kind) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return !value.boolean;
    case Kind::integer:
      return value.integer == 0;
    case Kind::natural:
      return value.natural == 0;
    case Kind::real:
      return value.real == 0;
    case Kind::string:
    case Kind::bytes:
      return value.text.size == 0;
    case Kind::list:
      return value.items.size == 0;
    case Kind::map:
      return value.map->size == 0;
    case Kind::timestamp:
      return value.time.seconds == 0 && value.time.nanos == 0;
    case Kind::duration:
      return value.nanos == 0;
    case Kind::optional:
      return value.inner == nullptr;
    default:
      return false;
  }
}

Value optional_none(Context&, Arguments) { return Context::no_optional(); }
Value optional_of(Context& context, Arguments a) { return context.make_optional(a[0]); }
Value optional_of_non_zero(Context& context, Arguments a) {
  return is_zero(a[0]) ? Context::no_optional() : context.make_optional(a[0]);
}
Value has_value(Context&, Arguments a) { return Value::of(a[0].inner != nullptr); }
Value value_of(Context&, Arguments a) {
  return a[0].inner == nullptr ? Value::error("optional.none() has no value") : *a[0].inner;
}

Value unwrap(Context& context, Arguments a) {
  Value* const room = context.take_values(a[0].items.size);
  if (room == nullptr) return Context::out_of_memory();
  std::size_t count = 0;
  for (const Value& item : a[0].list()) {
    if (!item.is(Kind::optional)) return no_overload();
    if (item.inner != nullptr) room[count++] = *item.inner;
  }
  return context.make_list({room, count});
}

Value first(Context& context, Arguments a) {
  return a[0].items.size == 0 ? Context::no_optional() : context.make_optional(a[0].list().front());
}
Value last(Context& context, Arguments a) {
  return a[0].items.size == 0 ? Context::no_optional() : context.make_optional(a[0].list().back());
}

constexpr std::array list_table = {
    FunctionRow{"size(list(A)) -> int", size_of_list},
    FunctionRow{"list(A).size() -> int", size_of_list},
    FunctionRow{"size(map(A, B)) -> int", size_of_map},
    FunctionRow{"map(A, B).size() -> int", size_of_map},
    FunctionRow{"list(A).first() -> optional_type(A)", first},
    FunctionRow{"list(A).last() -> optional_type(A)", last},
    FunctionRow{"optional.of(A) -> optional_type(A)", optional_of},
    FunctionRow{"optional.ofNonZeroValue(A) -> optional_type(A)", optional_of_non_zero},
    FunctionRow{"optional.none() -> optional_type(A)", optional_none},
    FunctionRow{"optional.unwrap(list(optional_type(A))) -> list(A)", unwrap},
    FunctionRow{"list(optional_type(A)).unwrapOpt() -> list(A)", unwrap},
    FunctionRow{"optional_type(A).hasValue() -> bool", has_value},
    FunctionRow{"optional_type(A).value() -> A", value_of},
    // The evaluator looks at the second only when the first has no value.
    FunctionRow{"optional_type(A).or(optional_type(A)) -> optional_type(A)", nullptr},
    FunctionRow{"optional_type(A).orValue(A) -> A", nullptr},
};

}  // namespace

std::span<const FunctionRow> list_rows() { return list_table; }

}  // namespace pw::cel
