// What is told together or not at all: held alerts and silences.
#include "daemon/store/sqlite_store.h"

namespace pw {

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
  for (const auto& [sink, finding] : commit.released)
    transaction.run("DELETE FROM held WHERE sink = ? AND finding = ?", sink, finding);
  enqueue(transaction, commit.outbox);
  return conclude(transaction, commit.leaves);
}

Result<std::vector<HeldAlert>> SqliteStore::held() {
  Statement statement(*database_,
                      "SELECT sink, group_key, finding, body, at FROM held ORDER BY row");
  std::vector<HeldAlert> alerts;
  while (statement.next()) {
    alerts.push_back({statement.text(0), statement.text(1), statement.text(2), statement.text(3),
                      statement.instant(4)});
  }
  if (const auto end = statement.end("reading held alerts"); !end) return end.error();
  return alerts;
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
