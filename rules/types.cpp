#include "rules/types.h"

#include <algorithm>
#include <array>

#include "rules/object.h"

namespace pw::cel {
namespace {

struct Named {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<Named, 12> plain_names = {{
    {"dyn", TypeKind::dyn},
    {"null_type", TypeKind::null},
    {"bool", TypeKind::boolean},
    {"int", TypeKind::integer},
    {"uint", TypeKind::natural},
    {"double", TypeKind::real},
    {"string", TypeKind::string},
    {"bytes", TypeKind::bytes},
    {"timestamp", TypeKind::timestamp},
    {"duration", TypeKind::duration},
    {"number", TypeKind::number},
    {"optional_type", TypeKind::optional},
}};

constexpr std::size_t kind_count = 17;

std::uint8_t depth_of(const Type* type) { return type == nullptr ? std::uint8_t{0} : type->depth; }

std::string_view take_word(std::string_view& text) {
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto end = std::find_if_not(text.begin(), text.end(), in_word);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  return word;
}

bool take_char(std::string_view& text, char c) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return true;
}

const Type* parse_parameterised(std::string_view word, std::string_view& text, TypePool& pool) {
  const Type* first = plain_type(TypeKind::dyn);
  const Type* second = plain_type(TypeKind::dyn);
  if (take_char(text, '(')) {
    first = parse_type(text, pool);
    if (take_char(text, ',')) second = parse_type(text, pool);
    if (!take_char(text, ')') || first == nullptr || second == nullptr) return nullptr;
  }
  if (word == "list") return pool.list(first);
  if (word == "map") return pool.map(first, second);
  if (word == "type") return pool.type(first);
  return word == "optional_type" ? pool.optional(first) : nullptr;
}

}  // namespace

const Type* plain_type(TypeKind kind) {
  static const std::array<Type, kind_count> types = [] {
    std::array<Type, kind_count> all{};
    for (std::size_t i = 0; i < kind_count; ++i) all[i].kind = static_cast<TypeKind>(i);
    return all;
  }();
  return &types[static_cast<std::size_t>(kind)];
}

const Type* any_of(TypeKind kind) {
  static const std::array<Type, kind_count> types = [] {
    std::array<Type, kind_count> all{};
    for (std::size_t i = 0; i < kind_count; ++i) {
      all[i] = {.kind = static_cast<TypeKind>(i),
                .depth = 1,
                .first = plain_type(TypeKind::dyn),
                .second = plain_type(TypeKind::dyn)};
    }
    return all;
  }();
  return &types[static_cast<std::size_t>(kind)];
}

const Type* TypePool::make(TypeKind kind, const Type* first, const Type* second) {
  const std::uint8_t depth =
      static_cast<std::uint8_t>(1 + std::max(depth_of(first), depth_of(second)));
  if (depth > type_depth_max) return plain_type(TypeKind::dyn);
  return &types_.emplace_back(Type{.kind = kind, .depth = depth, .first = first, .second = second});
}

const Type* TypePool::list(const Type* element) { return make(TypeKind::list, element, nullptr); }
const Type* TypePool::map(const Type* key, const Type* value) {
  return make(TypeKind::map, key, value);
}
const Type* TypePool::type(const Type* of) { return make(TypeKind::type, of, nullptr); }
const Type* TypePool::optional(const Type* of) { return make(TypeKind::optional, of, nullptr); }
const Type* TypePool::object(const ObjectType* of) {
  return &types_.emplace_back(Type{.kind = TypeKind::object, .object = of});
}
const Type* TypePool::variable(std::uint32_t number) {
  return &types_.emplace_back(Type{.kind = TypeKind::variable, .variable = number});
}

std::string print_type(const Type* type) {
  switch (type->kind) {
    case TypeKind::list:
      return "list(" + print_type(type->first) + ")";
    case TypeKind::map:
      return "map(" + print_type(type->first) + ", " + print_type(type->second) + ")";
    case TypeKind::type:
      return "type(" + print_type(type->first) + ")";
    case TypeKind::optional:
      return "optional_type(" + print_type(type->first) + ")";
    case TypeKind::object:
      return std::string(type->object->name);
    case TypeKind::variable:
      return "dyn";
    default:
      break;
  }
  const auto it = std::find_if(plain_names.begin(), plain_names.end(),
                               [&](const Named& named) { return named.kind == type->kind; });
  return it == plain_names.end() ? "dyn" : std::string(it->name);
}

const Type* parse_type(std::string_view& text, TypePool& pool) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const std::string_view word = take_word(text);
  if (word.size() == 1 && word.front() >= 'A' && word.front() <= 'Z') {
    return pool.variable(static_cast<std::uint32_t>(word.front() - 'A'));
  }
  if (word == "list" || word == "map" || word == "type" || word == "optional_type") {
    return parse_parameterised(word, text, pool);
  }
  for (const Named& named : plain_names) {
    if (named.name == word) return plain_type(named.kind);
  }
  for (const ObjectType* object : object_types()) {
    if (object->name == word) return pool.object(object);
  }
  return nullptr;
}

}  // namespace pw::cel
