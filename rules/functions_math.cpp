// The math extension.
#include <array>
#include <cmath>

#include "rules/functions.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

// The first of the extremes; NaN is never one unless it comes first.
Value extreme(Context& context, Arguments items, Order wanted) {
  if (items.empty()) return Value::error("no greatest or least of an empty list");
  if (!context.spend(items.size())) return Context::out_of_work();
  const Value* best = nullptr;
  for (const Value& item : items) {
    if (!item.is_number()) return no_overload();
    if (best == nullptr || order_numbers(item, *best) == wanted) best = &item;
  }
  return *best;
}

Value greatest(Context& context, Arguments a) { return extreme(context, a, Order::greater); }
Value least(Context& context, Arguments a) { return extreme(context, a, Order::less); }
Value greatest_of_list(Context& context, Arguments a) {
  return extreme(context, a[0].list(), Order::greater);
}
Value least_of_list(Context& context, Arguments a) {
  return extreme(context, a[0].list(), Order::less);
}

Value ceil(Context&, Arguments a) { return Value::of(std::ceil(a[0].real)); }
Value floor(Context&, Arguments a) { return Value::of(std::floor(a[0].real)); }
Value round(Context&, Arguments a) { return Value::of(std::round(a[0].real)); }
Value trunc(Context&, Arguments a) { return Value::of(std::trunc(a[0].real)); }
Value is_nan(Context&, Arguments a) { return Value::of(std::isnan(a[0].real)); }
Value is_inf(Context&, Arguments a) { return Value::of(std::isinf(a[0].real)); }
Value is_finite(Context&, Arguments a) { return Value::of(std::isfinite(a[0].real)); }

Value same_number(Context&, Arguments a) { return a[0]; }
Value abs_integer(Context&, Arguments a) {
  std::int64_t result = a[0].integer;
  if (result < 0 && __builtin_sub_overflow(std::int64_t{0}, a[0].integer, &result)) {
    return Value::error("number out of range");
  }
  return Value::of(result);
}
Value abs_real(Context&, Arguments a) { return Value::of(std::fabs(a[0].real)); }

Value sign_integer(Context&, Arguments a) {
  return Value::of(std::int64_t{(a[0].integer > 0) - (a[0].integer < 0)});
}
Value sign_natural(Context&, Arguments a) {
  return Value::of(std::uint64_t{a[0].natural > 0 ? 1u : 0u});
}
Value sign_real(Context&, Arguments a) {
  if (std::isnan(a[0].real) || a[0].real == 0) return a[0];
  return Value::of(a[0].real > 0 ? 1.0 : -1.0);
}

Value sqrt_integer(Context&, Arguments a) {
  return Value::of(std::sqrt(static_cast<double>(a[0].integer)));
}
Value sqrt_natural(Context&, Arguments a) {
  return Value::of(std::sqrt(static_cast<double>(a[0].natural)));
}
Value sqrt_real(Context&, Arguments a) { return Value::of(std::sqrt(a[0].real)); }

Value and_integers(Context&, Arguments a) { return Value::of(a[0].integer & a[1].integer); }
Value and_naturals(Context&, Arguments a) { return Value::of(a[0].natural & a[1].natural); }
Value or_integers(Context&, Arguments a) { return Value::of(a[0].integer | a[1].integer); }
Value or_naturals(Context&, Arguments a) { return Value::of(a[0].natural | a[1].natural); }
Value xor_integers(Context&, Arguments a) { return Value::of(a[0].integer ^ a[1].integer); }
Value xor_naturals(Context&, Arguments a) { return Value::of(a[0].natural ^ a[1].natural); }
Value not_integer(Context&, Arguments a) { return Value::of(~a[0].integer); }
Value not_natural(Context&, Arguments a) { return Value::of(~a[0].natural); }

// Shifts move bits, the sign too; 64 places and more leave none.
std::uint64_t left(std::uint64_t bits, std::int64_t places) {
  return places > 63 ? 0 : bits << places;
}
std::uint64_t right(std::uint64_t bits, std::int64_t places) {
  return places > 63 ? 0 : bits >> places;
}
Value negative_shift() { return Value::error("a shift by a negative number"); }

