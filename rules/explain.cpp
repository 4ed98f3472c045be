#include "rules/explain.h"

#include <algorithm>

#include "rules/ast.h"
#include "rules/code_points.h"
#include "rules/evaluator.h"
#include "rules/format.h"
#include "rules/printer.h"

namespace pw {
namespace {

constexpr std::size_t value_bytes_max = 200;
constexpr std::size_t expression_bytes_max = 200;

std::string shortened(std::string text) {
  if (text.size() <= expression_bytes_max) return text;
  text.resize(cel::cut(text, expression_bytes_max).size());
  return text + "…";
}

// Notes every step; literals explain themselves and are left out.
class Recorder final : public cel::Tracer {
 public:
  Recorder(const cel::Ast& ast, std::vector<int> depths)
      : ast_(ast), depths_(std::move(depths)), seen_(ast.size(), false) {}

  void evaluated(cel::NodeId node, const cel::Value& value) override {
    if (may_skip(ast_[node])) note_skipped(ast_[node]);
    seen_[node] = true;
    // Literals and whole facts explain nothing.
    if (ast_[node].kind == cel::NodeKind::literal || value.is(cel::Kind::object)) return;
    add(node, cel::print_value(value, value_bytes_max), /*evaluated=*/true);
  }

  std::vector<ExplainedStep> finish() { return std::move(steps_); }

 private:
  void add(cel::NodeId node, std::string value, bool evaluated) {
    if (steps_.size() >= explained_steps_max) return;
    steps_.push_back(
        {depths_[node], shortened(cel::print(ast_, node)), std::move(value), evaluated});
  }

  // Operands that a short circuit left out. One that was not even begun was
  // computed as a whole when the source was loaded.
  void note_skipped(const cel::Node& node) {
    const auto children = ast_.children(node);
    const bool begun = seen_[children.front().node];
    for (const cel::Edge& edge : children) {
      if (begun && !seen_[edge.node]) add(edge.node, "not evaluated", /*evaluated=*/false);
      seen_[edge.node] = false;  // for the next turn of a comprehension
    }
  }

  static bool may_skip(const cel::Node& node) {
    return node.kind == cel::NodeKind::call &&
           (node.name == "_&&_" || node.name == "_||_" || node.name == "_?_:_" ||
            node.name == "or" || node.name == "orValue");
  }

  const cel::Ast& ast_;
  std::vector<int> depths_;
  std::vector<bool> seen_;
  std::vector<ExplainedStep> steps_{};
};

// Children are added to a tree before their parents.
std::vector<int> depths_of(const cel::Ast& ast) {
  std::vector<int> depths(ast.size(), 0);
  for (cel::NodeId id = static_cast<cel::NodeId>(ast.size()); id-- > 0;) {
    for (const cel::Edge& edge : ast.children(ast[id])) depths[edge.node] = depths[id] + 1;
  }
  return depths;
}

ExplainedCondition condition_of(const char* title, const cel::Program& program,
                                const cel::Activation& activation, bool evaluated) {
  ExplainedCondition condition{.title = title, .source = program.print()};
  condition.evaluated = evaluated;
  if (evaluated) condition.steps = explain(program, activation);
  return condition;
}

std::string print_exemption(const RuleExemption& exemption) {
  std::string text = exemption.actor.empty() ? exemption.account : exemption.actor;
  text += ": " + exemption.reason;
  if (exemption.until) text += ", until " + print_rfc3339(*exemption.until);
  return text;
}

}  // namespace

std::vector<ExplainedStep> explain(const cel::Program& program, const cel::Activation& activation) {
  Recorder recorder(program.ast(), depths_of(program.ast()));
  cel::Scratch scratch;
  static_cast<void>(program.evaluate(activation, scratch, recorder));
  return recorder.finish();
}

Explanation explain_rule(const Rule& rule, const Facts& facts) {
  const FactsActivation activation(facts);
  Explanation explanation{.rule = rule.name, .outcome = judge(rule, facts)};
  explanation.conditions.push_back(condition_of("when", rule.when, activation, true));
  if (rule.unless) {
    // judge() asks no further once a rule's `when` is false.
    const bool asked = judge_condition(rule.when, activation).kind != RuleOutcome::Kind::no_match;
    explanation.conditions.push_back(condition_of("unless", *rule.unless, activation, asked));
  }
  for (const RuleExemption& exemption : rule.exempt) {
    if (is_named(exemption, facts)) explanation.exemptions.push_back(print_exemption(exemption));
  }
  return explanation;
}

std::string print_explanation(const Explanation& explanation) {
  std::string text = "rule " + explanation.rule + ": " + print_outcome(explanation.outcome) + '\n';
  for (const ExplainedCondition& condition : explanation.conditions) {
    text += condition.title + ": " + condition.source + '\n';
    if (!condition.evaluated) text += "  not evaluated\n";
    for (const ExplainedStep& step : condition.steps) {
      const auto depth = std::min<std::size_t>(static_cast<std::size_t>(step.depth), 20);
      text.append(2 + depth * 2, ' ');
      text += step.expression + (step.evaluated ? " = " : ": ") + step.value + '\n';
    }
  }
  for (const std::string& exemption : explanation.exemptions) {
    text += "exempt: " + exemption + '\n';
  }
  return text;
}

}  // namespace pw
