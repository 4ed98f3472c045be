// Conversions between types, dyn() and type().
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "rules/code_points.h"
#include "rules/functions.h"
#include "rules/real_text.h"
#include "rules/time_text.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

Value same(Context&, Arguments a) { return a[0]; }

Value type_of(Context&, Arguments a) { return Value::of(Kind::type, type_name_of(a[0])); }

Value out_of_range() { return Value::error("number out of range"); }

Value not_a(Context& context, std::string_view type, const Value& text) {
  return context.make_error("'" + std::string(cut(text.view(), 60)) + "' is no " +
                            std::string(type));
}

Value integer_of_natural(Context&, Arguments a) {
  if (a[0].natural > 0x7FFFFFFFFFFFFFFF) return out_of_range();
  return Value::of(static_cast<std::int64_t>(a[0].natural));
}
// The smallest int is out of range too: a double near it may have been rounded.
Value integer_of_real(Context&, Arguments a) {
  const double v = a[0].real;
  if (!(v > -two_to_63 && v < two_to_63)) return out_of_range();
  return Value::of(static_cast<std::int64_t>(v));
}
Value integer_of_string(Context& context, Arguments a) {
  std::string_view text = a[0].view();
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return not_a(context, "int", a[0]);
  }
  return Value::of(value);
}
Value integer_of_time(Context&, Arguments a) { return Value::of(a[0].time.seconds); }
Value integer_of_duration(Context&, Arguments a) { return Value::of(a[0].nanos); }

Value natural_of_integer(Context&, Arguments a) {
  if (a[0].integer < 0) return out_of_range();
  return Value::of(static_cast<std::uint64_t>(a[0].integer));
}
Value natural_of_real(Context&, Arguments a) {
  const double v = a[0].real;
  if (!(v >= 0 && v < two_to_64)) return out_of_range();
  return Value::of(static_cast<std::uint64_t>(v));
}
Value natural_of_string(Context& context, Arguments a) {
  const std::string_view text = a[0].view();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return not_a(context, "uint", a[0]);
  }
  return Value::of(value);
}

Value real_of_integer(Context&, Arguments a) {
  return Value::of(static_cast<double>(a[0].integer));
}
Value real_of_natural(Context&, Arguments a) {
  return Value::of(static_cast<double>(a[0].natural));
}
Value real_of_string(Context& context, Arguments a) {
  const auto value = parse_real(a[0].view());
  return value ? Value::of(*value) : not_a(context, "double", a[0]);
}

Value string_of_integer(Context& context, Arguments a) {
  return context.make_string(std::to_string(a[0].integer));
}
Value string_of_natural(Context& context, Arguments a) {
  return context.make_string(std::to_string(a[0].natural));
}
Value string_of_real(Context& context, Arguments a) {
  return context.make_string(print_general(a[0].real));
}
Value string_of_boolean(Context&, Arguments a) {
  return Value::string(a[0].boolean ? "true" : "false");
}
Value string_of_bytes(Context& context, Arguments a) {
  if (!context.spend(1 + a[0].text.size / 16)) return Context::out_of_work();
  if (first_ill_formed(a[0].view()) != std::string_view::npos) {
    return Value::error("these bytes are not valid UTF-8");
  }
  return Value::string(a[0].view());
}
Value string_of_time(Context& context, Arguments a) {
  return context.make_string(print_time(a[0].time));
}
Value string_of_duration(Context& context, Arguments a) {
  return context.make_string(print_span(a[0].nanos));
}

Value bytes_of_string(Context&, Arguments a) { return Value::of(Kind::bytes, a[0].view()); }

Value boolean_of_string(Context& context, Arguments a) {
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (a[0].view() == word) return Value::of(true);
  }
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (a[0].view() == word) return Value::of(false);
  }
  return not_a(context, "bool", a[0]);
}

Value time_of_string(Context& context, Arguments a) {
  const auto time = parse_time(a[0].view());
  return time ? Value::of(*time) : not_a(context, "timestamp (RFC 3339, years 1 to 9999)", a[0]);
}
Value time_of_integer(Context&, Arguments a) {
  const Time time{a[0].integer, 0};
  return is_in_range(time) ? Value::of(time) : Value::error("timestamp out of range");
}
Value duration_of_string(Context& context, Arguments a) {
  const auto nanos = parse_span(a[0].view());
  return nanos ? Value::of_duration(*nanos) : not_a(context, "duration, such as '1h30m'", a[0]);
}
Value duration_of_integer(Context&, Arguments a) { return Value::of_duration(a[0].integer); }

constexpr std::array conversion_table = {
    FunctionRow{"dyn(A) -> dyn", same},
    FunctionRow{"type(A) -> type", type_of},
    FunctionRow{"int(int) -> int", same},
    FunctionRow{"int(uint) -> int", integer_of_natural},
    FunctionRow{"int(double) -> int", integer_of_real},
    FunctionRow{"int(string) -> int", integer_of_string},
    FunctionRow{"int(timestamp) -> int", integer_of_time},
    FunctionRow{"int(duration) -> int", integer_of_duration},
    FunctionRow{"uint(uint) -> uint", same},
    FunctionRow{"uint(int) -> uint", natural_of_integer},
    FunctionRow{"uint(double) -> uint", natural_of_real},
    FunctionRow{"uint(string) -> uint", natural_of_string},
    FunctionRow{"double(double) -> double", same},
    FunctionRow{"double(int) -> double", real_of_integer},
    FunctionRow{"double(uint) -> double", real_of_natural},
    FunctionRow{"double(string) -> double", real_of_string},
    FunctionRow{"string(string) -> string", same},
    FunctionRow{"string(int) -> string", string_of_integer},
    FunctionRow{"string(uint) -> string", string_of_natural},
    FunctionRow{"string(double) -> string", string_of_real},
    FunctionRow{"string(bool) -> string", string_of_boolean},
    FunctionRow{"string(bytes) -> string", string_of_bytes},
    FunctionRow{"string(timestamp) -> string", string_of_time},
    FunctionRow{"string(duration) -> string", string_of_duration},
    FunctionRow{"bytes(bytes) -> bytes", same},
    FunctionRow{"bytes(string) -> bytes", bytes_of_string},
    FunctionRow{"bool(bool) -> bool", same},
    FunctionRow{"bool(string) -> bool", boolean_of_string},
    FunctionRow{"timestamp(timestamp) -> timestamp", same},
    FunctionRow{"timestamp(string) -> timestamp", time_of_string},
    FunctionRow{"timestamp(int) -> timestamp", time_of_integer},
    FunctionRow{"duration(duration) -> duration", same},
    FunctionRow{"duration(string) -> duration", duration_of_string},
    FunctionRow{"duration(int) -> duration", duration_of_integer},
};

}  // namespace

std::span<const FunctionRow> conversion_rows() { return conversion_table; }

}  // namespace pw::cel
