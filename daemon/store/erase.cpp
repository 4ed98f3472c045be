// An account's content, taken out of every table that has any of it. Freed bytes are
// overwritten (PRAGMA secure_delete); what the write-ahead log still has of them goes
// when it is folded back and cut.
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

// An empty salt with an empty digest: neither was ever stored of a post.
void erase_posts(Transaction& transaction, AccountNumber account) {
  const std::vector<std::string> none;
  transaction.run(
      "UPDATE post SET salt = x'', digest = zeroblob(32), screened = 1, claimed_at = NULL,"
      " edited_at = NULL, paid_partnership = NULL, lang = '', media = '', url = '',"
      " repost_of = '', in_reply_to = '', tags = ?1, links = ?1, mentions = ?1, text = ''"
      " WHERE account = ?2",
      none, account);
}

void erase_findings(Transaction& transaction, AccountNumber account) {
  transaction.run("UPDATE finding SET summary = ? WHERE account = ?", erased_summary, account);
  transaction.run(
      "UPDATE review SET reason = '' WHERE act IN ('answer', 'note')"
      " AND finding IN (SELECT id FROM finding WHERE account = ?)",
      account);
  transaction.run("DELETE FROM held WHERE finding IN (SELECT id FROM finding WHERE account = ?)",
                  account);
}

// Messages that tell of several findings are emptied whole; what waits is not sent.
void erase_messages(Transaction& transaction, AccountNumber account) {
  transaction.run(
      "UPDATE attempt SET detail = '' WHERE (sink, delivery) IN (SELECT sink, id FROM delivery"
      " WHERE finding IN (SELECT id FROM finding WHERE account = ?1)"
      " UNION SELECT sink, delivery FROM covered"
      " WHERE finding IN (SELECT id FROM finding WHERE account = ?1))",
      account);
  transaction.run(
      "UPDATE delivery SET body = x'', fence = fence + (state IN ('ready', 'leased')),"
      " why = iif(state IN ('ready', 'leased'), 'erased', why),"
      " state = iif(state IN ('ready', 'leased'), 'withheld', state)"
      " WHERE finding IN (SELECT id FROM finding WHERE account = ?1)"
      " OR (sink, id) IN (SELECT sink, delivery FROM covered"
      " WHERE finding IN (SELECT id FROM finding WHERE account = ?1))",
      account);
}

}  // namespace

Result<Done> SqliteStore::erase(const ErasureCommit& commit) {
  Transaction transaction(*database_);
  enqueue(transaction, commit.outbox);
  erase_posts(transaction, commit.account);
  erase_findings(transaction, commit.account);
  erase_messages(transaction, commit.account);
  if (const auto done = conclude(transaction, commit.leaves); !done) return done;
  if (const auto done = database_->fold(Folding::truncate); !done) return done;
  if (database_->is_folded()) return Done{};
  return Error{Errc::rate_limited,
               "store: erased, but a reader (a report?) keeps the write-ahead log, which still has "
               "the content; to be called again when it has ended"};
}

}  // namespace pw
