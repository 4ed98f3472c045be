// What has to be told to whom, and every attempt to do so.
#include <algorithm>

#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

// Columns: id, sink, finding, body, not_before, state, attempts, fence,
// maybe_duplicate, created_at, also, why, row.
Delivery read_delivery(Statement& row) {
  Delivery delivery;
  delivery.row.id = row.text(0);
  delivery.row.sink = row.text(1);
  delivery.row.finding = row.text(2);
  delivery.row.body = row.text(3);
  delivery.row.not_before = row.instant(4);
  delivery.state = row.named(5, parse_delivery_state);
  delivery.attempts = row.small(6);
  delivery.fence = row.integer(7);
  delivery.maybe_duplicate = row.flag(8);
  delivery.created_at = row.instant(9);
  delivery.row.also = row.texts(10);
  delivery.row.withheld = row.text(11);
  delivery.place = row.integer(12);
  return delivery;
}

// Only what began can end: so the attempts on record are all that were made.
void end_attempt(Transaction& transaction, const AttemptRecord& attempt) {
  const int begun = transaction.run(
      "UPDATE attempt SET ended = ?, http_status = ?, result = ?, detail = ?"
      " WHERE sink = ? AND delivery = ? AND number = ?",
      attempt.ended, attempt.http_status, attempt.result, attempt.detail, attempt.sink,
      attempt.delivery, attempt.number);
  if (begun == 0) transaction.refuse(Errc::malformed, "the end of an attempt that never began");
}

AttemptRecord read_attempt(Statement& row) {
  AttemptRecord attempt;
  attempt.sink = row.text(0);
  attempt.delivery = row.text(1);
  attempt.number = row.small(2);
  attempt.started = row.instant(3);
  attempt.ended = row.maybe_instant(4);
  attempt.http_status = row.small(5);
  attempt.result = row.text(6);
  attempt.detail = row.text(7);
  return attempt;
}

template <class Read>
auto read_all(Statement& rows, Read read, std::string_view doing)
    -> Result<std::vector<decltype(read(rows))>> {
  std::vector<decltype(read(rows))> all;
  while (rows.next()) all.push_back(read(rows));
  if (const auto end = rows.end(doing); !end) return end.error();
  return all;
}

}  // namespace

std::optional<DeliveryState> parse_delivery_state(std::string_view name) {
  const auto it = std::find(delivery_state_names.begin(), delivery_state_names.end(), name);
  if (it == delivery_state_names.end()) return std::nullopt;
  return static_cast<DeliveryState>(it - delivery_state_names.begin());
}

void enqueue(Transaction& transaction, std::span<const OutboxRow> rows) {
  for (const OutboxRow& row : rows) {
    const int added = transaction.run(
        "INSERT INTO delivery (sink, id, finding, state, not_before, due, attempts, fence,"
        " maybe_duplicate, created_at, body, also, why)"
        " VALUES (?1, ?2, ?3, iif(?7 = '', 'ready', 'withheld'), ?4, ?4, 0, 0, 0, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (sink, id) DO NOTHING",
        row.sink, row.id, row.finding, row.not_before, Blob{row.body}, row.also, row.withheld);
    if (added == 0) continue;
    for (const std::string& finding : row.also) {
      transaction.run(
          "INSERT INTO covered (finding, sink, delivery) VALUES (?, ?, ?)"
          " ON CONFLICT DO NOTHING",
          finding, row.sink, row.id);
    }
  }
}

Result<std::optional<Delivery>> SqliteStore::lease_delivery(std::string_view sink, Instant now,
                                                            Instant lease_until) {
  std::optional<std::int64_t> next;
  {
    Statement question(*database_,
                       "SELECT row FROM delivery INDEXED BY delivery_order WHERE sink = ?"
                       " AND state IN ('ready', 'leased') AND due <= ? ORDER BY row LIMIT 1",
                       sink, now);
    if (question.next()) next = question.integer(0);
    if (const auto end = question.end("looking for a delivery"); !end) return end.error();
  }
  if (!next) return std::optional<Delivery>{};

  Transaction transaction(*database_);
  std::optional<Delivery> leased;
  if (transaction.good()) {
    Statement claim(*database_,
                    "UPDATE delivery SET maybe_duplicate = maybe_duplicate OR state = 'leased',"
                    " state = 'leased', due = ?2, fence = fence + 1 WHERE row = ?1"
                    " RETURNING id, sink, finding, body, not_before, state, attempts, fence,"
                    " maybe_duplicate, created_at, also, why, row",
                    *next, lease_until);
    if (claim.next()) leased = read_delivery(claim);
    transaction.note(claim.run());
  }
  if (const auto done = conclude(transaction, {}); !done) return done.error();
  return leased;
}

Result<Done> SqliteStore::begin_attempt(const Delivery& delivery, Instant started) {
  Transaction transaction(*database_);
  const int held = transaction.run(
      "UPDATE delivery SET attempts = attempts + 1"
      " WHERE sink = ? AND id = ? AND fence = ? AND state = 'leased'",
      delivery.row.sink, delivery.row.id, delivery.fence);
  if (held == 0) transaction.refuse(Errc::gone, "the lease of this delivery was taken over");
  // Until it ends, what is known of an attempt is that its outcome is not.
  transaction.run(
      "INSERT INTO attempt (sink, delivery, number, started, http_status, result, detail)"
      " SELECT sink, id, attempts, ?, 0, 'unknown', '' FROM delivery WHERE sink = ? AND id = ?",
      started, delivery.row.sink, delivery.row.id);
  return conclude(transaction, {});
}

