// Why a rule said what it said: every sub-expression with its value, in the
// order evaluated, and what was skipped.
#pragma once

#include <string>
#include <vector>

#include "rules/facts.h"
#include "rules/program.h"
#include "rules/rule.h"

namespace pw {

struct ExplainedStep {
  int depth = 0;           // in the tree; the whole expression has 0
  std::string expression;  // as the printer writes it
  std::string value;       // as a CEL literal, "unknown: ...", "error: ...", or "not evaluated"
  bool evaluated = true;
};

inline constexpr std::size_t explained_steps_max = 10'000;  // later ones are left out

std::vector<ExplainedStep> explain(const cel::Program& program, const cel::Activation& activation);

struct ExplainedCondition {
  std::string title;   // "when", "unless"
  std::string source;  // as the printer writes it
  std::vector<ExplainedStep> steps{};
  bool evaluated = true;  // false: the condition before it decided
};

struct Explanation {
  std::string rule;
  RuleOutcome outcome;
  std::vector<ExplainedCondition> conditions{};
  std::vector<std::string> exemptions{};  // those of the rule that name the actor or account
};

Explanation explain_rule(const Rule& rule, const Facts& facts);

// Indented lines; what was skipped is said to be:
//   when: ...
//     post.surface == "reel" = true
// Values longer than 200 bytes are cut.
std::string print_explanation(const Explanation& explanation);

}  // namespace pw
