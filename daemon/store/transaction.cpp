#include "daemon/store/transaction.h"

#include <sqlite3.h>

namespace pw {

Transaction::Transaction(Database& database) : database_(database) {
  if (database.read_only()) {
    error_ = Error{Errc::refused, "store: opened read-only"};
    return;
  }
  Statement begin(database, "BEGIN IMMEDIATE");
  note(begin.run());
  open_ = !error_;
}

Transaction::~Transaction() { undo(); }

int Transaction::note(const Result<Done>& result) {
  if (!result) {
    if (!error_) error_ = result.error();
    return 0;
  }
  return sqlite3_changes(database_.handle());
}

void Transaction::refuse(Errc code, std::string why) {
  if (!error_) error_ = Error{code, "store: " + std::move(why)};
}

Result<Done> Transaction::commit() {
  if (!error_) {
    Statement commit(database_, "COMMIT");
    note(commit.run());
  }
  if (error_) {
    undo();
    return *error_;
  }
  open_ = false;
  return Done{};
}

// SQLite undoes by itself after some failures; a ROLLBACK that finds nothing to
// undo is no failure. It is called directly, since a final failure stops every
// Statement.
void Transaction::undo() {
  if (!open_) return;
  open_ = false;
  if (sqlite3_get_autocommit(database_.handle()) != 0) return;
  sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace pw
