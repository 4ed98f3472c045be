// One connection to one SQLite file: its settings, its compiled statements and
// its first final failure. Everything is used from one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace pw {

// A statement's text is known when the program is compiled: no data is ever
// part of it.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

enum class Folding {
  passive,   // as far as readers let it; disturbs nobody
  truncate,  // and empties the file, unless somebody reads
};

class Database {
 public:
  // Takes over `handle`, which may be null after a failed open.
  explicit Database(sqlite3* handle, bool read_only);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  bool read_only() const { return read_only_; }
  sqlite3* handle() const { return handle_; }

  // A compiled statement, the caller's until it is given back; null when it does
  // not compile. One that is already out is compiled a second time, so that a
  // reader may ask the same question within its own rows.
  sqlite3_stmt* take(Sql sql);
  void give_back(Sql sql, sqlite3_stmt* statement);

  // Why the last call failed. After an I/O error, corruption or an unknown
  // failure everything else is refused with the same words: a second fsync may
  // falsely report success (PostgreSQL's "fsyncgate", 2018), so the process must
  // end and start from the disk. A full disk is `transient`: the transaction is
  // undone and may be tried again. A value that breaks the schema is `malformed`.
  Error failed(std::string_view doing);
  const std::optional<Error>& final_failure() const { return final_failure_; }

  // Folds the write-ahead log back into the database.
  Result<Done> fold(Folding folding);
  // After each commit: folds when the log has grown by another few megabytes.
  Result<Done> fold_if_grown();
  // False while a reader keeps the log, and what was overwritten, from being folded.
  bool is_folded() const { return log_pages_ == 0; }

 private:
  sqlite3* handle_;
  bool read_only_;
  // By the text's address.
  std::unordered_map<const char*, std::vector<sqlite3_stmt*>> idle_;
  std::optional<Error> final_failure_;
  int log_pages_ = 0;        // in the write-ahead log after the last commit
  int folded_at_pages_ = 0;  // ... and when it was last folded
};

}  // namespace pw
