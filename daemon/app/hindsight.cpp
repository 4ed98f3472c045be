#include "daemon/app/hindsight.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "daemon/app/commands.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/setup.h"

namespace pw {
namespace {

using Handle = std::pair<std::string, std::string>;
using Numbers = std::map<Handle, AccountNumber>;

Handle handle_of(const Account& account) { return {account.platform, account.handle}; }

// The numbers that accounts have in the log; what was fetched and is not there yet
// comes after them.
Numbers numbers_of(const Judgement& judgement, const std::vector<SurveyedAccount>* fetched) {
  Numbers numbers;
  AccountNumber last = 0;
  for (const AccountVerdict& known : judgement.accounts) {
    numbers.emplace(handle_of(known.account), known.account.number);
    last = std::max(last, known.account.number);
  }
  if (fetched == nullptr) return numbers;
  for (const SurveyedAccount& one : *fetched) {
    if (numbers.emplace(handle_of(one.account), last + 1).second) ++last;
  }
  return numbers;
}

void number_accounts(std::vector<Account>& accounts, const Numbers& numbers) {
  for (Account& account : accounts) {
    const auto it = numbers.find(handle_of(account));
    account.number = it == numbers.end() ? AccountNumber{0} : it->second;
  }
  std::erase_if(accounts, [](const Account& account) { return account.number == 0; });
}

Grounds grounds_of(Setup setup, const Numbers& numbers) {
  Grounds grounds;
  grounds.campaign = setup.config.campaign.name;
  grounds.roster = std::move(setup.roster);
  number_accounts(grounds.roster.accounts, numbers);
  grounds.account_at = index_accounts(grounds.roster.accounts);
  grounds.stable_id.assign(grounds.account_at.size(), true);
  grounds.dates_uploads.assign(grounds.account_at.size(), false);
  for (const Account& account : grounds.roster.accounts) {
    const auto it = setup.connectors.find(account.platform);
    if (it == setup.connectors.end()) continue;
    grounds.stable_id[account.number] = it->second->declaration().stable_id;
    grounds.dates_uploads[account.number] = it->second->declaration().dates_uploads;
  }
  grounds.packs = std::move(setup.packs);
  grounds.statement = std::move(setup.statement);
  return grounds;
}

// What is not stored yet.
void add_fetched(const std::vector<SurveyedAccount>& fetched, const Numbers& numbers,
                 std::vector<StoredPost>& posts) {
  std::set<PostKey> stored;
  for (const StoredPost& post : posts) stored.emplace(post.account, post.post.id);
  for (const SurveyedAccount& one : fetched) {
    const AccountNumber number = numbers.at(handle_of(one.account));
    for (const StoredPost& post : one.posts) {
      if (stored.contains({number, post.post.id})) continue;
      posts.push_back(post);
      posts.back().account = number;
    }
  }
}

Result<Done> read_store(Hindsight& past) {
  std::vector<AccountNumber> accounts;
  for (const Account& account : past.grounds.roster.accounts) accounts.push_back(account.number);
  Result<std::vector<StoredPost>> posts = past.store->posts_of(accounts);
  if (!posts) return posts.error();
  past.posts = *std::move(posts);
  Result<std::vector<Finding>> findings = past.store->findings();
  if (!findings) return findings.error();
  past.findings = *std::move(findings);
  return Done{};
}

bool has_store(const Config& config) {
  std::error_code error;
  return std::filesystem::exists(config.state_dir + "/pledgewatch.db", error);
}

}  // namespace

Result<Hindsight> look_back(const std::string& config_file, Issues& issues,
                            const std::vector<SurveyedAccount>* fetched) {
  std::optional<Setup> setup = load_setup(config_file, issues, secret_beside_service);
  if (!setup) return Error{Errc::refused, config_file + " cannot be used"};
  Hindsight past;
  Judgement judgement;
  if (fetched == nullptr || has_store(setup->config)) {
    Result<LedgerReading> reading = read_ledger(setup->config);
    if (!reading) return reading.error();
    past.store = std::move(reading->store);
    judgement = std::move(reading->judgement);
  }
  const Numbers numbers = numbers_of(judgement, fetched);
  past.grounds = grounds_of(*std::move(setup), numbers);
  if (past.store) {
    if (const Result<Done> read = read_store(past); !read) return read.error();
  }
  if (fetched != nullptr) add_fetched(*fetched, numbers, past.posts);
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
