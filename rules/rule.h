// A rule: a condition over the facts of one post, with a name, a severity and
// a message. Three-valued: what cannot be known is never "no match".
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/finding.h"
#include "rules/facts.h"
#include "rules/program.h"
#include "rules/template.h"

namespace pw {

// At most `count` alerts in each `span`; what is above is recorded, not sent.
struct Quota {
  int count = 0;
  Millis span{0};
  friend bool operator==(const Quota&, const Quota&) = default;
};

// For this actor or account ("instagram:handle") the rule does not hold, until
// `until` where one is given.
struct RuleExemption {
  std::string actor{};    // exactly one of the two is set
  std::string account{};  // platform:handle
  std::string reason;
  std::optional<Instant> until{};
};

struct Rule {
  std::string name;
  cel::Program when;
  std::optional<cel::Program> unless{};
  Severity severity = Severity::breach;
  Mode mode = Mode::alert;
  std::optional<Quota> quota{};
  std::optional<Template> summary{};
  std::vector<std::pair<std::string, std::string>> labels{};
  std::vector<RuleExemption> exempt{};
  std::string file{};  // where it is written
  int line = 0;
};

struct RuleOutcome {
  enum class Kind { no_match, match, unknown };
  Kind kind = Kind::no_match;
  std::string reason{};  // of unknown: "post.lang is absent"
};

// Whether the exemption is about this actor or account, whatever the time.
bool is_named(const RuleExemption& exemption, const Facts& facts);

// "match", "no match" or "unknown: post.lang is absent".
std::string print_outcome(const RuleOutcome& outcome);

// when && !unless, unless an exemption holds. An error while evaluating (an
// index out of range, a limit met) is unknown, with its message.
RuleOutcome judge(const Rule& rule, const Facts& facts);

// A condition of another place, as a rule's outcome.
RuleOutcome judge_condition(const cel::Program& condition, const cel::Activation& activation);

// Whether the post is the campaign's statement.
RuleOutcome judge_statement(const cel::Program& statement, const Facts& facts);

// The rule's sentence; what is absent reads "(unknown)". A rule without a
// summary is named. At most summary_bytes_max bytes, cut at a code point.
std::string render_summary(const Rule& rule, const Facts& facts);
inline constexpr std::size_t summary_bytes_max = 2'000;

}  // namespace pw
