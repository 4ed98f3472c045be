// Everything a rule may look at, as pointers to what the daemon has anyway:
// no text is copied. The names and types that rules see are declared once, in
// schema.cpp.
#pragma once

#include <array>
#include <string_view>

#include "daemon/core/account.h"
#include "daemon/core/look.h"
#include "daemon/core/pledge.h"
#include "daemon/core/post.h"
#include "rules/environment.h"
#include "rules/program.h"

namespace pw {

// What is null or empty is unknown to the rules, never false. Everything
// pointed to must outlive the evaluation and its result.
struct Facts {
  const Post* post = nullptr;
  Interval appeared{};  // when the post can have appeared
  const Account* account = nullptr;
  const Pledge* pledge = nullptr;
  const Window* window = nullptr;           // the one that is being judged
  std::string_view campaign{};              // its name
  const cel::Program* statement = nullptr;  // compiled with statement_environment(); may be null
  int statements_used = 0;                  // before this post
  const Look* look = nullptr;               // the one that found the post
  Instant now{};
};

// What alerts are routed by (a sink's `when:`).
struct FindingFacts {
  std::string_view severity{};
  std::string_view rule{};
  std::string_view mode{};
  bool needs_review = false;
  std::string_view actor{};
  std::string_view account{};  // "instagram:riverbank.bakery"
  std::string_view platform{};
  std::string_view surface{};
  const std::vector<std::pair<std::string, std::string>>* labels = nullptr;
};

// Variables of rules and of their summaries: post account actor pledge
// campaign look now.
const cel::Environment& rule_environment();
// As rule_environment(), and a use of a time that the poster declares is a
// warning.
const cel::Environment& condition_environment();
// Of the campaign's `statement.matches`: post.
const cel::Environment& statement_environment();
// Of a sink's `when:`: finding.
const cel::Environment& finding_environment();

// The variables of rule_environment() and condition_environment(). The facts
// must outlive it.
class FactsActivation {
 public:
  explicit FactsActivation(const Facts& facts);
  operator cel::Activation() const { return cel::Activation{slots_}; }

 private:
  std::array<cel::Value, 7> slots_;
};

// Of statement_environment(): facts.post and facts.appeared are read.
class StatementActivation {
 public:
  explicit StatementActivation(const Facts& facts);
  operator cel::Activation() const { return cel::Activation{slots_}; }

 private:
  std::array<cel::Value, 1> slots_;
};

class FindingActivation {
 public:
  explicit FindingActivation(const FindingFacts& facts);
  operator cel::Activation() const { return cel::Activation{slots_}; }

 private:
  std::array<cel::Value, 1> slots_;
};

}  // namespace pw
