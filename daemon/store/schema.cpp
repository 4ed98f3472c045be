#include "daemon/store/schema.h"

#include <span>
#include <string>

#include "daemon/store/transaction.h"

namespace pw {
namespace {

// "pwch", in the file's header: `file` and SQLite's own tools show it.
constexpr int application_id = 0x70776368;

// Times are milliseconds of UTC since 1970. Enumerations are stored by name, so
// that a reordered enum cannot change what a file says. An account's state lies
// in its own row; accounts are never deleted, so numbers are never used twice.
// Where rows are large or have an order of their own, the table keeps a rowid.
constexpr Sql first_step[] = {
    R"(CREATE TABLE account (
         number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 4294967295),
         platform TEXT NOT NULL,
         handle TEXT NOT NULL,
         id TEXT NOT NULL,
         etag TEXT NOT NULL DEFAULT '',
         last_modified TEXT NOT NULL DEFAULT '',
         body_digest BLOB,
         list_digest BLOB,
         has_baseline INTEGER NOT NULL DEFAULT 0,
         baseline_whole INTEGER NOT NULL DEFAULT 0,
         baseline_depth INTEGER NOT NULL DEFAULT 0,
         listed INTEGER NOT NULL DEFAULT 0,
         UNIQUE (platform, handle)
       ) STRICT)",
    R"(CREATE TABLE post (
         row INTEGER PRIMARY KEY,
         account INTEGER NOT NULL REFERENCES account (number),
         id TEXT NOT NULL,
         salt BLOB NOT NULL,
         digest BLOB NOT NULL,
         appeared_start INTEGER NOT NULL,
         appeared_end INTEGER NOT NULL,
         baseline INTEGER NOT NULL,
         first_seen INTEGER NOT NULL,
         last_seen INTEGER NOT NULL,
         removed_start INTEGER,
         removed_end INTEGER,
         screened INTEGER NOT NULL,
         surface TEXT NOT NULL,
         claimed_at INTEGER,
         server_at INTEGER,
         server_precision INTEGER NOT NULL,
         edited_at INTEGER,
         paid_partnership INTEGER,
         pinned INTEGER NOT NULL,
         lang TEXT NOT NULL,
         media TEXT NOT NULL,
         url TEXT NOT NULL,
         repost_of TEXT NOT NULL,
         in_reply_to TEXT NOT NULL,
         tags BLOB NOT NULL,
         links BLOB NOT NULL,
         mentions BLOB NOT NULL,
         text TEXT NOT NULL,
         UNIQUE (account, id)
       ) STRICT)",
    R"(CREATE INDEX post_unscreened ON post (first_seen, row) WHERE screened = 0)",
    R"(CREATE TABLE finding (
         row INTEGER PRIMARY KEY,
         id TEXT NOT NULL UNIQUE,
         account INTEGER NOT NULL REFERENCES account (number),
         post_id TEXT NOT NULL,
         rule TEXT NOT NULL,
         severity TEXT NOT NULL,
         mode TEXT NOT NULL,
         state TEXT NOT NULL,
         needs_review INTEGER NOT NULL,
         why TEXT NOT NULL,
         summary TEXT NOT NULL,
         appeared_start INTEGER NOT NULL,
         appeared_end INTEGER NOT NULL,
         found_at INTEGER NOT NULL
       ) STRICT)",
    R"(CREATE TABLE review (
         row INTEGER PRIMARY KEY,
         finding TEXT NOT NULL REFERENCES finding (id),
         reviewer TEXT NOT NULL,
         decision TEXT NOT NULL,
         reason TEXT NOT NULL,
         at INTEGER NOT NULL
       ) STRICT)",
    R"(CREATE INDEX review_finding ON review (finding))",
    // `due` is when the next thing may happen: not_before of a ready delivery,
    // the lease's end of a leased one.
    R"(CREATE TABLE delivery (
         row INTEGER PRIMARY KEY,
         sink TEXT NOT NULL,
         id TEXT NOT NULL,
         finding TEXT NOT NULL,
         state TEXT NOT NULL,
         not_before INTEGER NOT NULL,
         due INTEGER NOT NULL,
         attempts INTEGER NOT NULL,
         fence INTEGER NOT NULL,
         maybe_duplicate INTEGER NOT NULL,
         created_at INTEGER NOT NULL,
         body BLOB NOT NULL,
         UNIQUE (sink, id)
       ) STRICT)",
    // The first finds the earliest enqueued among the due without reading rows,
    // the second the next moment at which any is due.
    R"(CREATE INDEX delivery_order ON delivery (sink, row, due, state)
         WHERE state IN ('ready', 'leased'))",
    R"(CREATE INDEX delivery_due ON delivery (sink, due) WHERE state IN ('ready', 'leased'))",
    R"(CREATE TABLE attempt (
         row INTEGER PRIMARY KEY,
         sink TEXT NOT NULL,
         delivery TEXT NOT NULL,
         number INTEGER NOT NULL,
         started INTEGER NOT NULL,
         ended INTEGER,
         http_status INTEGER NOT NULL,
         result TEXT NOT NULL,
         detail TEXT NOT NULL,
         UNIQUE (sink, delivery, number),
         FOREIGN KEY (sink, delivery) REFERENCES delivery (sink, id)
       ) STRICT)",
    R"(CREATE TABLE leaf (
         number INTEGER PRIMARY KEY CHECK (number >= 0),
         bytes BLOB NOT NULL
       ) STRICT)",
    R"(CREATE TABLE value (
         name TEXT PRIMARY KEY,
         bytes BLOB NOT NULL
       ) STRICT, WITHOUT ROWID)",
    "PRAGMA application_id = 1886872424",
    "PRAGMA user_version = 1",
};
static_assert(application_id == 1886872424);

