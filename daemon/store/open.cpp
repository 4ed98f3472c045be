#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/store/connection.h"
#include "daemon/store/read_only.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// The name behind links, so that two names of one file share one lock and one log.
Result<std::string> real_path(const std::string& path) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(fs::absolute(path, failed), failed);
  if (failed) return Error{Errc::refused, path + ": " + failed.message()};
  if (fs::is_directory(real, failed)) return Error{Errc::refused, path + ": this is a folder"};
  return real.string();
}

// Makes the new file's name durable too; SQLite syncs only what it writes into.
void sync_folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  static_cast<void>(::fsync(descriptor));
  ::close(descriptor);
}

Result<std::unique_ptr<Store>> open_read_write(const std::string& path) {
  auto lock = LockFile::take(path + ".lock");
  if (!lock) return lock.error();
  auto connected = connect(path, Access::read_write);
  if (!connected) return connected.error();
  std::unique_ptr<Database> database = *std::move(connected);
  // Before any setting: a file that is not ours is left as it is.
  if (const auto version = identify(*database); !version) return version.error();
  if (const auto done = configure(*database); !done) return done.error();
  if (const auto done = migrate(*database); !done) return done.error();
  sync_folder_of(path);
  return std::unique_ptr<Store>(
      std::make_unique<SqliteStore>(std::move(database), *std::move(lock)));
}

Result<std::unique_ptr<Store>> open_reader(const std::string& path) {
  auto database = open_read_only(path);
  if (!database) return database.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(*std::move(database), std::nullopt));
}

Error at(const std::string& path, const Error& error) {
  if (error.detail.find(path) != std::string::npos) return error;
  return {error.code, path + ": " + error.detail};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, OpenMode mode) {
  const auto real = real_path(path);
  if (!real) return real.error();
  auto store = mode == OpenMode::read_write ? open_read_write(*real) : open_reader(*real);
  if (!store) return at(path, store.error());
  return store;
}

}  // namespace pw
