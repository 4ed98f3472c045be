#include "daemon/store/database.h"

#include <sqlite3.h>

namespace pw {
namespace {

// 8 MiB of 4 KiB pages. More would make a restart's recovery and a fold long
// enough to notice; less would write hot pages back too often.
constexpr int fold_pages = 2048;

// Only a reader's start or a recovery ever holds us up, and never for long.
constexpr int busy_wait_ms = 5000;

int note_pages(void* pages, sqlite3*, const char*, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

struct Kind {
  Errc code;
  bool final;
};

Kind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::transient, false};
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return {Errc::malformed, false};
    default:
      return {Errc::refused, true};
  }
}

}  // namespace

Database::Database(sqlite3* handle, bool read_only) : handle_(handle), read_only_(read_only) {
  sqlite3_busy_timeout(handle_, busy_wait_ms);
  if (!read_only) sqlite3_wal_hook(handle_, note_pages, &log_pages_);
}

Database::~Database() {
  for (const auto& [text, statements] : idle_) {
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  }
  // After a failed fsync the pages in the cache may differ from the disk's:
  // what stands in the log is sorted out by the next start, not by this process.
  if (final_failure_ || read_only_)
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close_v2(handle_);
}

sqlite3_stmt* Database::take(Sql sql) {
  std::vector<sqlite3_stmt*>& idle = idle_[sql.text()];
  if (!idle.empty()) {
    sqlite3_stmt* const statement = idle.back();
    idle.pop_back();
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return statement;
}

void Database::give_back(Sql sql, sqlite3_stmt* statement) {
  if (statement == nullptr) return;
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle_[sql.text()].push_back(statement);
}

Error Database::failed(std::string_view doing) {
  if (final_failure_) return *final_failure_;
  const int code = sqlite3_extended_errcode(handle_);
  const Kind kind = kind_of(code);
  Error error{kind.code, "store: " + std::string(doing) + ": " + sqlite3_errmsg(handle_) +
                             " (SQLite " + std::to_string(code) + ")"};
  if (kind.final) {
    error.detail += "; nothing more is taken until a restart";
    final_failure_ = error;
  }
  return error;
}

Result<Done> Database::fold(Folding folding) {
  if (read_only_) return Error{Errc::refused, "store: opened read-only, never folds its log"};
  if (final_failure_) return *final_failure_;
  if (log_pages_ == 0) return Done{};
  const bool passive = folding == Folding::passive;
  int in_log = 0;
  int folded = 0;
  // A reader makes `truncate` wait for as long as the busy handler says; the one
  // thread that everything runs on does not wait.
  sqlite3_busy_timeout(handle_, 0);
  const int code = sqlite3_wal_checkpoint_v2(
      handle_, nullptr, passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE, &in_log,
      &folded);
  sqlite3_busy_timeout(handle_, busy_wait_ms);
  if (code == SQLITE_OK && !passive) log_pages_ = 0;
  folded_at_pages_ = log_pages_;
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return Done{};
  return failed("folding the log back");
}

Result<Done> Database::fold_if_grown() {
  if (log_pages_ < folded_at_pages_) folded_at_pages_ = 0;  // the log began anew
  // What readers hold back stays in the log: then it is tried again only after
  // as much has grown once more.
  if (log_pages_ - folded_at_pages_ < fold_pages) return Done{};
  return fold(Folding::passive);
}

}  // namespace pw
