#include "daemon/store/scratch.h"

#include <filesystem>
#include <span>

#include "daemon/store/connection.h"
#include "daemon/store/statement.h"

namespace pw {
namespace {

// All of it is one transaction that never ends: nothing is synced, and what the
// cache has no room for goes to the file. Only pages that were there before it
// began would be in the journal.
constexpr Sql scratch_steps[] = {
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -1024",  // 1 MiB
    R"(CREATE TABLE note (
         book INTEGER NOT NULL,
         account INTEGER NOT NULL,
         name BLOB NOT NULL,
         bytes BLOB NOT NULL,
         PRIMARY KEY (book, account, name)
       ) STRICT, WITHOUT ROWID)",
    "BEGIN",
};

void remove_name(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

}  // namespace

Result<std::unique_ptr<Scratch>> Scratch::open(const std::string& path) {
  remove_name(path);
  auto database = connect(path, Access::read_write);
  if (!database) return database.error();
  for (const Sql& sql : scratch_steps) {
    Statement statement(**database, sql);
    if (const auto done = statement.run(); !done)
      return Error{done.error().code, path + ": " + done.error().detail};
  }
  remove_name(path);
  return std::unique_ptr<Scratch>(new Scratch(*std::move(database)));
}

Scratch::Scratch(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Scratch::~Scratch() = default;

void Scratch::note(const Result<Done>& done) {
  if (!done && !failure_) failure_ = done.error();
}

std::optional<std::string> Scratch::find(int book, AccountNumber account, const Digest& name) {
  if (failure_) return std::nullopt;
  Statement row(*database_, "SELECT bytes FROM note WHERE book = ? AND account = ? AND name = ?",
                book, account, name);
  std::optional<std::string> bytes;
  if (row.next()) bytes = row.text(0);
  note(row.end("looking for a note"));
  return bytes;
}

void Scratch::put(int book, AccountNumber account, const Digest& name, std::string_view bytes) {
  if (failure_) return;
  Statement statement(*database_,
                      "INSERT INTO note (book, account, name, bytes) VALUES (?, ?, ?, ?)"
                      " ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
                      book, account, name, Blob{bytes});
  note(statement.run());
}

void Scratch::each(int book, AccountNumber account,
                   const std::function<void(std::string_view)>& visit) {
  if (failure_) return;
  Statement rows(*database_, "SELECT bytes FROM note WHERE book = ? AND account = ?", book,
                 account);
  while (rows.next()) visit(rows.view(0));
  note(rows.end("reading notes"));
}

}  // namespace pw
