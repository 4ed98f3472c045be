// What functions may use while evaluating: memory for what they build, and
// the budget that keeps every evaluation short.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/limits.h"
#include "rules/scratch.h"
#include "rules/value.h"

namespace pw::cel {

class Context {
 public:
  explicit Context(Arena& arena) : arena_(arena) {}

  // Each make_* returns an error value when a limit is met. Texts are copied.
  Value make_text(Kind kind, std::string_view text);
  Value make_string(std::string_view text) { return make_text(Kind::string, text); }
  Value make_error(std::string_view message) { return make_text(Kind::error, message); }
  // `items` come from take_values() and are kept, not copied.
  Value make_list(std::span<const Value> items);
  // Refuses keys of other kinds and keys given twice.
  Value make_map(std::span<const Value> keys, std::span<const Value> values);
  Value make_optional(const Value& inner);
  static Value no_optional();

  // Room for `count` values, not yet written, or null; list_items_max is checked
  // by make_list.
  Value* take_values(std::size_t count);
  char* take_bytes(std::size_t count);

  // Counts work; false, for good, once work_max is used up.
  bool spend(std::uint64_t units) {
    work_ += units;
    return work_ <= work_max;
  }
  // One turn of a comprehension; false once comprehension_steps_max is used up.
  bool step() { return ++steps_ <= comprehension_steps_max; }

  // Deep equality as the language defines it; false once the budget is used up.
  bool equal(const Value& a, const Value& b) {
    if (!a.is(Kind::string) || a.text.size > short_text_bytes) return equal_deeply(a, b);
    return spend(1) && equal_strings(a, b);
  }

  static Value out_of_work();
  static Value out_of_memory();
  bool exhausted() const { return work_ > work_max; }

 private:
  static constexpr std::size_t short_text_bytes = 64;
  bool equal_deeply(const Value& a, const Value& b);
  bool equal_lists(const Value& a, const Value& b);
  bool equal_maps(const Value& a, const Value& b);
  Value index_map(MapData& map);

  Arena& arena_;
  std::uint64_t work_ = 0;
  std::uint32_t steps_ = 0;
};

// Both reasons, each once: "post.lang is absent; post.text is absent".
Value merge_unknowns(Context& context, const Value& a, const Value& b);

}  // namespace pw::cel
