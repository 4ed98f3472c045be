#include "daemon/store/connection.h"

#include <sqlite3.h>

#include "daemon/store/statement.h"

namespace pw {
namespace {

struct Setting {
  Sql set;
  Sql read;
  std::string_view expected;
};

// Debian builds SQLite with most of these; we state them all the same.
constexpr Setting settings_of_all[] = {
    {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
    {"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA cache_size = -8192", "PRAGMA cache_size", "-8192"},  // 8 MiB
};

// Every commit is synced before it returns. Only this connection folds the log
// back, when we say so: with several connections doing it, 3.40.1 can lose a
// commit (the WAL-reset race, fixed in 3.51.3). Erased content is overwritten.
constexpr Setting settings_of_writers[] = {
    {"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
    {"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
    {"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
};

Result<Done> apply(Database& database, const Setting& setting) {
  Statement set(database, setting.set);
  if (const auto done = set.run(); !done) return done.error();
  Statement read(database, setting.read);
  const std::string value = read.next() ? read.text(0) : std::string();
  if (const auto end = read.end("reading a setting back"); !end) return end.error();
  if (value == setting.expected) return Done{};
  return Error{Errc::refused, std::string("store: ") + setting.set.text() + " left it at " + value};
}

// "file:" URI with everything percent-encoded that is not plainly safe.
std::string uri_of(const std::string& path) {
  constexpr char digits[] = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return uri + "?immutable=1";
}

int flags_of(Access access) {
  constexpr int common = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  switch (access) {
    case Access::read_write:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Access::read_only:
      return common | SQLITE_OPEN_READONLY;
    case Access::immutable:
      return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  }
  return common;
}

}  // namespace

Result<std::unique_ptr<Database>> connect(const std::string& path, Access access) {
  // Nobody reads SQLite's own account of its memory, which costs a lock for each piece.
  // Only before its first use; later it changes nothing.
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* handle = nullptr;
  const std::string name = access == Access::immutable ? uri_of(path) : path;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags_of(access), nullptr);
  auto database = std::make_unique<Database>(handle, access != Access::read_write);
  if (code != SQLITE_OK) return Error{Errc::refused, path + ": " + sqlite3_errstr(code)};
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Result<Done> configure(Database& database) {
  for (const Setting& setting : settings_of_all) {
    if (const auto done = apply(database, setting); !done) return done;
  }
  if (database.read_only()) return Done{};
  for (const Setting& setting : settings_of_writers) {
    if (const auto done = apply(database, setting); !done) return done;
  }
  return Done{};
}

}  // namespace pw
