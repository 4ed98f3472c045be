// Who is watched and where reading each of them resumes.
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

// The stored pin wins over the roster's: whoever changes it does so knowingly,
// through the account's state.
void enrol_one(Transaction& transaction, Database& database, Account& account) {
  if (!transaction.good()) return;
  transaction.run(
      "INSERT INTO account (number, platform, handle, id)"
      " VALUES ((SELECT coalesce(max(number), 0) + 1 FROM account), ?, ?, ?)"
      " ON CONFLICT (platform, handle) DO UPDATE SET id = excluded.id"
      " WHERE account.id = '' AND excluded.id <> ''",
      account.platform, account.handle, account.id);
  Statement statement(database, "SELECT number, id FROM account WHERE platform = ? AND handle = ?",
                      account.platform, account.handle);
  if (statement.next()) {
    account.number = static_cast<AccountNumber>(statement.integer(0));
    account.id = statement.text(1);
  }
  transaction.note(statement.end("reading an account"));
}

}  // namespace

Result<Done> SqliteStore::enrol(std::vector<Account>& accounts,
                                std::span<const std::string> leaves) {
  Transaction transaction(*database_);
  std::vector<Account> enrolled = accounts;
  for (Account& account : enrolled) enrol_one(transaction, *database_, account);
  const auto done = conclude(transaction, leaves);
  if (done) accounts = std::move(enrolled);
  return done;
}

Result<std::vector<AccountState>> SqliteStore::states() {
  Statement statement(*database_,
                      "SELECT number, id, etag, last_modified, body_digest, list_digest,"
                      " has_baseline, baseline_whole, baseline_depth, listed, home, token FROM "
                      "account ORDER BY number");
  std::vector<AccountState> states;
  while (statement.next()) {
    AccountState& state = states.emplace_back();
    state.account = static_cast<AccountNumber>(statement.integer(0));
    state.id = statement.text(1);
    state.etag = statement.text(2);
    state.last_modified = statement.text(3);
    state.body_digest = statement.maybe_digest(4);
    state.list_digest = statement.maybe_digest(5);
    state.has_baseline = statement.flag(6);
    state.baseline_whole = statement.flag(7);
    state.baseline_depth = statement.small(8);
    state.listed = statement.small(9);
    state.home = statement.text(10);
    state.token = statement.text(11);
  }
  if (const auto end = statement.end("reading the accounts' states"); !end) return end.error();
  return states;
}

}  // namespace pw
