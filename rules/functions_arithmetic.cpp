// + - * / % and the orderings. Overflow is an error, never a wrapped number.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "rules/functions.h"
#include "rules/time_text.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

Value overflow() { return Value::error("number out of range"); }
Value duration_out_of_range() { return Value::error("duration out of range"); }
Value by_zero() { return Value::error("division by zero"); }

Value add_integers(Context&, Arguments a) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a[0].integer, a[1].integer, &sum) ? overflow() : Value::of(sum);
}
Value add_naturals(Context&, Arguments a) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a[0].natural, a[1].natural, &sum) ? overflow() : Value::of(sum);
}
Value add_reals(Context&, Arguments a) { return Value::of(a[0].real + a[1].real); }

Value join_texts(Context& context, Arguments a) {
  if (a[0].text.size == 0) return a[1];
  if (a[1].text.size == 0) return a[0];
  const std::size_t size = a[0].text.size + a[1].text.size;
  if (size > string_bytes_max) {
    return Value::error("a string is too long (at most 1048576 bytes)");
  }
  if (!context.spend(1 + size / 16)) return Context::out_of_work();
  char* const room = context.take_bytes(size);
  if (room == nullptr) return Context::out_of_memory();
  std::memcpy(room, a[0].text.data, a[0].text.size);
  std::memcpy(room + a[0].text.size, a[1].text.data, a[1].text.size);
  return Value::of(a[0].kind, {room, size});
}

Value join_lists(Context& context, Arguments a) {
  if (a[0].items.size == 0) return a[1];
  if (a[1].items.size == 0) return a[0];
  const std::size_t size = a[0].items.size + a[1].items.size;
  if (!context.spend(size)) return Context::out_of_work();
  if (size > list_items_max) return Value::error("a list is too long (at most 100000 items)");
  Value* const room = context.take_values(size);
  if (room == nullptr) return Context::out_of_memory();
  std::copy_n(a[0].items.data, a[0].items.size, room);
  std::copy_n(a[1].items.data, a[1].items.size, room + a[0].items.size);
  return context.make_list({room, size});
}

Value add_durations(Context&, Arguments a) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a[0].nanos, a[1].nanos, &sum) ? duration_out_of_range()
                                                              : Value::of_duration(sum);
}

Value moved(Time time, std::int64_t nanos) {
  const auto later = time_after(time, nanos);
  return later ? Value::of(*later) : Value::error("timestamp out of range");
}
Value add_time_duration(Context&, Arguments a) { return moved(a[0].time, a[1].nanos); }
Value add_duration_time(Context&, Arguments a) { return moved(a[1].time, a[0].nanos); }

Value subtract_integers(Context&, Arguments a) {
  std::int64_t rest = 0;
  return __builtin_sub_overflow(a[0].integer, a[1].integer, &rest) ? overflow() : Value::of(rest);
}
Value subtract_naturals(Context&, Arguments a) {
  std::uint64_t rest = 0;
  return __builtin_sub_overflow(a[0].natural, a[1].natural, &rest) ? overflow() : Value::of(rest);
}
Value subtract_reals(Context&, Arguments a) { return Value::of(a[0].real - a[1].real); }
Value subtract_durations(Context&, Arguments a) {
  std::int64_t rest = 0;
  return __builtin_sub_overflow(a[0].nanos, a[1].nanos, &rest) ? duration_out_of_range()
                                                               : Value::of_duration(rest);
}
Value subtract_times(Context&, Arguments a) {
  const auto nanos = nanos_between(a[1].time, a[0].time);
  return nanos ? Value::of_duration(*nanos) : duration_out_of_range();
}
Value subtract_time_duration(Context&, Arguments a) {
  if (a[1].nanos == std::numeric_limits<std::int64_t>::min()) return overflow();
  return moved(a[0].time, -a[1].nanos);
}

Value multiply_integers(Context&, Arguments a) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a[0].integer, a[1].integer, &product) ? overflow()
                                                                      : Value::of(product);
}
Value multiply_naturals(Context&, Arguments a) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a[0].natural, a[1].natural, &product) ? overflow()
                                                                      : Value::of(product);
}
Value multiply_reals(Context&, Arguments a) { return Value::of(a[0].real * a[1].real); }

// The one quotient of two ints that is no int.
bool quotient_overflows(Arguments a) {
  return a[0].integer == std::numeric_limits<std::int64_t>::min() && a[1].integer == -1;
}

Value divide_integers(Context&, Arguments a) {
  if (a[1].integer == 0) return by_zero();
  return quotient_overflows(a) ? overflow() : Value::of(a[0].integer / a[1].integer);
}
Value divide_naturals(Context&, Arguments a) {
  return a[1].natural == 0 ? by_zero() : Value::of(a[0].natural / a[1].natural);
}
// IEEE 754 where the divisor is zero: infinity or NaN.
Value divide_reals(Context&, Arguments a) { return Value::of(a[0].real / a[1].real); }

Value remainder_of_integers(Context&, Arguments a) {
  if (a[1].integer == 0) return Value::error("modulus by zero");
  return quotient_overflows(a) ? overflow() : Value::of(a[0].integer % a[1].integer);
}
Value remainder_of_naturals(Context&, Arguments a) {
  return a[1].natural == 0 ? Value::error("modulus by zero")
                           : Value::of(a[0].natural % a[1].natural);
}

Value negate_integer(Context&, Arguments a) {
  std::int64_t result = 0;
  return __builtin_sub_overflow(std::int64_t{0}, a[0].integer, &result) ? overflow()
                                                                        : Value::of(result);
}
Value negate_real(Context&, Arguments a) { return Value::of(-a[0].real); }

