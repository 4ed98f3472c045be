#include "daemon/store/read_only.h"

#include <filesystem>

#include <stdlib.h>

#include "daemon/store/connection.h"
#include "daemon/store/schema.h"
#include "daemon/store/statement.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// A snapshot begins with its first read.
Result<Done> hold_snapshot(Database& database) {
  Statement begin(database, "BEGIN");
  if (const auto done = begin.run(); !done) return done;
  const auto version = identify(database);
  if (!version) return version.error();
  if (*version < schema_version()) {
    return Error{Errc::refused, "the store has the older schema " + std::to_string(*version) +
                                    ": start the daemon once, it brings it up to date"};
  }
  return Done{};
}

Result<std::unique_ptr<Database>> open_as(const std::string& path, Access access) {
  auto database = connect(path, access);
  if (!database) return database;
  if (const auto done = configure(**database); !done) return done.error();
  if (const auto done = hold_snapshot(**database); !done) return done.error();
  return database;
}

bool exists(const std::string& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

bool has_bytes(const std::string& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  return !failed && size > 0;
}

// The copy has no name any more once it is open: it ends with its reader, even a
// killed one.
Result<std::unique_ptr<Database>> open_copy(const std::string& path) {
  std::string folder = (fs::temp_directory_path() / "pledgewatch-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return Error{Errc::refused, folder + ": cannot make it"};
  const std::string copy = folder + "/store";
  std::error_code failed;
  fs::copy_file(path, copy, failed);
  if (!failed) fs::copy_file(path + "-wal", copy + "-wal", failed);
  Result<std::unique_ptr<Database>> database =
      failed ? Error{Errc::refused, path + ": " + failed.message()}
             : open_as(copy, Access::read_only);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return database;
}

}  // namespace

Result<std::unique_ptr<Database>> open_read_only(const std::string& path) {
  if (!exists(path)) return Error{Errc::refused, path + ": there is no store"};
  auto database = open_as(path, Access::read_only);
  // A daemon that runs, or crashed, has an index, and then the failure is what it
  // says. Without one nobody writes, now.
  if (database || exists(path + "-shm")) return database;
  auto alone = has_bytes(path + "-wal") ? open_copy(path) : open_as(path, Access::immutable);
  if (!alone) return database;
  if (exists(path + "-shm"))
    return Error{Errc::transient, path + ": a daemon has just started; try again"};
  return alone;
}

}  // namespace pw
