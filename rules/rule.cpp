#include "rules/rule.h"

#include "rules/code_points.h"

namespace pw {
namespace {

using Answer = RuleOutcome::Kind;

RuleOutcome outcome_of(const cel::Program& program, const cel::Value& value) {
  if (value.is(cel::Kind::boolean)) return {value.boolean ? Answer::match : Answer::no_match};
  if (value.is(cel::Kind::unknown)) return {Answer::unknown, std::string(value.view())};
  if (!value.is(cel::Kind::error)) return {Answer::unknown, "the condition gave no bool"};
  std::string reason(value.view());
  if (value.position != cel::no_position) {
    const cel::Spot spot = program.spot(value.position);
    reason = std::to_string(spot.line) + ':' + std::to_string(spot.column) + ": " + reason;
  }
  return {Answer::unknown, std::move(reason)};
}

RuleOutcome negated(RuleOutcome outcome) {
  if (outcome.kind == Answer::unknown) return outcome;
  return {outcome.kind == Answer::match ? Answer::no_match : Answer::match};
}

// As `&&` does: what does not match decides alone.
RuleOutcome both(RuleOutcome a, RuleOutcome b) {
  if (a.kind == Answer::no_match || b.kind == Answer::no_match) return {Answer::no_match};
  if (a.kind == Answer::match) return b;
  if (b.kind == Answer::unknown && b.reason != a.reason) a.reason += "; " + b.reason;
  return a;
}

// Whether the post stands outside all exemptions.
RuleOutcome not_exempt(const Rule& rule, const Facts& facts) {
  RuleOutcome outcome{Answer::match};
  for (const RuleExemption& exemption : rule.exempt) {
    if (!is_named(exemption, facts)) continue;
    if (!exemption.until || facts.appeared.end <= *exemption.until) return {Answer::no_match};
    if (facts.appeared.start >= *exemption.until) continue;
    outcome = {Answer::unknown, "the post may have appeared after its exemption ended"};
  }
  return outcome;
}

}  // namespace

bool is_named(const RuleExemption& exemption, const Facts& facts) {
  if (!exemption.actor.empty()) {
    return facts.pledge != nullptr && facts.pledge->actor == exemption.actor;
  }
  return facts.account != nullptr && print_account(*facts.account) == exemption.account;
}

std::string print_outcome(const RuleOutcome& outcome) {
  switch (outcome.kind) {
    case Answer::no_match:
      return "no match";
    case Answer::match:
      return "match";
    case Answer::unknown:
      break;
  }
  return "unknown: " + outcome.reason;
}

RuleOutcome judge_condition(const cel::Program& condition, const cel::Activation& activation) {
  cel::Scratch scratch;
  return outcome_of(condition, condition.evaluate(activation, scratch));
}

RuleOutcome judge_statement(const cel::Program& statement, const Facts& facts) {
  return judge_condition(statement, StatementActivation(facts));
}

RuleOutcome judge(const Rule& rule, const Facts& facts) {
  const FactsActivation activation(facts);
  cel::Scratch scratch;
  const cel::Value when = rule.when.evaluate(activation, scratch);
  if (when.is_false()) return {Answer::no_match};
  RuleOutcome outcome = outcome_of(rule.when, when);
  if (rule.unless) {
    outcome = both(std::move(outcome),
                   negated(outcome_of(*rule.unless, rule.unless->evaluate(activation, scratch))));
  }
  if (outcome.kind == Answer::no_match || rule.exempt.empty()) return outcome;
  return both(std::move(outcome), not_exempt(rule, facts));
}

std::string render_summary(const Rule& rule, const Facts& facts) {
  if (!rule.summary) return rule.name;
  return rule.summary->render(FactsActivation(facts), summary_bytes_max);
}

}  // namespace pw
