// A CEL source, checked once and evaluated many times. The language is all of
// CEL without protocol-buffer messages (the language definition of
// github.com/google/cel-spec), with the extensions strings, math, encoders,
// bindings, optionals and two-variable comprehensions.
//
// Problems in a source are Issues; problems while evaluating are values of
// kind error or unknown, which `&&`, `||` and `?:` may absorb.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/issue.h"
#include "rules/environment.h"
#include "rules/place.h"
#include "rules/scratch.h"
#include "rules/value.h"

namespace pw::cel {

class Ast;
struct Plan;
class Tracer;
struct Type;

// Immutable and cheap to copy; copies share one plan.
class Program {
 public:
  // The result lives as long as the program, the activation and what it points
  // to, and until `scratch` is used again. Without heap allocation unless the
  // expression builds more than the scratch's own few kilobytes.
  Value evaluate(const Activation& activation, Scratch& scratch) const;
  // As above, telling `tracer` of every sub-expression evaluated.
  Value evaluate(const Activation& activation, Scratch& scratch, Tracer& tracer) const;

  std::string_view source() const;
  // Canonical source: reading it back gives the same tree.
  std::string print() const;
  // The static type, as the language writes it: "bool", "list(string)", "dyn".
  std::string type_name() const;
  // Where the byte at `offset` of the source stands in the file it came from.
  Spot spot(std::uint32_t offset) const;

  const Ast& ast() const;
  const Plan& plan() const;

 private:
  friend struct Compiler;
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

struct Compiled {
  std::optional<Program> program{};  // present when no issue is an error
  Issues issues{};                   // all of them, warnings too, in source order
};

// What the result must be; `any` allows everything.
enum class Wanted { any, condition, text };

Compiled compile(std::string_view source, const Environment& environment, const Place& place = {},
                 Wanted wanted = Wanted::any);

// "file:1:6: error: ...", the source line below it and a caret under the
// mistake. `file_text` is the whole file the issue's line counts in.
std::string print_with_caret(const Issue& issue, std::string_view file_text);

}  // namespace pw::cel
