// What is told together or not at all: held alerts and silences.
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

constexpr Sql of_all =
    "SELECT sink, group_key, finding, body, at, row FROM held WHERE row > ? ORDER BY row LIMIT ?";
constexpr Sql of_sink =
    "SELECT sink, group_key, finding, body, at, row FROM held INDEXED BY held_sink"
    " WHERE sink = ? AND row > ? ORDER BY row LIMIT ?";
constexpr Sql of_group =
    "SELECT sink, group_key, finding, body, at, row FROM held INDEXED BY held_group"
    " WHERE sink = ? AND group_key = ? AND row > ? ORDER BY row LIMIT ?";

// From one key to the next by the index, past all that waits under it.
constexpr Sql groups_of_sink =
    "WITH RECURSIVE keys (k) AS (SELECT min(group_key) FROM held WHERE sink = ?1"
    " UNION ALL SELECT (SELECT min(group_key) FROM held WHERE sink = ?1 AND group_key > k)"
    " FROM keys WHERE k IS NOT NULL)"
    " SELECT group_key, at FROM keys CROSS JOIN held ON held.row ="
    " (SELECT row FROM held INDEXED BY held_group WHERE sink = ?1 AND group_key = k"
    " ORDER BY row LIMIT 1) WHERE k IS NOT NULL ORDER BY held.row";

// From the open findings to what told of each; of the first of these the time
// (SQLite takes a bare column from the row that min() is of).
constexpr Sql open_and_told =
    "SELECT id, created_at, min(place) FROM ("
    " SELECT finding.id, delivery.row AS place, created_at FROM finding"
    " CROSS JOIN delivery ON delivery.finding = finding.id AND delivery.finding <> ''"
    " WHERE finding.state = 'open' AND sink = ?1 AND delivery.state = 'delivered'"
    " AND substr(delivery.id, 1, length(?2)) <> ?2"
    " UNION ALL SELECT finding.id, delivery.row, created_at FROM finding"
    " CROSS JOIN covered ON covered.finding = finding.id AND covered.sink = ?1"
    " CROSS JOIN delivery ON delivery.sink = covered.sink AND delivery.id = covered.delivery"
    " WHERE finding.state = 'open' AND delivery.state = 'delivered'"
    " AND substr(delivery.id, 1, length(?2)) <> ?2)"
    " GROUP BY id ORDER BY 3";

Result<std::vector<HeldAlert>> read_held(Statement& rows) {
  std::vector<HeldAlert> alerts;
  while (rows.next()) {
    alerts.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.instant(4), rows.integer(5)});
  }
  if (const auto end = rows.end("reading held alerts"); !end) return end.error();
  return alerts;
}

void release(Transaction& transaction, const std::string& sink, const std::string& finding) {
  transaction.run("DELETE FROM held WHERE sink = ? AND finding = ?", sink, finding);
}

}  // namespace

void hold(Transaction& transaction, std::span<const HeldAlert> alerts) {
  for (const HeldAlert& alert : alerts) {
    transaction.run(
        "INSERT INTO held (sink, group_key, finding, body, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (sink, finding) DO NOTHING",
        alert.sink, alert.group, alert.finding, Blob{alert.body}, alert.at);
  }
}

Result<Done> SqliteStore::commit_notices(const NoticeCommit& commit) {
  Transaction transaction(*database_);
  for (const OutboxRow& row : commit.outbox) {
    release(transaction, row.sink, row.finding);
    for (const std::string& finding : row.also) release(transaction, row.sink, finding);
  }
  enqueue(transaction, commit.outbox);
  return conclude(transaction, commit.leaves);
}

Result<std::vector<HeldAlert>> SqliteStore::held(const HeldAsk& ask) {
  if (ask.group) {
    Statement rows(*database_, of_group, ask.sink, *ask.group, ask.beyond, ask.limit);
    return read_held(rows);
  }
  if (!ask.sink.empty()) {
    Statement rows(*database_, of_sink, ask.sink, ask.beyond, ask.limit);
    return read_held(rows);
  }
  Statement rows(*database_, of_all, ask.beyond, ask.limit);
  return read_held(rows);
}

Result<std::vector<HeldGroup>> SqliteStore::held_groups(std::string_view sink) {
  Statement rows(*database_, groups_of_sink, sink);
  std::vector<HeldGroup> groups;
  while (rows.next()) groups.push_back({rows.text(0), rows.instant(1)});
  if (const auto end = rows.end("reading held groups"); !end) return end.error();
  return groups;
}

Result<std::vector<ToldFinding>> SqliteStore::unreviewed(std::string_view sink,
                                                         std::string_view except) {
  Statement rows(*database_, open_and_told, sink, except);
  std::vector<ToldFinding> told;
  while (rows.next()) told.push_back({rows.text(0), rows.instant(1)});
  if (const auto end = rows.end("reading what awaits a review"); !end) return end.error();
  return told;
}

Result<Done> SqliteStore::commit_silence(const Silence& silence,
                                         std::span<const std::string> leaves) {
  Transaction transaction(*database_);
  transaction.run(
      "INSERT INTO silence (id, author, reason, matches, start, end, ended_by)"
      " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET author = excluded.author,"
      " reason = excluded.reason, matches = excluded.matches, start = excluded.start,"
      " end = excluded.end, ended_by = excluded.ended_by",
      silence.id, silence.author, silence.reason, silence.matches, silence.span.start,
      silence.span.end, silence.ended_by);
  return conclude(transaction, leaves);
}

Result<std::vector<Silence>> SqliteStore::silences() {
  Statement statement(*database_,
                      "SELECT id, author, reason, matches, start, end, ended_by FROM silence"
                      " ORDER BY row");
  std::vector<Silence> silences;
  while (statement.next()) {
    silences.push_back({statement.text(0), statement.text(1), statement.text(2), statement.text(3),
                        statement.interval(4), statement.text(6)});
  }
  if (const auto end = statement.end("reading silences"); !end) return end.error();
  return silences;
}

}  // namespace pw