Result<bool> SqliteStore::commit_attempt(const AttemptCommit& commit) {
  Transaction transaction(*database_);
  const int held = transaction.run(
      "UPDATE delivery SET state = ?1, not_before = ?2, due = ?2,"
      " maybe_duplicate = maybe_duplicate OR ?3"
      " WHERE sink = ?4 AND id = ?5 AND fence = ?6 AND state = 'leased'",
      name_of(commit.state), commit.not_before, commit.attempt.result == "unknown", commit.sink,
      commit.delivery, commit.fence);
  if (transaction.good() && held == 0) return false;
  end_attempt(transaction, commit.attempt);
  if (const auto done = conclude(transaction, commit.leaves); !done) return done.error();
  return true;
}

Result<std::optional<Instant>> SqliteStore::next_delivery(std::string_view sink) {
  Statement statement(*database_,
                      "SELECT due FROM delivery INDEXED BY delivery_due WHERE sink = ?"
                      " AND state IN ('ready', 'leased') ORDER BY due LIMIT 1",
                      sink);
  std::optional<Instant> due;
  if (statement.next()) due = statement.instant(0);
  if (const auto end = statement.end("looking for the next delivery"); !end) return end.error();
  return due;
}

Result<std::vector<Delivery>> SqliteStore::deliveries(const DeliveriesAsk& ask) {
  if (!ask.state) {
    Statement rows(*database_,
                   "SELECT id, sink, finding, body, not_before, state, attempts, fence,"
                   " maybe_duplicate, created_at, also, why, row FROM delivery"
                   " WHERE row > ?1 AND (?2 = '' OR sink = ?2) ORDER BY row LIMIT ?3",
                   ask.beyond, ask.sink, ask.limit);
    return read_all(rows, read_delivery, "reading deliveries");
  }
  Statement rows(*database_,
                 "SELECT id, sink, finding, body, not_before, state, attempts, fence,"
                 " maybe_duplicate, created_at, also, why, row FROM delivery"
                 " WHERE state = ?4 AND row > ?1 AND (?2 = '' OR sink = ?2) ORDER BY row LIMIT ?3",
                 ask.beyond, ask.sink, ask.limit, name_of(*ask.state));
  return read_all(rows, read_delivery, "reading deliveries");
}

Result<std::vector<DeliveryCount>> SqliteStore::delivery_counts() {
  Statement rows(*database_,
                 "SELECT sink, state, count(*), min(created_at) FROM delivery"
                 " GROUP BY state, sink ORDER BY state, sink");
  const auto read = [](Statement& row) {
    return DeliveryCount{row.text(0), row.named(1, parse_delivery_state), row.small(2),
                         row.instant(3)};
  };
  return read_all(rows, read, "counting deliveries");
}

Result<std::vector<Delivery>> SqliteStore::deliveries_of(std::string_view finding) {
  Statement rows(*database_,
                 "SELECT id, sink, finding, body, not_before, state, attempts, fence,"
                 " maybe_duplicate, created_at, also, why, row FROM delivery"
                 " WHERE (finding = ?1 AND finding <> '') OR (sink, id) IN"
                 " (SELECT sink, delivery FROM covered WHERE finding = ?1) ORDER BY row",
                 finding);
  return read_all(rows, read_delivery, "reading deliveries");
}

Result<std::vector<AttemptRecord>> SqliteStore::attempts() {
  Statement rows(*database_,
                 "SELECT sink, delivery, number, started, ended, http_status, result, detail"
                 " FROM attempt ORDER BY row");
  return read_all(rows, read_attempt, "reading attempts");
}

Result<std::vector<AttemptRecord>> SqliteStore::attempts_of(std::string_view sink,
                                                            std::string_view delivery) {
  Statement rows(*database_,
                 "SELECT sink, delivery, number, started, ended, http_status, result, detail"
                 " FROM attempt WHERE sink = ? AND delivery = ? ORDER BY number",
                 sink, delivery);
  return read_all(rows, read_attempt, "reading attempts");
}

Result<bool> SqliteStore::resend(std::string_view sink, std::string_view id, Instant now,
                                 std::span<const std::string> leaves) {
  Transaction transaction(*database_);
  const int found = transaction.run(
      "UPDATE delivery SET state = 'ready', not_before = ?1, due = ?1, created_at = ?1"
      " WHERE sink = ?2 AND id = ?3 AND state = 'dead'",
      now, sink, id);
  if (transaction.good() && found == 0) return false;
  if (const auto done = conclude(transaction, leaves); !done) return done.error();
  return true;
}

// A lease without a begun attempt sent nothing: what follows it is no duplicate.
Result<Done> SqliteStore::release_leases(Instant now) {
  Transaction transaction(*database_);
  transaction.run(
      "UPDATE delivery SET state = 'ready', due = ?, fence = fence + 1,"
      " maybe_duplicate = maybe_duplicate OR EXISTS (SELECT 1 FROM attempt WHERE"
      " attempt.sink = delivery.sink AND attempt.delivery = delivery.id AND ended IS NULL)"
      " WHERE state = 'leased'",
      now);
  return conclude(transaction, {});
}

}  // namespace pw
