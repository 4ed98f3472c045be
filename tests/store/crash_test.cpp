// Whatever moment ends the process, or cuts the write-ahead log: every commit is
// there whole or not at all, in order.
#include <algorithm>
#include <csignal>
#include <fstream>

#include <sqlite3.h>
#include <catch2/catch.hpp>

#include "tests/store/support/child.h"
#include "tests/store/support/dump.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"
#include "tests/store/support/workload.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// Runs the workload and dies right after commit `last`, as by kill -9.
ChildEnd run_killed(const std::string& path, std::uint64_t last) {
  return in_child([&] {
    auto store = open_sqlite(path, OpenMode::read_write);
    if (!store) return 1;
    (*store)->on_commit([&](std::uint64_t number) {
      if (number == last) ::raise(SIGKILL);
    });
    return run_workload(**store) ? 0 : 2;
  });
}

std::string dump_of(const std::string& path, OpenMode mode) {
  auto store = open_sqlite(path, mode);
  if (!store) return store.error().detail;
  return dump(**store);
}

std::string integrity_of(const std::string& path) {
  sqlite3* handle = nullptr;
  std::string said = "cannot open";
  if (sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    const auto keep = [](void* out, int, char** values, char**) {
      *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    sqlite3_exec(handle, "PRAGMA integrity_check", keep, &said, nullptr);
  }
  sqlite3_close(handle);
  return said;
}

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_CASE("a process killed after any commit leaves exactly the commits before") {
  TempFolder folder;
  const auto expected = undisturbed_dumps(folder.file("undisturbed"));
  REQUIRE(expected.size() > 40);
  for (std::size_t last = 1; last < expected.size(); ++last) {
    INFO("killed after commit " << last);
    const std::string path = folder.file("killed" + std::to_string(last));
    CHECK(run_killed(path, last).signal == SIGKILL);
    REQUIRE(fs::file_size(path + "-wal") > 0);
    const std::string log = bytes_of_file(path + "-wal");
    CHECK(dump_of(path, OpenMode::read_only) == expected[last]);
    CHECK(bytes_of_file(path + "-wal") == log);  // a reader leaves the log as it was
    CHECK(dump_of(path, OpenMode::read_write) == expected[last]);
    CHECK(integrity_of(path) == "ok");
  }
}

TEST_CASE("a write-ahead log that is cut or damaged anywhere is a shorter past") {
  TempFolder folder;
  const auto expected = undisturbed_dumps(folder.file("undisturbed"));
  const std::string whole = folder.file("whole");
  REQUIRE(run_killed(whole, expected.size() - 1).signal == SIGKILL);
  const std::string database = bytes_of_file(whole);
  const std::string log = bytes_of_file(whole + "-wal");

  constexpr std::size_t header = 32;
  constexpr std::size_t frame = 24 + 4096;
  std::vector<std::size_t> cuts = {0, 1, header - 1, header, log.size()};
  for (std::size_t at = header; at + frame <= log.size(); at += frame) {
    const std::size_t inside = mix64(std::to_string(at)) % frame;
    for (const std::size_t offset : {frame - 1, frame, inside}) cuts.push_back(at + offset);
  }
  std::sort(cuts.begin(), cuts.end());

  std::size_t before = 0;
  for (const std::size_t cut : cuts) {
    INFO("the log ends at byte " << cut << " of " << log.size());
    const std::string path = folder.file("torn");
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(path + part);
    write_file(path, database);
    write_file(path + "-wal", log.substr(0, cut));
    const std::string said = dump_of(path, OpenMode::read_write);
    const auto it = std::find(expected.begin(), expected.end(), said);
    REQUIRE(it != expected.end());
    const auto commits = static_cast<std::size_t>(it - expected.begin());
    CHECK(commits >= before);  // a longer log never says less
    before = commits;
  }
  CHECK(expected[before] == expected.back());

  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t at = mix64("flip" + std::to_string(i)) % log.size();
    INFO("byte " << at << " of the log is flipped");
    const std::string path = folder.file("flipped");
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(path + part);
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (i % 8)));
    write_file(path, database);
    write_file(path + "-wal", damaged);
    const std::string said = dump_of(path, OpenMode::read_write);
    CHECK(std::find(expected.begin(), expected.end(), said) != expected.end());
  }
}

}  // namespace
}  // namespace pw
