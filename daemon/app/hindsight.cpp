#include "daemon/app/hindsight.h"

#include <cstdio>

#include "daemon/app/commands.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/setup.h"

namespace pw {
namespace {

// The numbers that accounts have in the log; 0 where an account is not there yet.
void number_accounts(std::vector<Account>& accounts, const Judgement& judgement) {
  std::map<std::pair<std::string, std::string>, AccountNumber> numbers;
  for (const AccountVerdict& known : judgement.accounts) {
    numbers.emplace(std::pair(known.account.platform, known.account.handle), known.account.number);
  }
  for (Account& account : accounts) {
    const auto it = numbers.find({account.platform, account.handle});
    account.number = it == numbers.end() ? AccountNumber{0} : it->second;
  }
  std::erase_if(accounts, [](const Account& account) { return account.number == 0; });
}

Grounds grounds_of(Setup setup, const Judgement& judgement) {
  Grounds grounds;
  grounds.campaign = setup.config.campaign.name;
  grounds.roster = std::move(setup.roster);
  number_accounts(grounds.roster.accounts, judgement);
  grounds.account_at = index_accounts(grounds.roster.accounts);
  grounds.stable_id.assign(grounds.account_at.size(), true);
  for (const Account& account : grounds.roster.accounts) {
    const auto it = setup.connectors.find(account.platform);
    if (it != setup.connectors.end())
      grounds.stable_id[account.number] = it->second->declaration().stable_id;
  }
  grounds.packs = std::move(setup.packs);
  grounds.statement = std::move(setup.statement);
  return grounds;
}

}  // namespace

Result<Hindsight> look_back(const std::string& config_file, Issues& issues) {
  std::optional<Setup> setup = load_setup(config_file, issues, secret_beside_service);
  if (!setup) return Error{Errc::refused, config_file + " cannot be used"};
  Result<LedgerReading> reading = read_ledger(setup->config);
  if (!reading) return reading.error();
  Hindsight past;
  past.store = std::move(reading->store);
  past.grounds = grounds_of(*std::move(setup), reading->judgement);
  std::vector<AccountNumber> accounts;
  for (const Account& account : past.grounds.roster.accounts) accounts.push_back(account.number);
  Result<std::vector<StoredPost>> posts = past.store->posts_of(accounts);
  if (!posts) return posts.error();
  past.posts = *std::move(posts);
  Result<std::vector<Finding>> findings = past.store->findings();
  if (!findings) return findings.error();
  past.findings = *std::move(findings);
  for (const auto& [pledge, known] : statements_by_pledge(past.grounds, past.posts))
    past.statements.merge(statements_before(known));
  return past;
}

Instant judged_at(const StoredPost& post) { return post.first_seen; }

int statements_used(const Hindsight& past, const StoredPost& post) {
  const auto it = past.statements.find({post.account, post.post.id});
  return it == past.statements.end() ? 0 : it->second;
}

std::optional<std::vector<RulePack>> load_packs(const std::vector<std::string>& files,
                                                Issues& issues) {
  std::vector<RulePack> packs;
  for (const std::string& file : files) {
    std::string text;
    if (!read_file(file, text)) {
      issues.push_back({file, 0, 0, "cannot be read"});
      continue;
    }
    std::optional<RulePack> pack = load_pack(file, text, issues);
    if (!pack) continue;
    const Issues failures = run_examples(*pack);
    issues.insert(issues.end(), failures.begin(), failures.end());
    packs.push_back(*std::move(pack));
  }
  if (has_errors(issues)) return std::nullopt;
  return packs;
}

}  // namespace pw
