// The evaluator against a naive one over generated expressions: each is built
// as a source and, beside it, as plain C++ functions that say what it means.
// Variables may be unknown; errors come of themselves.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "rules/format.h"
#include "rules/program.h"
#include "rules/types.h"

using namespace pw;

namespace {

struct Naive {
  enum class Kind { error, unknown, boolean, integer, text, list };
  Kind kind = Kind::error;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text{};
  std::vector<std::int64_t> list{};

  bool exceptional() const { return kind <= Kind::unknown; }
};

Naive of(bool v) { return {.kind = Naive::Kind::boolean, .boolean = v}; }
Naive of(std::int64_t v) { return {.kind = Naive::Kind::integer, .integer = v}; }
Naive of(std::string v) { return {.kind = Naive::Kind::text, .text = std::move(v)}; }
Naive of(std::vector<std::int64_t> v) { return {.kind = Naive::Kind::list, .list = std::move(v)}; }
Naive unknown() { return {.kind = Naive::Kind::unknown}; }

using Scope = std::map<std::string, Naive>;

struct Expression {
  std::string source;
  std::function<Naive(const Scope&)> meaning;
};

// An unknown outweighs an error.
Naive worse(const Naive& a, const Naive& b) {
  const bool any_unknown = a.kind == Naive::Kind::unknown || b.kind == Naive::Kind::unknown;
  return any_unknown ? unknown() : Naive{};
}

Expression binary(const Expression& a, const std::string& op, const Expression& b,
                  std::function<Naive(const Naive&, const Naive&)> meaning) {
  return {"(" + a.source + ' ' + op + ' ' + b.source + ")", [=](const Scope& scope) {
            const Naive x = a.meaning(scope);
            const Naive y = b.meaning(scope);
            return x.exceptional() || y.exceptional() ? worse(x, y) : meaning(x, y);
          }};
}

Expression variable(const std::string& name) {
  return {name, [=](const Scope& scope) { return scope.at(name); }};
}

Expression chosen(const Expression& condition, const Expression& a, const Expression& b) {
  return {"(" + condition.source + " ? " + a.source + " : " + b.source + ")",
          [=](const Scope& scope) {
            const Naive c = condition.meaning(scope);
            if (c.exceptional()) return c;
            return c.boolean ? a.meaning(scope) : b.meaning(scope);
          }};
}

// && and ||: the operand that decides alone outweighs everything.
Expression logic(const Expression& a, const Expression& b, bool decisive) {
  return {"(" + a.source + (decisive ? " || " : " && ") + b.source + ")", [=](const Scope& scope) {
            const Naive x = a.meaning(scope);
            const Naive y = b.meaning(scope);
            const auto decides = [&](const Naive& v) {
              return v.kind == Naive::Kind::boolean && v.boolean == decisive;
            };
            if (decides(x) || decides(y)) return of(decisive);
            return x.exceptional() || y.exceptional() ? worse(x, y) : of(!decisive);
          }};
}

// exists (decisive: true) and all (false).
Expression quantified(const Expression& range, const std::string& name, const Expression& body,
                      bool decisive) {
  const std::string macro = decisive ? ".exists(" : ".all(";
  return {range.source + macro + name + ", " + body.source + ")", [=](const Scope& scope) {
            const Naive items = range.meaning(scope);
            if (items.exceptional()) return items;
            Naive result = of(!decisive);
            for (const std::int64_t item : items.list) {
              Scope inner = scope;
              inner[name] = of(item);
              const Naive v = body.meaning(inner);
              if (v.kind == Naive::Kind::boolean && v.boolean == decisive) return v;
              if (!v.exceptional()) continue;
              result = result.exceptional() ? worse(result, v) : v;
            }
            return result;
          }};
}

// map (with `body` an int) and filter (a bool).
Expression collected(const Expression& range, const std::string& name, const Expression& body,
                     bool filters) {
  const std::string macro = filters ? ".filter(" : ".map(";
  return {range.source + macro + name + ", " + body.source + ")", [=](const Scope& scope) {
            const Naive items = range.meaning(scope);
            if (items.exceptional()) return items;
            std::vector<std::int64_t> kept;
            for (const std::int64_t item : items.list) {
              Scope inner = scope;
              inner[name] = of(item);
              const Naive v = body.meaning(inner);
              if (v.exceptional()) return v;
              if (!filters) kept.push_back(v.integer);
              if (filters && v.boolean) kept.push_back(item);
            }
            return of(kept);
          }};
}

Naive computed(char op, std::int64_t a, std::int64_t b) {
  __extension__ using Wide = __int128;
  if ((op == '/' || op == '%') && b == 0) return {};
  const Wide x = a;
  const Wide y = b;
  const Wide whole = op == '/' || op == '%' ? x / y : 0;
  const Wide result = op == '+'   ? x + y
                      : op == '-' ? x - y
                      : op == '*' ? x * y
                      : op == '/' ? whole
                                  : x - whole * y;
  // A remainder whose quotient is out of range is an error too.
  for (const Wide checked : {result, whole}) {
    if (checked < std::numeric_limits<std::int64_t>::min() ||
        checked > std::numeric_limits<std::int64_t>::max()) {
      return {};
    }
  }
  return of(static_cast<std::int64_t>(result));
}

// Draws expressions of each type; `names` are the comprehension variables in
// reach.
class Maker {
 public:
  Expression boolean(int depth) {
    if (depth == 0) return boolean_leaf();
    switch (draw(9)) {
      case 0:
        return logic(boolean(depth - 1), boolean(depth - 1), /*decisive=*/true);
      case 1:
        return logic(boolean(depth - 1), boolean(depth - 1), /*decisive=*/false);
      case 2:
        return negated(boolean(depth - 1));
      case 3:
        return compared(depth - 1);
      case 4:
        return of_texts(depth - 1);
      case 5:
        return chosen(boolean(depth - 1), boolean(depth - 1), boolean(depth - 1));
      case 6:
        return over_list(depth - 1, draw(2) == 0);
      case 7:
        return binary(integer(depth - 1), "in", list(depth - 1),
                      [](const Naive& a, const Naive& b) {
                        for (const std::int64_t item : b.list) {
                          if (item == a.integer) return of(true);
                        }
                        return of(false);
                      });
      default:
        return boolean_leaf();
    }
  }

