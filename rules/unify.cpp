#include "rules/unify.h"

namespace pw::cel {
namespace {

// Solved variables can chain types beyond type_depth_max; what lies deeper is
// dyn, so that no walk is longer.
constexpr int chain_length_max = 200;

}  // namespace

const Type* Unifier::fresh() {
  solutions_.push_back(nullptr);
  return pool_.variable(static_cast<std::uint32_t>(solutions_.size() - 1));
}

const Type* Unifier::instance(const Type* type, std::vector<const Type*>& fresh_ones) {
  switch (type->kind) {
    case TypeKind::variable: {
      if (fresh_ones.size() <= type->variable) fresh_ones.resize(type->variable + 1, nullptr);
      const Type*& own = fresh_ones[type->variable];
      if (own == nullptr) own = fresh();
      return own;
    }
    case TypeKind::list:
      return pool_.list(instance(type->first, fresh_ones));
    case TypeKind::optional:
      return pool_.optional(instance(type->first, fresh_ones));
    case TypeKind::map: {
      const Type* const key = instance(type->first, fresh_ones);
      return pool_.map(key, instance(type->second, fresh_ones));
    }
    default:
      return type;
  }
}

void Unifier::undo(std::size_t mark) {
  for (; trail_.size() > mark; trail_.pop_back()) {
    solutions_[trail_.back().variable] = trail_.back().before;
  }
}

const Type* Unifier::shallow(const Type* type) const {
  while (type->kind == TypeKind::variable && solutions_[type->variable] != nullptr) {
    type = solutions_[type->variable];
  }
  return type;
}

const Type* Unifier::key_of(const Type* map) const {
  const Type* const key = shallow(map->first);
  return key->first == nullptr ? key : plain_type(TypeKind::dyn);
}

const Type* Unifier::solved_below(const Type* type, int depth) {
  type = shallow(type);
  if (depth > chain_length_max) return plain_type(TypeKind::dyn);
  switch (type->kind) {
    case TypeKind::variable:
      return plain_type(TypeKind::dyn);
    case TypeKind::list:
      return pool_.list(solved_below(type->first, depth + 1));
    case TypeKind::optional:
      return pool_.optional(solved_below(type->first, depth + 1));
    case TypeKind::map: {
      const Type* const key = solved_below(key_of(type), depth + 1);
      return pool_.map(key, solved_below(type->second, depth + 1));
    }
    default:
      return type;
  }
}

bool Unifier::occurs(std::uint32_t variable, const Type* in) const {
  for (int depth = 0; depth <= chain_length_max; ++depth) {
    in = shallow(in);
    if (in->kind == TypeKind::variable) return in->variable == variable;
    if (in->first == nullptr) return false;
    if (in->kind != TypeKind::map) {
      in = in->first;
      continue;
    }
    const Type* const key = key_of(in);
    if (key->kind == TypeKind::variable && key->variable == variable) return true;
    in = in->second;
  }
  return true;
}

void Unifier::bind(std::uint32_t variable, const Type* type) {
  trail_.push_back({variable, solutions_[variable]});
  solutions_[variable] = type;
}

bool Unifier::fit_variable(std::uint32_t variable, const Type* other) {
  if (other->kind == TypeKind::number) return true;
  if (occurs(variable, other)) return false;
  bind(variable, other);
  return true;
}

bool Unifier::fits(const Type* from, const Type* to) {
  const std::size_t start = mark();
  if (matches(from, to, 0)) return true;
  undo(start);
  // What a variable stands for gives way to something wider: null, then a
  // timestamp, is a timestamp.
  if (to->kind != TypeKind::variable || shallow(to)->kind == TypeKind::variable) return false;
  if (!matches(shallow(to), from, 0)) {
    undo(start);
    return false;
  }
  bind(to->variable, shallow(from));
  return true;
}

bool Unifier::matches(const Type* from, const Type* to, int depth) {
  if (depth > chain_length_max) return true;
  const Type* const declared = to;
  from = shallow(from);
  to = shallow(to);
  if (from->kind == TypeKind::variable && to->kind == TypeKind::variable &&
      from->variable == to->variable) {
    return true;
  }
  // dyn before variables: a parameter that met an int and then a dyn is dyn.
  if (from->kind == TypeKind::dyn) {
    if (to->kind == TypeKind::variable) return fit_variable(to->variable, from);
    if (declared->kind == TypeKind::variable) bind(declared->variable, from);
    return true;
  }
  if (to->kind == TypeKind::dyn) return true;
  if (to->kind == TypeKind::variable) return fit_variable(to->variable, from);
  if (from->kind == TypeKind::variable) return fit_variable(from->variable, to);
  if (to->kind == TypeKind::number) {
    return from->kind == TypeKind::integer || from->kind == TypeKind::natural ||
           from->kind == TypeKind::real;
  }
  if (from->kind == TypeKind::null) {
    return to->kind == TypeKind::null || to->kind == TypeKind::timestamp ||
           to->kind == TypeKind::duration || to->kind == TypeKind::optional;
  }
  if (from->kind != to->kind) return false;
  switch (to->kind) {
    case TypeKind::list:
    case TypeKind::optional:
      return matches(from->first, to->first, depth + 1);
    case TypeKind::map:
      return matches(key_of(from), key_of(to), depth + 1) &&
             matches(from->second, to->second, depth + 1);
    case TypeKind::object:
      return from->object == to->object;
    default:
      return true;
  }
}

const Type* Unifier::joined(const Type* a, const Type* b) {
  const std::size_t start = mark();
  if (fits(b, a)) return shallow(b)->kind == TypeKind::dyn ? b : a;
  undo(start);
  if (fits(a, b)) return b;
  undo(start);
  return plain_type(TypeKind::dyn);
}

}  // namespace pw::cel