Value shift_left_integer(Context&, Arguments a) {
  if (a[1].integer < 0) return negative_shift();
  const auto bits = static_cast<std::uint64_t>(a[0].integer);
  return Value::of(static_cast<std::int64_t>(left(bits, a[1].integer)));
}
Value shift_left_natural(Context&, Arguments a) {
  return a[1].integer < 0 ? negative_shift() : Value::of(left(a[0].natural, a[1].integer));
}
Value shift_right_integer(Context&, Arguments a) {
  if (a[1].integer < 0) return negative_shift();
  const auto bits = static_cast<std::uint64_t>(a[0].integer);
  return Value::of(static_cast<std::int64_t>(right(bits, a[1].integer)));
}
Value shift_right_natural(Context&, Arguments a) {
  return a[1].integer < 0 ? negative_shift() : Value::of(right(a[0].natural, a[1].integer));
}

constexpr std::array math_table = {
    FunctionRow{"math.greatest(int) -> int", greatest},
    FunctionRow{"math.greatest(uint) -> uint", greatest},
    FunctionRow{"math.greatest(double) -> double", greatest},
    FunctionRow{"math.greatest(int...) -> int", greatest},
    FunctionRow{"math.greatest(uint...) -> uint", greatest},
    FunctionRow{"math.greatest(double...) -> double", greatest},
    FunctionRow{"math.greatest(number...) -> dyn", greatest},
    FunctionRow{"math.greatest(list(int)) -> int", greatest_of_list},
    FunctionRow{"math.greatest(list(uint)) -> uint", greatest_of_list},
    FunctionRow{"math.greatest(list(double)) -> double", greatest_of_list},
    FunctionRow{"math.greatest(list(number)) -> dyn", greatest_of_list},
    FunctionRow{"math.least(int) -> int", least},
    FunctionRow{"math.least(uint) -> uint", least},
    FunctionRow{"math.least(double) -> double", least},
    FunctionRow{"math.least(int...) -> int", least},
    FunctionRow{"math.least(uint...) -> uint", least},
    FunctionRow{"math.least(double...) -> double", least},
    FunctionRow{"math.least(number...) -> dyn", least},
    FunctionRow{"math.least(list(int)) -> int", least_of_list},
    FunctionRow{"math.least(list(uint)) -> uint", least_of_list},
    FunctionRow{"math.least(list(double)) -> double", least_of_list},
    FunctionRow{"math.least(list(number)) -> dyn", least_of_list},
    FunctionRow{"math.ceil(double) -> double", ceil},
    FunctionRow{"math.floor(double) -> double", floor},
    FunctionRow{"math.round(double) -> double", round},
    FunctionRow{"math.trunc(double) -> double", trunc},
    FunctionRow{"math.isNaN(double) -> bool", is_nan},
    FunctionRow{"math.isInf(double) -> bool", is_inf},
    FunctionRow{"math.isFinite(double) -> bool", is_finite},
    FunctionRow{"math.abs(int) -> int", abs_integer},
    FunctionRow{"math.abs(uint) -> uint", same_number},
    FunctionRow{"math.abs(double) -> double", abs_real},
    FunctionRow{"math.sign(int) -> int", sign_integer},
    FunctionRow{"math.sign(uint) -> uint", sign_natural},
    FunctionRow{"math.sign(double) -> double", sign_real},
    FunctionRow{"math.sqrt(int) -> double", sqrt_integer},
    FunctionRow{"math.sqrt(uint) -> double", sqrt_natural},
    FunctionRow{"math.sqrt(double) -> double", sqrt_real},
    FunctionRow{"math.bitAnd(int, int) -> int", and_integers},
    FunctionRow{"math.bitAnd(uint, uint) -> uint", and_naturals},
    FunctionRow{"math.bitOr(int, int) -> int", or_integers},
    FunctionRow{"math.bitOr(uint, uint) -> uint", or_naturals},
    FunctionRow{"math.bitXor(int, int) -> int", xor_integers},
    FunctionRow{"math.bitXor(uint, uint) -> uint", xor_naturals},
    FunctionRow{"math.bitNot(int) -> int", not_integer},
    FunctionRow{"math.bitNot(uint) -> uint", not_natural},
    FunctionRow{"math.bitShiftLeft(int, int) -> int", shift_left_integer},
    FunctionRow{"math.bitShiftLeft(uint, int) -> uint", shift_left_natural},
    FunctionRow{"math.bitShiftRight(int, int) -> int", shift_right_integer},
    FunctionRow{"math.bitShiftRight(uint, int) -> uint", shift_right_natural},
};

}  // namespace

std::span<const FunctionRow> math_rows() { return math_table; }

}  // namespace pw::cel
