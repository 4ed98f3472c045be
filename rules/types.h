// Static types, as the checker sees them. A type is an immutable node that
// lives in a TypePool or for ever; equal types need not be the same node.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace pw::cel {

struct ObjectType;

enum class TypeKind : std::uint8_t {
  dyn,
  null,
  boolean,
  integer,
  natural,
  real,
  string,
  bytes,
  list,  // of `first`
  map,   // from `first` to `second`
  type,  // of `first`
  timestamp,
  duration,
  optional,  // of `first`
  object,    // `object`
  number,    // any of the three kinds of number; in signatures only
  variable,  // `variable`; solved while checking
};

struct Type {
  TypeKind kind = TypeKind::dyn;
  std::uint8_t depth = 0;  // of types inside one another
  std::uint32_t variable = 0;
  const Type* first = nullptr;
  const Type* second = nullptr;
  const ObjectType* object = nullptr;
};

// A type nested deeper is dyn: checked when evaluated.
inline constexpr int type_depth_max = 40;

// The one node of a kind that has no parts.
const Type* plain_type(TypeKind kind);
// list(dyn), map(dyn, dyn), type(dyn), optional_type(dyn).
const Type* any_of(TypeKind kind);

class TypePool {
 public:
  const Type* list(const Type* element);
  const Type* map(const Type* key, const Type* value);
  const Type* type(const Type* of);
  const Type* optional(const Type* of);
  const Type* object(const ObjectType* of);
  const Type* variable(std::uint32_t number);

 private:
  const Type* make(TypeKind kind, const Type* first, const Type* second);
  std::deque<Type> types_{};
};

// "map(string, list(int))"; a variable reads "dyn".
std::string print_type(const Type* type);

// Reads what print_type writes, and also names of object types and single
// capital letters as variables. Null when `text` is no type.
const Type* parse_type(std::string_view& text, TypePool& pool);

}  // namespace pw::cel
