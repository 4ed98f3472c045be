// Facts of the host as CEL objects: a type is a table of named, typed,
// documented fields, each with the function that reads it.
#pragma once

#include <span>
#include <string_view>

#include "rules/value.h"

namespace pw::cel {

class Context;

struct Field {
  std::string_view name;
  std::string_view type;  // as types.h writes it: "list(string)", "interval"
  // The field of the object at `data`; unknown when it is absent.
  Value (*read)(const void* data, Context& context);
  std::string_view about;  // one line for the documentation
  // A claim of the poster: a warning where a condition uses it.
  bool claimed = false;
};

struct ObjectType {
  std::string_view name;
  std::span<const Field> fields;
  std::string_view about;
};

const Field* find_field(const ObjectType& type, std::string_view name);

// Every object type, for signatures and documentation.
std::span<const ObjectType* const> object_types();

}  // namespace pw::cel
