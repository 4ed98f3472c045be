// A value of the language: 24 bytes, copied freely, owning nothing. What it
// points to lives in the program (literals), in the caller's data (posts) or
// in the scratch of the evaluation that built it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace pw::cel {

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,  // int, 64 bits
  natural,  // uint, 64 bits
  real,     // double
  string,   // UTF-8
  bytes,
  list,
  map,
  type,
  timestamp,  // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z
  duration,   // whole nanoseconds in 64 bits, about 292 years either way
  optional,
  object,   // a fact with declared fields, or an opaque value
  error,    // why the evaluation failed
  unknown,  // what was absent
};

struct ObjectType;
struct MapData;
struct Value;

struct Time {
  std::int64_t seconds;  // since 1970, may be negative
  std::int32_t nanos;    // 0..999'999'999
};

struct Object {
  const ObjectType* type;
  const void* data;
};

struct Text {
  const char* data;
  std::size_t size;
};

struct Items {
  const Value* data;
  std::size_t size;
};

inline constexpr std::uint32_t no_position = 0xFFFFFFFF;

struct Value {
  Kind kind = Kind::null;
  std::uint8_t depth = 0;                // of lists, maps and optionals inside one another
  std::uint32_t position = no_position;  // of an error: the offset in its source
  union {
    bool boolean;
    std::int64_t integer;
    std::uint64_t natural;
    double real;
    Text text;  // string, bytes; a type's name; an error's or unknown's message
    Items items;
    const MapData* map;
    Time time;
    std::int64_t nanos;  // duration
    const Value* inner;  // optional; null when it has no value
    Object object;
  };

  constexpr Value() : natural(0) {}

  static constexpr Value of(bool v) {
    Value value = make(Kind::boolean);
    value.boolean = v;
    return value;
  }
  static constexpr Value of(std::int64_t v) {
    Value value = make(Kind::integer);
    value.integer = v;
    return value;
  }
  static constexpr Value of(std::uint64_t v) {
    Value value = make(Kind::natural);
    value.natural = v;
    return value;
  }
  static constexpr Value of(double v) {
    Value value = make(Kind::real);
    value.real = v;
    return value;
  }
  static constexpr Value of(Time t) {
    Value value = make(Kind::timestamp);
    value.time = t;
    return value;
  }
  // `kind` is one of those with text; the bytes are not copied.
  static constexpr Value of(Kind kind, std::string_view text) {
    Value value = make(kind);
    value.text = {text.data(), text.size()};
    return value;
  }
  static constexpr Value string(std::string_view text) { return of(Kind::string, text); }
  static constexpr Value error(std::string_view message) { return of(Kind::error, message); }
  // `reason` says what is absent, as a clause: "post.lang is absent".
  static constexpr Value unknown(std::string_view reason) { return of(Kind::unknown, reason); }
  static constexpr Value of_duration(std::int64_t nanos) {
    Value value = make(Kind::duration);
    value.nanos = nanos;
    return value;
  }
  static constexpr Value of_object(const ObjectType* type, const void* data) {
    Value value = make(Kind::object);
    value.object = {type, data};
    return value;
  }
  // A variable without a value.
  static constexpr Value unbound() { return error("the variable has no value"); }

  constexpr std::string_view view() const { return {text.data, text.size}; }
  std::span<const Value> list() const { return {items.data, items.size}; }
  constexpr bool is(Kind k) const { return kind == k; }
  constexpr bool is_true() const { return kind == Kind::boolean && boolean; }
  constexpr bool is_false() const { return kind == Kind::boolean && !boolean; }
  // Errors and unknowns end most operations.
  constexpr bool is_exceptional() const { return kind >= Kind::error; }
  constexpr bool is_number() const { return kind >= Kind::integer && kind <= Kind::real; }

 private:
  static constexpr Value make(Kind kind) {
    Value value;
    value.kind = kind;
    return value;
  }
};
static_assert(sizeof(Value) == 24);

// Entries in the order written. Above map_scan_max entries an index of open
// addressing finds a key; each slot holds an entry's number plus one.
struct MapData {
  const Value* keys = nullptr;
  const Value* values = nullptr;
  std::size_t size = 0;
  const std::uint32_t* index = nullptr;
  std::size_t index_mask = 0;  // slots less one; a power of two
};
inline constexpr std::size_t map_scan_max = 8;

// The value of `key`, or null. Numbers are found by their numeric value.
const Value* find(const MapData& map, const Value& key);
// May stand as a key: bool, int, uint, string.
bool is_key(const Value& value);

// Equal scalars have equal hashes, whatever kind of number they are.
std::uint64_t hash_scalar(const Value& value);
bool equal_scalars(const Value& a, const Value& b);

// As memcmp() == 0; short texts, which most are, without a call.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto word = [](const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  const auto half = [](const char* at) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  if (size < 4) {
    for (std::size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  // The last word overlaps the one before it.
  if (size < 8) return half(a) == half(b) && half(a + size - 4) == half(b + size - 4);
  if (size <= 16) return word(a) == word(b) && word(a + size - 8) == word(b + size - 8);
  return std::memcmp(a, b, size) == 0;
}
inline bool equal_strings(const Value& a, const Value& b) {
  return a.is(Kind::string) && b.is(Kind::string) && a.text.size == b.text.size &&
         same_bytes(a.text.data, b.text.data, a.text.size);
}

// Numbers of any two kinds by value; NaN is unordered and differs from itself.
enum class Order { less, equal, greater, unordered };
Order order_numbers(const Value& a, const Value& b);

// The name that type() gives: "int", "google.protobuf.Timestamp", "list".
std::string_view type_name_of(const Value& value);

}  // namespace pw::cel
