#include "rules/program.h"

#include <algorithm>

#include "rules/ast.h"
#include "rules/checker.h"
#include "rules/context.h"
#include "rules/evaluator.h"
#include "rules/parser.h"
#include "rules/plan.h"
#include "rules/printer.h"

namespace pw::cel {

struct Program::Parts {
  Ast ast;
  std::unique_ptr<const Plan> plan;
  std::string type;
  Place place;
};

struct Compiler {
  std::string_view source;
  const Environment& environment;
  const Place& place;
  Wanted wanted;
  Problems problems{};

  Compiled run() {
    Compiled compiled;
    std::optional<Ast> ast = parse(source, problems);
    if (ast) compiled.program = finish(*std::move(ast));
    compiled.issues = issues();
    return compiled;
  }

  std::optional<Program> finish(Ast ast) {
    const Checked checked = check(ast, environment, problems);
    const Type* const type = checked.types[ast.root()];
    want(ast, *type);
    auto plan = make_plan(ast, checked, environment, problems);
    const bool failed = std::any_of(problems.begin(), problems.end(),
                                    [](const Problem& problem) { return !problem.warning; });
    if (failed) return std::nullopt;
    Program program;
    program.parts_ = std::make_shared<const Program::Parts>(
        Program::Parts{std::move(ast), std::move(plan), print_type(type), place});
    return program;
  }

  void want(const Ast& ast, const Type& type) {
    const std::uint32_t position = ast[ast.root()].position;
    if (wanted == Wanted::condition && type.kind != TypeKind::boolean &&
        type.kind != TypeKind::dyn) {
      problems.push_back({position, "a condition must be a bool, not " + print_type(&type)});
    }
    const bool no_text = type.kind == TypeKind::object || type.kind == TypeKind::optional;
    if (wanted == Wanted::text && no_text) {
      problems.push_back({position, print_type(&type) + " has no text form"});
    }
  }

  Issues issues() {
    std::stable_sort(problems.begin(), problems.end(),
                     [](const Problem& a, const Problem& b) { return a.offset < b.offset; });
    Issues found;
    for (Problem& problem : problems) {
      const Spot spot = spot_of(place, source, problem.offset);
      found.push_back({.file = place.file,
                       .line = spot.line,
                       .column = spot.column,
                       .message = std::move(problem.message),
                       .nearest = std::move(problem.nearest),
                       .level = problem.warning ? Issue::Level::warning : Issue::Level::error});
    }
    return found;
  }
};

Compiled compile(std::string_view source, const Environment& environment, const Place& place,
                 Wanted wanted) {
  return Compiler{source, environment, place, wanted}.run();
}

Value Program::evaluate(const Activation& activation, Scratch& scratch) const {
  scratch.arena().reset();
  Context context(scratch.arena());
  return Evaluator(*parts_->plan, activation, context).run();
}

Value Program::evaluate(const Activation& activation, Scratch& scratch, Tracer& tracer) const {
  scratch.arena().reset();
  Context context(scratch.arena());
  const std::vector<Step> steps = traced_steps(*parts_->plan);
  return Evaluator(*parts_->plan, steps, activation, context, &tracer).run();
}

std::string_view Program::source() const { return parts_->ast.source(); }
std::string Program::print() const { return cel::print(parts_->ast, parts_->ast.root()); }
std::string Program::type_name() const { return parts_->type; }
Spot Program::spot(std::uint32_t offset) const { return spot_of(parts_->place, source(), offset); }
const Ast& Program::ast() const { return parts_->ast; }
const Plan& Program::plan() const { return *parts_->plan; }

namespace {

// Files of strangers may hold what moves the cursor or colours the terminal.
std::string without_controls(std::string_view line) {
  std::string text(line);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool is_c1 =
        c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (is_c1) text[i + 1] = '?';
    if (is_c1 || (c < 0x20 && c != '\t') || c == 0x7F) text[i] = '?';
  }
  return text;
}

}  // namespace

std::string print_with_caret(const Issue& issue, std::string_view file_text) {
  std::string text = print_issue(issue);
  if (issue.line < 1) return text;
  std::size_t start = 0;
  for (int line = 1; line < issue.line && start != std::string_view::npos; ++line) {
    const std::size_t newline = file_text.find('\n', start);
    start = newline == std::string_view::npos ? newline : newline + 1;
  }
  if (start == std::string_view::npos) return text;
  std::string_view line = file_text.substr(start, file_text.find('\n', start) - start);
  // A long line is shown around the mistake only.
  constexpr std::size_t shown_bytes_max = 120;
  std::size_t column = issue.column < 1 ? 0 : static_cast<std::size_t>(issue.column - 1);
  column = std::min(column, line.size());
  const std::size_t skipped = column > shown_bytes_max / 2 ? column - shown_bytes_max / 2 : 0;
  const std::string shown = without_controls(line.substr(skipped, shown_bytes_max));
  text += "\n  " + shown + "\n  ";
  for (std::size_t i = skipped; i < column; ++i) {
    const char c = shown[i - skipped];
    const bool inside = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!inside) text += c == '\t' ? '\t' : ' ';
  }
  return text + '^';
}

}  // namespace pw::cel