 private:
  static int draw(int below) { return *rc::gen::inRange(0, below); }

  Expression boolean_leaf() {
    switch (draw(4)) {
      case 0:
        return {"true", [](const Scope&) { return of(true); }};
      case 1:
        return {"false", [](const Scope&) { return of(false); }};
      case 2:
        return variable("b");
      default:
        return variable("u");
    }
  }

  static Expression negated(const Expression& a) {
    return {"!" + a.source, [=](const Scope& scope) {
              const Naive v = a.meaning(scope);
              return v.exceptional() ? v : of(!v.boolean);
            }};
  }

  Expression compared(int depth) {
    static const std::vector<std::string> ops = {"<", "<=", ">", ">=", "==", "!="};
    const auto op = static_cast<std::size_t>(draw(6));
    return binary(integer(depth), ops[op], integer(depth), [=](const Naive& a, const Naive& b) {
      const bool answers[] = {a.integer<b.integer, a.integer <= b.integer, a.integer> b.integer,
                              a.integer >= b.integer, a.integer == b.integer,
                              a.integer != b.integer};
      return of(answers[op]);
    });
  }

  Expression of_texts(int depth) {
    if (draw(2) == 0) {
      return binary(text(depth), "<", text(depth),
                    [](const Naive& a, const Naive& b) { return of(a.text < b.text); });
    }
    const Expression a = text(depth);
    const Expression b = text(depth);
    return {a.source + ".contains(" + b.source + ")", [=](const Scope& scope) {
              const Naive x = a.meaning(scope);
              const Naive y = b.meaning(scope);
              if (x.exceptional() || y.exceptional()) return worse(x, y);
              return of(x.text.find(y.text) != std::string::npos);
            }};
  }

  Expression over_list(int depth, bool decisive) {
    const Expression range = list(depth);
    const std::string name = "x" + std::to_string(names_.size());
    names_.push_back(name);
    const Expression body = boolean(depth);
    names_.pop_back();
    return quantified(range, name, body, decisive);
  }

  Expression integer(int depth) {
    if (depth == 0) return integer_leaf();
    const int choice = draw(8);
    if (choice < 5) {
      const char op = "+-*/%"[choice];
      return binary(
          integer(depth - 1), std::string(1, op), integer(depth - 1),
          [=](const Naive& a, const Naive& b) { return computed(op, a.integer, b.integer); });
    }
    if (choice == 5) return chosen(boolean(depth - 1), integer(depth - 1), integer(depth - 1));
    if (choice == 6) {
      const Expression range = list(depth - 1);
      return {"size(" + range.source + ")", [=](const Scope& scope) {
                const Naive v = range.meaning(scope);
                return v.exceptional() ? v : of(static_cast<std::int64_t>(v.list.size()));
              }};
    }
    return integer_leaf();
  }

