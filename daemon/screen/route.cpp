#include "daemon/screen/route.h"

#include "rules/rule.h"

namespace pw {

bool holds(const cel::Program& condition, const Subject& subject, const Labels& labels) {
  const std::string named = print_account(subject.account);
  const FindingFacts facts{.severity = name_of(subject.finding.severity),
                           .rule = subject.finding.rule,
                           .mode = name_of(subject.finding.mode),
                           .needs_review = subject.finding.needs_review,
                           .actor = subject.pledge.actor,
                           .account = named,
                           .platform = subject.account.platform,
                           .surface = name_of(subject.post.post.surface),
                           .labels = &labels};
  return judge_condition(condition, FindingActivation(facts)).kind != RuleOutcome::Kind::no_match;
}

}  // namespace pw