Order order_of(const Value& a, const Value& b) {
  const auto from = [](auto x, auto y) {
    return x < y ? Order::less : x == y ? Order::equal : Order::greater;
  };
  switch (a.kind) {
    case Kind::boolean:
      return from(a.boolean, b.boolean);
    case Kind::string:
    case Kind::bytes:
      return from(a.view().compare(b.view()), 0);
    case Kind::duration:
      return from(a.nanos, b.nanos);
    case Kind::timestamp:
      if (a.time.seconds != b.time.seconds) return from(a.time.seconds, b.time.seconds);
      return from(a.time.nanos, b.time.nanos);
    default:
      return order_numbers(a, b);
  }
}

bool charge(Context& context, Arguments a) {
  const bool text = a[0].is(Kind::string) || a[0].is(Kind::bytes);
  return !text || context.spend(1 + a[0].text.size / 16);
}

Value is_less(Context& context, Arguments a) {
  if (!charge(context, a)) return Context::out_of_work();
  return Value::of(order_of(a[0], a[1]) == Order::less);
}
Value is_greater(Context& context, Arguments a) {
  if (!charge(context, a)) return Context::out_of_work();
  return Value::of(order_of(a[0], a[1]) == Order::greater);
}
Value is_at_most(Context& context, Arguments a) {
  if (!charge(context, a)) return Context::out_of_work();
  const Order order = order_of(a[0], a[1]);
  return Value::of(order == Order::less || order == Order::equal);
}
Value is_at_least(Context& context, Arguments a) {
  if (!charge(context, a)) return Context::out_of_work();
  const Order order = order_of(a[0], a[1]);
  return Value::of(order == Order::greater || order == Order::equal);
}

constexpr std::array arithmetic_table = {
    FunctionRow{"_+_(int, int) -> int", add_integers},
    FunctionRow{"_+_(uint, uint) -> uint", add_naturals},
    FunctionRow{"_+_(double, double) -> double", add_reals},
    FunctionRow{"_+_(string, string) -> string", join_texts},
    FunctionRow{"_+_(bytes, bytes) -> bytes", join_texts},
    FunctionRow{"_+_(list(A), list(A)) -> list(A)", join_lists},
    FunctionRow{"_+_(duration, duration) -> duration", add_durations},
    FunctionRow{"_+_(timestamp, duration) -> timestamp", add_time_duration},
    FunctionRow{"_+_(duration, timestamp) -> timestamp", add_duration_time},
    FunctionRow{"_-_(int, int) -> int", subtract_integers},
    FunctionRow{"_-_(uint, uint) -> uint", subtract_naturals},
    FunctionRow{"_-_(double, double) -> double", subtract_reals},
    FunctionRow{"_-_(duration, duration) -> duration", subtract_durations},
    FunctionRow{"_-_(timestamp, timestamp) -> duration", subtract_times},
    FunctionRow{"_-_(timestamp, duration) -> timestamp", subtract_time_duration},
    FunctionRow{"_*_(int, int) -> int", multiply_integers},
    FunctionRow{"_*_(uint, uint) -> uint", multiply_naturals},
    FunctionRow{"_*_(double, double) -> double", multiply_reals},
    FunctionRow{"_/_(int, int) -> int", divide_integers},
    FunctionRow{"_/_(uint, uint) -> uint", divide_naturals},
    FunctionRow{"_/_(double, double) -> double", divide_reals},
    FunctionRow{"_%_(int, int) -> int", remainder_of_integers},
    FunctionRow{"_%_(uint, uint) -> uint", remainder_of_naturals},
    FunctionRow{"-_(int) -> int", negate_integer},
    FunctionRow{"-_(double) -> double", negate_real},
    FunctionRow{"_<_(number, number) -> bool", is_less},
    FunctionRow{"_<_(string, string) -> bool", is_less},
    FunctionRow{"_<_(timestamp, timestamp) -> bool", is_less},
    FunctionRow{"_<_(duration, duration) -> bool", is_less},
    FunctionRow{"_<_(bytes, bytes) -> bool", is_less},
    FunctionRow{"_<_(bool, bool) -> bool", is_less},
    FunctionRow{"_<=_(number, number) -> bool", is_at_most},
    FunctionRow{"_<=_(string, string) -> bool", is_at_most},
    FunctionRow{"_<=_(timestamp, timestamp) -> bool", is_at_most},
    FunctionRow{"_<=_(duration, duration) -> bool", is_at_most},
    FunctionRow{"_<=_(bytes, bytes) -> bool", is_at_most},
    FunctionRow{"_<=_(bool, bool) -> bool", is_at_most},
    FunctionRow{"_>_(number, number) -> bool", is_greater},
    FunctionRow{"_>_(string, string) -> bool", is_greater},
    FunctionRow{"_>_(timestamp, timestamp) -> bool", is_greater},
    FunctionRow{"_>_(duration, duration) -> bool", is_greater},
    FunctionRow{"_>_(bytes, bytes) -> bool", is_greater},
    FunctionRow{"_>_(bool, bool) -> bool", is_greater},
    FunctionRow{"_>=_(number, number) -> bool", is_at_least},
    FunctionRow{"_>=_(string, string) -> bool", is_at_least},
    FunctionRow{"_>=_(timestamp, timestamp) -> bool", is_at_least},
    FunctionRow{"_>=_(duration, duration) -> bool", is_at_least},
    FunctionRow{"_>=_(bytes, bytes) -> bool", is_at_least},
    FunctionRow{"_>=_(bool, bool) -> bool", is_at_least},
};

}  // namespace

std::span<const FunctionRow> arithmetic_rows() { return arithmetic_table; }

}  // namespace pw::cel