  Expression integer_leaf() {
    if (!names_.empty() && draw(2) == 0) {
      return variable(names_[static_cast<std::size_t>(draw(static_cast<int>(names_.size())))]);
    }
    if (draw(4) == 0) return variable("i");
    static const std::vector<std::int64_t> edges = {0,
                                                    1,
                                                    -1,
                                                    2,
                                                    7,
                                                    std::numeric_limits<std::int64_t>::max(),
                                                    std::numeric_limits<std::int64_t>::min()};
    const std::int64_t v = edges[static_cast<std::size_t>(draw(7))];
    return {std::to_string(v), [=](const Scope&) { return of(v); }};
  }

  Expression text(int depth) {
    if (depth > 0 && draw(2) == 0) {
      return binary(text(depth - 1), "+", text(depth - 1),
                    [](const Naive& a, const Naive& b) { return of(a.text + b.text); });
    }
    if (draw(4) == 0) return variable("t");
    static const std::vector<std::string> texts = {"", "a", "ab", "é", "🐱"};
    const std::string v = texts[static_cast<std::size_t>(draw(5))];
    return {"'" + v + "'", [=](const Scope&) { return of(v); }};
  }

  Expression list(int depth) {
    if (depth > 0 && draw(3) == 0) {
      const Expression range = list(depth - 1);
      const bool filters = draw(2) == 0;
      const std::string name = "x" + std::to_string(names_.size());
      names_.push_back(name);
      const Expression body = filters ? boolean(depth - 1) : integer(depth - 1);
      names_.pop_back();
      return collected(range, name, body, filters);
    }
    std::vector<Expression> items;
    for (int count = draw(4); count > 0; --count) items.push_back(integer(0));
    std::string source;
    for (const Expression& item : items) source += (source.empty() ? "" : ", ") + item.source;
    return {"[" + source + "]", [=](const Scope& scope) {
              std::vector<std::int64_t> values;
              for (const Expression& item : items) values.push_back(item.meaning(scope).integer);
              return of(values);
            }};
  }

  std::vector<std::string> names_{};
};

const cel::Environment& environment() {
  static const cel::Environment made = [] {
    cel::Environment all;
    all.variables = {{"b", cel::plain_type(cel::TypeKind::boolean)},
                     {"u", cel::plain_type(cel::TypeKind::boolean)},
                     {"i", cel::plain_type(cel::TypeKind::integer)},
                     {"t", cel::plain_type(cel::TypeKind::string)}};
    return all;
  }();
  return made;
}

std::string outcome(const cel::Program& program, const std::vector<cel::Value>& slots) {
  cel::Scratch scratch;
  const cel::Value value = program.evaluate({slots}, scratch);
  if (value.is(cel::Kind::error)) return "error";
  if (value.is(cel::Kind::unknown)) return "unknown";
  return value.is_true() ? "true" : "false";
}

std::string outcome(const Naive& value) {
  if (value.kind == Naive::Kind::error) return "error";
  if (value.kind == Naive::Kind::unknown) return "unknown";
  return value.boolean ? "true" : "false";
}

}  // namespace

TEST_CASE("the evaluator agrees with a naive one, and printing changes nothing") {
  const bool held = rc::check("every expression means what its parts mean", [] {
    for (int turn = 0; turn < 20; ++turn) {
      const Expression expression = Maker().boolean(*rc::gen::inRange(1, 6));
      const auto i = *rc::gen::arbitrary<std::int64_t>();
      const bool b = *rc::gen::arbitrary<bool>();
      const Scope scope = {
          {"b", of(b)}, {"u", unknown()}, {"i", of(i)}, {"t", of(std::string("ab"))}};
      const std::vector<cel::Value> slots = {cel::Value::of(b), cel::Value::unknown("u is absent"),
                                             cel::Value::of(i), cel::Value::string("ab")};
      const cel::Compiled compiled = cel::compile(expression.source, environment());
      RC_ASSERT(compiled.program.has_value());
      const std::string wanted = outcome(expression.meaning(scope));
      RC_LOG() << expression.source << " should be " << wanted << '\n';
      RC_ASSERT(outcome(*compiled.program, slots) == wanted);
      const std::string printed = compiled.program->print();
      const cel::Compiled again = cel::compile(printed, environment());
      RC_ASSERT(again.program.has_value());
      RC_ASSERT(again.program->print() == printed);
      RC_ASSERT(outcome(*again.program, slots) == wanted);
    }
  });
  CHECK(held);
}
