// A post that a rule must or must not match, written beside the rule.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/account.h"
#include "daemon/core/issue.h"
#include "daemon/core/look.h"
#include "daemon/core/pledge.h"
#include "daemon/core/post.h"
#include "rules/facts.h"
#include "rules/place.h"
#include "rules/rule.h"

namespace pw {

struct Example {
  std::size_t rule = 0;  // index in its pack
  cel::Spot spot{};      // of the example in the file
  RuleOutcome::Kind expected = RuleOutcome::Kind::match;
  Post post{};
  Interval appeared{};
  Account account{};
  Pledge pledge{};  // windows.front() is the one judged
  std::string campaign{};
  std::optional<cel::Program> statement{};  // campaign.statement
  int statements_used = 0;
  Look look{};
  Instant now{};
};

// An example alone, as a file of JSON or YAML: { post: { ... }, account: ... },
// or only the post's own keys. Its `match` may be missing. Every mistake has its
// place in `issues`; nothing when one is an error.
std::optional<Example> load_example(std::string_view file, std::string_view text, Issues& issues);
inline constexpr std::size_t example_bytes_max = 4'194'304;

// The example must outlive the facts.
Facts facts_of(const Example& example);

}  // namespace pw
