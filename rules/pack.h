// A rule pack: a YAML file of rules, each with its own examples.
//
//   rules:
//     - name: posted-during-freeze          # [a-z0-9-], unique in the pack
//       when: CEL                           # required; a bool
//       unless: CEL
//       severity: breach | warning | note   # default breach
//       mode: alert | shadow                # default alert
//       quota: 200/day                      # N/minute, N/hour, N/day
//       summary: "text with ${CEL}"
//       labels: { team: press }
//       exempt: [ { actor: NAME, reason: TEXT, until: RFC 3339 } ]
//       examples: [ { post: { surface: reel }, match: true | false | unknown } ]
//
// An example may give post:, account:, pledge:, campaign:, statements_used:,
// look: and now:. Where it gives none, the post is one of the actor "Example
// Actor" on instagram, appeared at noon of 2020-09-16 (UTC), and the pledge
// covers that day and the surfaces post, reel and story.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/issue.h"
#include "rules/example.h"
#include "rules/rule.h"

namespace pw {

inline constexpr std::size_t pack_bytes_max = 1'048'576;
inline constexpr std::size_t pack_rules_max = 1'000;

struct RulePack {
  std::string file;
  std::vector<Rule> rules{};
  std::vector<Example> examples{};  // of all rules, in file order
};

// All mistakes at once, each with file, line, column and the nearest valid
// name. Without a value when one of them is an error. The examples are read,
// not run.
std::optional<RulePack> load_pack(std::string_view file, std::string_view yaml, Issues& issues);

// Examples whose outcome is not what they say, each at its own place. The
// daemon refuses a pack that has one.
Issues run_examples(const RulePack& pack);

}  // namespace pw
