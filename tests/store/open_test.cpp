// Who may open which file, and what they find.
#include <csignal>
#include <fstream>

#include <sqlite3.h>
#include <catch2/catch.hpp>

#include "daemon/store/schema.h"
#include "tests/store/support/child.h"
#include "tests/store/support/dump.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"
#include "tests/store/support/workload.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

void execute(const std::string& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

std::unique_ptr<Store> opened(const std::string& path, OpenMode mode) {
  auto store = open_sqlite(path, mode);
  INFO((store ? "" : store.error().detail));
  REQUIRE(store);
  return *std::move(store);
}

std::string refusal(const std::string& path, OpenMode mode) {
  const auto store = open_sqlite(path, mode);
  REQUIRE_FALSE(store);
  CHECK(store.error().code == Errc::refused);
  CHECK(store.error().detail.find(path) != std::string::npos);
  return store.error().detail;
}

bool says(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a second daemon is refused, and told who is there") {
  TempFolder folder;
  const std::string path = folder.file("store");
  const std::string link = folder.file("link");
  {
    const auto first = opened(path, OpenMode::read_write);
    fs::create_symlink(path, link);
    const std::string mine = std::to_string(::getpid());
    CHECK(says(refusal(path, OpenMode::read_write), mine.c_str()));
    CHECK_FALSE(open_sqlite(link, OpenMode::read_write));
    const ChildEnd other =
        in_child([&] { return open_sqlite(path, OpenMode::read_write) ? 1 : 0; });
    CHECK(other.exit_code == 0);
    auto accounts = sample_accounts(1);
    CHECK(first->enrol(accounts, {}));
  }
  CHECK(open_sqlite(path, OpenMode::read_write));
}

TEST_CASE("a killed daemon leaves no lock behind") {
  TempFolder folder;
  const std::string path = folder.file("store");
  in_child([&] {
    const auto store = open_sqlite(path, OpenMode::read_write);
    return ::raise(SIGKILL);
  });
  CHECK(open_sqlite(path, OpenMode::read_write));
}

TEST_CASE("a schema from the future is refused and left as it is") {
  TempFolder folder;
  const std::string path = folder.file("store");
  opened(path, OpenMode::read_write);
  execute(path, "PRAGMA user_version = 9999");
  for (const OpenMode mode : {OpenMode::read_write, OpenMode::read_only})
    CHECK(says(refusal(path, mode), "newer pledgewatch"));
  execute(path, ("PRAGMA user_version = " + std::to_string(schema_version())).c_str());
  CHECK(open_sqlite(path, OpenMode::read_write));
}

TEST_CASE("another program's database is refused and left as it is") {
  TempFolder folder;
  const std::string path = folder.file("other");
  execute(path, "CREATE TABLE album (title TEXT)");
  const auto before = fs::last_write_time(path);
  for (const OpenMode mode : {OpenMode::read_write, OpenMode::read_only})
    CHECK(says(refusal(path, mode), "another program"));
  CHECK(fs::last_write_time(path) == before);
  std::ofstream(folder.file("text")) << std::string(10'000, 'x');
  CHECK_FALSE(open_sqlite(folder.file("text"), OpenMode::read_write));
  CHECK_FALSE(open_sqlite(folder.file("text"), OpenMode::read_only));
}

TEST_CASE("a start that was cut off between two steps of the schema is continued") {
  TempFolder folder;
  const std::string path = folder.file("store");
  execute(path, "PRAGMA journal_mode = WAL");  // the file is made, and then the power goes
  const auto store = opened(path, OpenMode::read_write);
  auto accounts = sample_accounts(2);
  CHECK(store->enrol(accounts, {}));
}

TEST_CASE("what cannot be a store is refused") {
  TempFolder folder;
  CHECK_FALSE(open_sqlite(folder.file("absent"), OpenMode::read_only));
  CHECK_FALSE(fs::exists(folder.file("absent")));
  CHECK_FALSE(open_sqlite(folder.file("no/such/folder"), OpenMode::read_write));
  CHECK(says(refusal(folder.path().string(), OpenMode::read_write), "a folder"));
  CHECK_FALSE(fs::exists(folder.path().string() + ".lock"));
  // The readable name of an odd file.
  CHECK(open_sqlite(folder.file("50% of #1?.db"), OpenMode::read_write));
  CHECK(open_sqlite(folder.file("50% of #1?.db"), OpenMode::read_only));
}

TEST_CASE("a reader sees one moment of a running daemon and holds nothing up") {
  TempFolder folder;
  const std::string path = folder.file("store");
  const auto daemon = opened(path, OpenMode::read_write);
  REQUIRE(run_workload(*daemon));
  const std::string at_opening = dump(*daemon);
  const auto reader = opened(path, OpenMode::read_only);
  CHECK(dump(*reader) == at_opening);
  for (int i = 0; i < 50; ++i) {
    const std::vector<std::string> leaves = {std::string(60'000, 'x')};
    REQUIRE(daemon->commit_leaves(leaves));
  }
  REQUIRE(daemon->checkpoint());
  CHECK(dump(*reader) == at_opening);
  CHECK(dump(*opened(path, OpenMode::read_only)) == dump(*daemon));
}

TEST_CASE("a reader refuses to write") {
  TempFolder folder;
  const std::string path = folder.file("store");
  opened(path, OpenMode::read_write);
  const auto reader = opened(path, OpenMode::read_only);
  const std::vector<std::string> leaves = {"leaf"};
  CHECK(reader->commit_leaves(leaves).error().code == Errc::refused);
  CHECK(reader->set_value("a", "b").error().code == Errc::refused);
  CHECK(reader->checkpoint().error().code == Errc::refused);
  CHECK(*reader->leaf_count() == 0);
}

// Reads as somebody who may not write into the folder; as root, as nobody.
int read_unprivileged(const std::string& path, const std::string& expected) {
  if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 77;
  const auto store = open_sqlite(path, OpenMode::read_only);
  if (!store) return 1;
  return dump(**store) == expected ? 0 : 2;
}

struct Guarded {
  explicit Guarded(const TempFolder& of) : folder(of) {
    fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read |
                                       fs::perms::others_exec | fs::perms::group_read);
    if (::getuid() != 0)
      fs::permissions(folder.path(), fs::perms::owner_write, fs::perm_options::remove);
  }
  ~Guarded() { fs::permissions(folder.path(), fs::perms::owner_all); }
  const TempFolder& folder;
};

TEST_CASE("a store in a folder that we may not write into can be read") {
  TempFolder folder;
  const std::string path = folder.file("store");
  std::string expected;
  SECTION("after an orderly end") {
    auto store = opened(path, OpenMode::read_write);
    REQUIRE(run_workload(*store));
    expected = dump(*store);
    store.reset();
    CHECK_FALSE(fs::exists(path + "-wal"));
  }
  SECTION("while the daemon runs") {
    static std::unique_ptr<Store> daemon;
    daemon = opened(path, OpenMode::read_write);
    REQUIRE(run_workload(*daemon));
    expected = dump(*daemon);
    Guarded guarded(folder);
    CHECK(in_child([&] { return read_unprivileged(path, expected); }).exit_code == 0);
    daemon.reset();
  }
  SECTION("after a crash, with its log and index") {
    in_child([&] {
      const auto store = open_sqlite(path, OpenMode::read_write);
      run_workload(**store);
      return ::raise(SIGKILL);
    });
    expected = dump(*opened(path, OpenMode::read_only));
    CHECK(fs::exists(path + "-wal"));
  }
  SECTION("after a crash, with its log alone") {
    in_child([&] {
      const auto store = open_sqlite(path, OpenMode::read_write);
      run_workload(**store);
      return ::raise(SIGKILL);
    });
    expected = dump(*opened(path, OpenMode::read_only));
    fs::remove(path + "-shm");
  }
  Guarded guarded(folder);
  CHECK(in_child([&] { return read_unprivileged(path, expected); }).exit_code == 0);
}

}  // namespace
}  // namespace pw
