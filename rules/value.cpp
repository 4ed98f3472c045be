#include "rules/value.h"

#include <cmath>
#include <functional>

#include "rules/object.h"
#include "rules/real_text.h"

namespace pw::cel {
namespace {

template <class T>
Order order(T a, T b) {
  if (a < b) return Order::less;
  return a == b ? Order::equal : Order::greater;
}

Order reversed(Order order) {
  if (order == Order::less) return Order::greater;
  return order == Order::greater ? Order::less : order;
}

Order order_reals(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Order::unordered;
  return order(a, b);
}

// Within the whole numbers' range the reference implementation compares as
// doubles, so that 9223372036854775807 equals 9223372036854775808.0.
Order order_real_integer(double a, std::int64_t b) {
  if (a < -two_to_63) return Order::less;
  if (a > two_to_63) return Order::greater;
  return order_reals(a, static_cast<double>(b));
}

Order order_real_natural(double a, std::uint64_t b) {
  if (a < 0) return Order::less;
  if (a > two_to_64) return Order::greater;
  return order_reals(a, static_cast<double>(b));
}

Order order_integer_natural(std::int64_t a, std::uint64_t b) {
  return a < 0 ? Order::less : order(static_cast<std::uint64_t>(a), b);
}

std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  return x;
}

double as_real(const Value& value) {
  if (value.is(Kind::integer)) return static_cast<double>(value.integer);
  return value.is(Kind::natural) ? static_cast<double>(value.natural) : value.real;
}

}  // namespace

Order order_numbers(const Value& a, const Value& b) {
  if (a.kind == b.kind) {
    if (a.is(Kind::integer)) return order(a.integer, b.integer);
    if (a.is(Kind::natural)) return order(a.natural, b.natural);
    return order_reals(a.real, b.real);
  }
  if (a.is(Kind::real)) {
    return b.is(Kind::integer) ? order_real_integer(a.real, b.integer)
                               : order_real_natural(a.real, b.natural);
  }
  if (b.is(Kind::real)) return reversed(order_numbers(b, a));
  if (a.is(Kind::integer)) return order_integer_natural(a.integer, b.natural);
  return reversed(order_integer_natural(b.integer, a.natural));
}

bool equal_scalars(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return order_numbers(a, b) == Order::equal;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.boolean == b.boolean;
    case Kind::string:
    case Kind::bytes:
    case Kind::type:
      return a.view() == b.view();
    case Kind::timestamp:
      return a.time.seconds == b.time.seconds && a.time.nanos == b.time.nanos;
    case Kind::duration:
      return a.nanos == b.nanos;
    case Kind::object:
      return a.object.type == b.object.type && a.object.data == b.object.data;
    default:
      return false;
  }
}

std::uint64_t hash_scalar(const Value& value) {
  switch (value.kind) {
    case Kind::boolean:
      return value.boolean ? 1 : 2;
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return mixed(std::hash<double>{}(as_real(value)));
    case Kind::string:
    case Kind::bytes:
    case Kind::type:
      return std::hash<std::string_view>{}(value.view());
    case Kind::timestamp:
      return mixed(static_cast<std::uint64_t>(value.time.seconds));
    case Kind::duration:
      return mixed(static_cast<std::uint64_t>(value.nanos));
    default:
      return 0;
  }
}

const Value* find(const MapData& map, const Value& key) {
  if (map.index == nullptr) {
    const auto equal = key.is(Kind::string) ? equal_strings : equal_scalars;
    for (std::size_t i = 0; i < map.size; ++i) {
      if (equal(map.keys[i], key)) return &map.values[i];
    }
    return nullptr;
  }
  for (std::size_t slot = hash_scalar(key) & map.index_mask;; slot = (slot + 1) & map.index_mask) {
    const std::uint32_t entry = map.index[slot];
    if (entry == 0) return nullptr;
    if (equal_scalars(map.keys[entry - 1], key)) return &map.values[entry - 1];
  }
}

bool is_key(const Value& value) {
  return value.is(Kind::boolean) || value.is(Kind::integer) || value.is(Kind::natural) ||
         value.is(Kind::string);
}

std::string_view type_name_of(const Value& value) {
  switch (value.kind) {
    case Kind::null:
      return "null_type";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return "int";
    case Kind::natural:
      return "uint";
    case Kind::real:
      return "double";
    case Kind::string:
      return "string";
    case Kind::bytes:
      return "bytes";
    case Kind::list:
      return "list";
    case Kind::map:
      return "map";
    case Kind::type:
      return "type";
    case Kind::timestamp:
      return "google.protobuf.Timestamp";
    case Kind::duration:
      return "google.protobuf.Duration";
    case Kind::optional:
      return "optional_type";
    case Kind::object:
      return value.object.type->name;
    case Kind::error:
      return "error";
    case Kind::unknown:
      return "unknown";
  }
  return {};
}

}  // namespace pw::cel
