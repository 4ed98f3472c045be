// What the rules made of posts, and what people made of that.
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

void store(Transaction& transaction, const Finding& finding) {
  transaction.run(
      "INSERT INTO finding (id, account, post_id, rule, severity, mode, state, needs_review, why,"
      " summary, appeared_start, appeared_end, found_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
      finding.id, finding.account, finding.post_id, finding.rule, name_of(finding.severity),
      name_of(finding.mode), name_of(finding.state), finding.needs_review, finding.why,
      finding.summary, finding.appeared.start, finding.appeared.end, finding.found_at);
}

}  // namespace

Result<Done> SqliteStore::commit_screening(const ScreenCommit& commit) {
  Transaction transaction(*database_);
  for (const auto& [account, post] : commit.screened) {
    transaction.run("UPDATE post SET screened = 1 WHERE account = ? AND id = ?", account, post);
  }
  for (const Finding& finding : commit.findings) store(transaction, finding);
  enqueue(transaction, commit.outbox);
  hold(transaction, commit.held);
  return conclude(transaction, commit.leaves);
}

Result<Done> SqliteStore::commit_review(const ReviewCommit& commit) {
  const Review& review = commit.review;
  Transaction transaction(*database_);
  const int found = transaction.run("UPDATE finding SET state = ? WHERE id = ?",
                                    name_of(commit.state), review.finding);
  if (found == 0) transaction.refuse(Errc::gone, "no finding " + review.finding);
  transaction.run(
      "INSERT INTO review (finding, reviewer, decision, reason, at, act, assignee)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      review.finding, review.reviewer, name_of(review.decision), review.reason, review.at,
      name_of(review.act), review.assignee);
  for (const auto& [sink, id] : commit.withdrawn) {
    transaction.run(
        "UPDATE delivery SET state = 'withheld', why = 'reversed by a review', fence = fence + 1"
        " WHERE sink = ? AND id = ? AND state IN ('ready', 'leased')",
        sink, id);
  }
  if (commit.unheld) transaction.run("DELETE FROM held WHERE finding = ?", review.finding);
  enqueue(transaction, commit.outbox);
  return conclude(transaction, commit.leaves);
}

namespace {

Result<std::vector<Review>> read_reviews(Statement& statement) {
  std::vector<Review> reviews;
  while (statement.next()) {
    Review& review = reviews.emplace_back();
    review.finding = statement.text(0);
    review.reviewer = statement.text(1);
    review.decision = statement.named(2, parse_finding_state);
    review.reason = statement.text(3);
    review.at = statement.instant(4);
    review.act = statement.named(5, parse_review_act);
    review.assignee = statement.text(6);
  }
  if (const auto end = statement.end("reading reviews"); !end) return end.error();
  return reviews;
}

}  // namespace

Result<std::vector<Review>> SqliteStore::reviews() {
  Statement statement(*database_,
                      "SELECT finding, reviewer, decision, reason, at, act, assignee"
                      " FROM review ORDER BY row");
  return read_reviews(statement);
}

Result<std::vector<Review>> SqliteStore::reviews_of(std::string_view finding) {
  Statement statement(*database_,
                      "SELECT finding, reviewer, decision, reason, at, act, assignee"
                      " FROM review WHERE finding = ? ORDER BY row",
                      finding);
  return read_reviews(statement);
}

}  // namespace pw