// Accounts whose own server is found out, and cheap checks.
constexpr Sql second_step[] = {
    "ALTER TABLE account ADD COLUMN home TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE account ADD COLUMN token TEXT NOT NULL DEFAULT ''",
    "PRAGMA user_version = 2",
};

// Reviews that are no decision, messages about several findings, silences.
constexpr Sql third_step[] = {
    "ALTER TABLE review ADD COLUMN act TEXT NOT NULL DEFAULT 'decide'",
    "ALTER TABLE review ADD COLUMN assignee TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE delivery ADD COLUMN also BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE delivery ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    R"(CREATE INDEX delivery_finding ON delivery (finding) WHERE finding <> '')",
    // The further findings of a grouped message.
    R"(CREATE TABLE covered (
         finding TEXT NOT NULL,
         sink TEXT NOT NULL,
         delivery TEXT NOT NULL,
         PRIMARY KEY (finding, sink, delivery),
         FOREIGN KEY (sink, delivery) REFERENCES delivery (sink, id)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE held (
         row INTEGER PRIMARY KEY,
         sink TEXT NOT NULL,
         group_key TEXT NOT NULL,
         finding TEXT NOT NULL,
         at INTEGER NOT NULL,
         body BLOB NOT NULL,
         UNIQUE (sink, finding)
       ) STRICT)",
    R"(CREATE TABLE silence (
         row INTEGER PRIMARY KEY,
         id TEXT NOT NULL UNIQUE,
         author TEXT NOT NULL,
         reason TEXT NOT NULL,
         matches TEXT NOT NULL,
         start INTEGER NOT NULL,
         end INTEGER NOT NULL,
         ended_by TEXT NOT NULL
       ) STRICT)",
    "PRAGMA user_version = 3",
};

// Questions about a few of many findings and deliveries. A row's number ends every
// index, so that the first two give their findings in order.
constexpr Sql fourth_step[] = {
    "CREATE INDEX finding_state ON finding (state)",
    "CREATE INDEX finding_account ON finding (account)",
    "CREATE INDEX finding_count ON finding (mode, state, account)",
    "CREATE INDEX post_removed ON post (account, id) WHERE removed_end IS NOT NULL",
    "CREATE INDEX delivery_state ON delivery (state, sink, created_at)",
    "PRAGMA user_version = 4",
};

// What waits for one sink, and of it what waits in one group.
constexpr Sql fifth_step[] = {
    "CREATE INDEX held_sink ON held (sink)",
    "CREATE INDEX held_group ON held (sink, group_key)",
    "PRAGMA user_version = 5",
};

// Each step ends by writing its own number.
constexpr std::span<const Sql> steps[] = {first_step, second_step, third_step, fourth_step,
                                          fifth_step};

Result<int> number_of(Database& database, Sql question) {
  Statement statement(database, question);
  const int number = statement.next() ? statement.small(0) : 0;
  if (const auto end = statement.end("reading the file's header"); !end) return end.error();
  return number;
}

}  // namespace

int schema_version() { return static_cast<int>(std::size(steps)); }

Result<int> identify(Database& database) {
  const auto version = number_of(database, "PRAGMA user_version");
  if (!version) return version.error();
  const auto owner = number_of(database, "PRAGMA application_id");
  if (!owner) return owner.error();
  const auto tables = number_of(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const bool blank = *version == 0 && *owner == 0 && *tables == 0;
  if (!blank && *owner != application_id)
    return Error{Errc::refused, "this database belongs to another program"};
  if (*version > schema_version()) {
    return Error{Errc::refused, "the store has schema " + std::to_string(*version) +
                                    ", this program knows up to " +
                                    std::to_string(schema_version()) +
                                    ": it was written by a newer pledgewatch, use that one"};
  }
  return *version;
}

Result<Done> migrate(Database& database, int to) {
  const auto version = identify(database);
  if (!version) return version.error();
  for (int step = *version; step < to; ++step) {
    Transaction transaction(database);
    for (const Sql& sql : steps[static_cast<std::size_t>(step)]) transaction.run(sql);
    if (const auto done = transaction.commit(); !done) return done.error();
  }
  return Done{};
}

}  // namespace pw
