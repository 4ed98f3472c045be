// Solves type variables: which types a call's parameters stand for.
#pragma once

#include <vector>

#include "rules/types.h"

namespace pw::cel {

class Unifier {
 public:
  explicit Unifier(TypePool& pool) : pool_(pool) {}

  const Type* fresh();
  // The type with variables 0, 1, ... replaced by fresh ones from `fresh`.
  const Type* instance(const Type* type, std::vector<const Type*>& fresh_ones);

  // Whether a value of type `from` may stand where `to` is wanted. Solves
  // variables on the way; on false some may be left solved (see mark()).
  bool fits(const Type* from, const Type* to);
  // The type of a list of both: one of them, or dyn.
  const Type* joined(const Type* a, const Type* b);

  // Variables solved so far, for undoing a failed attempt.
  std::size_t mark() const { return trail_.size(); }
  void undo(std::size_t mark);

  // What is known: solved variables replaced, at the top or everywhere.
  const Type* shallow(const Type* type) const;
  const Type* solved(const Type* type) { return solved_below(type, 0); }
  // A map's key. One that has been solved as a list or the like is dyn here:
  // no value can be such a key, and types stay chains instead of trees.
  const Type* key_of(const Type* map) const;

 private:
  struct Change {
    std::uint32_t variable;
    const Type* before;
  };

  bool matches(const Type* from, const Type* to, int depth);
  const Type* solved_below(const Type* type, int depth);
  bool occurs(std::uint32_t variable, const Type* in) const;
  void bind(std::uint32_t variable, const Type* type);
  bool fit_variable(std::uint32_t variable, const Type* other);

  TypePool& pool_;
  std::vector<const Type*> solutions_{};  // by variable; null while open
  std::vector<Change> trail_{};
};

}  // namespace pw::cel
