// What findings rest on: the roster, the rules in force, and where alerts go.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/pledge.h"
#include "daemon/screen/route.h"
#include "daemon/store/store.h"
#include "rules/pack.h"

namespace pw {

// What the screener judges by; replaced as a whole on reload.
struct Grounds {
  std::string campaign;
  Roster roster;
  // By account number: index into roster.accounts plus one; 0: not of the roster.
  std::vector<std::uint32_t> account_at;
  std::vector<bool> stable_id;         // by account number: false makes findings needs_review
  std::vector<bool> dates_uploads;     // by account number: see Declaration
  std::set<AccountNumber> canaries{};  // the organisers' own: no rule is asked of their posts
  std::vector<RulePack> packs;
  std::optional<cel::Program> statement{};
  std::vector<SinkRoute> sinks;
  // Why nothing is sent at all just now, and why nothing of this finding; empty or
  // absent: it is sent.
  std::function<std::string()> paused{};
  std::function<std::string(const Subject&, const Labels&, Instant now)> silenced{};
};

std::vector<std::uint32_t> index_accounts(const std::vector<Account>& accounts);

// Of the rule of that name; none where no pack has it any more.
const Labels& labels_of(const Grounds& grounds, const std::string& rule);

// The account of the post, or null when the roster has none of that number.
const Account* account_of(const Grounds& grounds, const StoredPost& post);

}  // namespace pw
