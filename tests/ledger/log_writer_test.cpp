#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/ledger/key.h"
#include "daemon/ledger/log_writer.h"
#include "tests/ledger/leaf_list.h"
#include "tests/ledger/memory_folder.h"

namespace {

using namespace pw;

SignerKey test_key() { return {"example.org/freeze", {1, 2, 3}}; }

LeafList numbered(std::size_t count) {
  LeafList list;
  for (std::size_t i = 0; i < count; ++i) list.leaves.push_back("leaf " + std::to_string(i));
  return list;
}

Digest root_of(const LeafList& list) {
  Frontier frontier;
  for (const std::string& leaf : list.leaves) frontier.append(hash_leaf(leaf));
  return frontier.root();
}

// One run of the daemon: what it published, or why not.
Result<Published> run(MemoryFolder& log, MemoryFolder& state, LeafList& source) {
  auto signer = Signer::open(test_key(), state);
  if (!signer) return signer.error();
  LogWriter writer(log, *signer);
  return writer.catch_up(source);
}

TEST_CASE("a log that grew in steps has the files of one that was written at once") {
  LeafList source = numbered(0);
  MemoryFolder steps, steps_state;
  auto signer = Signer::open(test_key(), steps_state);
  LogWriter writer(steps, *signer);
  for (const std::size_t size : {1u, 2u, 255u, 256u, 257u, 511u, 600u, 1025u}) {
    source = numbered(size);
    const auto published = writer.catch_up(source);
    REQUIRE(published);
    CHECK(published->is_new);
    CHECK(published->checkpoint.root == root_of(source));
  }
  MemoryFolder once, once_state;
  REQUIRE(run(once, once_state, source));
  steps.files.erase(std::string(history_file));
  once.files.erase(std::string(history_file));
  CHECK(steps.files == once.files);
  CHECK(once.files.count("tile/0/004.p/1") == 1);
  CHECK(once.files.count("tile/entries/003") == 1);
  CHECK(once.files.count("tile/1/000.p/4") == 1);
}

TEST_CASE("nothing new signs nothing, also after a restart") {
  LeafList source = numbered(300);
  MemoryFolder log, state;
  REQUIRE(run(log, state, source)->is_new);
  const auto before = log.files;
  CHECK_FALSE(run(log, state, source)->is_new);
  CHECK(log.files == before);
  source = numbered(301);
  CHECK(run(log, state, source)->is_new);
  CHECK(log.files.at("tile/entries/001.p/45").size() == 45 * (2 + 8));
}

TEST_CASE("an empty log is not signed") {
  LeafList source;
  MemoryFolder log, state;
  const auto published = run(log, state, source);
  REQUIRE(published);
  CHECK_FALSE(published->is_new);
  CHECK(published->note.empty());
  CHECK(state.files.empty());
}

TEST_CASE("a store that lost or changed signed leaves is refused, and nothing is signed") {
  LeafList source = numbered(300);
  MemoryFolder log, state;
  REQUIRE(run(log, state, source));
  const auto signed_before = state.files;
  const auto refused = [&](LeafList other) {
    MemoryFolder copy = log;
    const auto published = run(copy, state, other);
    CHECK(copy.files.at(std::string(history_file)) == log.files.at(std::string(history_file)));
    CHECK(state.files == signed_before);
    return !published && published.error().code == Errc::refused;
  };
  CHECK(refused(numbered(299)));
  LeafList changed = numbered(310);
  changed.leaves[280] = "another";
  CHECK(refused(changed));
  // A change below the open bundle cannot be seen from its hashes; with the
  // tiles gone, it is.
  changed = numbered(310);
  changed.leaves[5] = "another";
  log.files.erase("tile/0/000");
  log.files.erase("tile/1/000.p/1");
  CHECK(refused(changed));
}

TEST_CASE("tiles that are gone are made again from the store, under the same signature") {
  LeafList source = numbered(700);
  MemoryFolder log, state;
  REQUIRE(run(log, state, source));
  const auto whole = log.files;
  for (const char* path : {"tile/0/002.p/188", "tile/1/000.p/2"}) log.files.erase(path);
  source = numbered(701);
  REQUIRE(run(log, state, source));
  MemoryFolder fresh, fresh_state;
  REQUIRE(run(fresh, fresh_state, source));
  for (const auto& [path, bytes] : fresh.files) {
    INFO(path);
    if (path != history_file) CHECK(log.files[path] == bytes);
  }
}

TEST_CASE("a lost state folder takes over what the log shows as signed") {
  LeafList source = numbered(300);
  MemoryFolder log, state, lost;
  REQUIRE(run(log, state, source));
  CHECK_FALSE(run(log, lost, source)->is_new);
  LeafList shorter = numbered(299);
  MemoryFolder lost_again;
  CHECK_FALSE(run(log, lost_again, shorter));
}

TEST_CASE("the folder of another key's log is refused") {
  LeafList source = numbered(3);
  MemoryFolder log, state, other_state;
  REQUIRE(run(log, state, source));
  auto other = Signer::open({"example.org/freeze", {9}}, other_state);
  LogWriter writer(log, *other);
  CHECK(writer.catch_up(source).error().code == Errc::refused);
}

// The same files a run without faults would leave, the history's repeats apart.
void check_whole(const MemoryFolder& log, const LeafList& source) {
  MemoryFolder fresh, state;
  LeafList copy = source;
  REQUIRE(run(fresh, state, copy));
  auto expected = fresh.files;
  auto found = log.files;
  expected.erase(std::string(history_file));
  found.erase(std::string(history_file));
  CHECK(found == expected);
}

TEST_CASE("after a failure at any write the next run leaves the folder whole") {
  for (int limit = 0;; ++limit) {
    MemoryFolder log, state;
    LeafList source = numbered(250);
    REQUIRE(run(log, state, source));
    int budget = limit;
    log.budget = state.budget = &budget;
    source = numbered(520);
    const auto broken = run(log, state, source);
    log.budget = state.budget = nullptr;
    INFO("failed at write " << limit);
    const auto mended = run(log, state, source);
    REQUIRE(mended);
    CHECK(mended->checkpoint.size == 520);
    check_whole(log, source);
    std::size_t torn_at = 0;
    const std::string& history = log.files.at(std::string(history_file));
    CHECK(split_notes(history, torn_at).size() == 2);
    CHECK(torn_at == history.size());
    if (broken) {
      CHECK(limit > 8);
      break;
    }
  }
}

TEST_CASE("a writer that lives on after a failed write mends it by itself") {
  for (int limit = 0; limit < 12; ++limit) {
    MemoryFolder log, state;
    LeafList source = numbered(250);
    auto signer = Signer::open(test_key(), state);
    LogWriter writer(log, *signer);
    REQUIRE(writer.catch_up(source));
    int budget = limit;
    log.budget = state.budget = &budget;
    source = numbered(520);
    (void)writer.catch_up(source);
    log.budget = state.budget = nullptr;
    source = numbered(530);
    INFO("failed at write " << limit);
    REQUIRE(writer.catch_up(source));
    check_whole(log, source);
  }
}

// A temporary folder on the real disk.
struct Place {
  std::string path;
  Place() {
    char name[] = "/tmp/pw-ledger-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Place() { std::filesystem::remove_all(path); }
};

// Passes through to the disk and ends the process, as a kill would, before its
// n-th write.
class DyingFolder final : public Folder {
 public:
  DyingFolder(Folder& inner, int& budget) : inner_(inner), budget_(budget) {}
  Result<std::optional<std::string>> read(const std::string& path, std::uint64_t max) override {
    return inner_.read(path, max);
  }
  Result<Done> replace(const std::string& path, std::string_view bytes) override {
    live();
    return inner_.replace(path, bytes);
  }
  Result<Done> append(const std::string& path, std::string_view bytes) override {
    live();
    return inner_.append(path, bytes);
  }
  Result<Done> remove(const std::string& path) override {
    live();
    return inner_.remove(path);
  }
  Result<std::vector<FolderFile>> list(const std::string& under) override {
    return inner_.list(under);
  }

 private:
  void live() {
    if (budget_-- == 0) ::_exit(9);
  }
  Folder& inner_;
  int& budget_;
};

int run_and_die(const Place& place, std::size_t leaves, int limit) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto log = open_folder(place.path + "/log");
    auto state = open_folder(place.path + "/state");
    DyingFolder dying_log(**log, limit), dying_state(**state, limit);
    auto signer = Signer::open(test_key(), dying_state);
    LogWriter writer(dying_log, *signer);
    LeafList source = numbered(leaves);
    ::_exit(writer.catch_up(source) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST_CASE("a process killed before any write leaves a folder that the next one completes") {
  Place place;
  std::size_t leaves = 200;
  int killed = 0;
  for (int limit = 0; limit < 14; ++limit, leaves += 30) {
    if (run_and_die(place, leaves, limit) == 9) ++killed;
    INFO("killed before write " << limit);
    REQUIRE(run_and_die(place, leaves, 10'000) == 0);
    auto log = open_folder(place.path + "/log");
    MemoryFolder found;
    const auto files = (*log)->list("");
    for (const FolderFile& file : *files)
      found.files[file.path] = **(*log)->read(file.path, 1'000'000);
    check_whole(found, numbered(leaves));
  }
  CHECK(killed > 6);
}

TEST_CASE("two appenders cannot hold one folder") {
  Place place;
  auto first = lock_folder(place.path);
  REQUIRE(first);
  CHECK(lock_folder(place.path).error().code == Errc::refused);
  { const FolderLock gone = std::move(*first); }
  CHECK(lock_folder(place.path));
}

TEST_CASE("a key file is its owner's alone, and is never replaced") {
  Place place;
  const std::string path = place.path + "/log.key";
  const auto key = make_key("example.org/freeze");
  REQUIRE(key);
  REQUIRE(write_key_file(path, *key));
  CHECK(print_skey(*read_key_file(path)) == print_skey(*key));
  CHECK_FALSE(write_key_file(path, *key));
  struct stat status {};
  ::stat(path.c_str(), &status);
  CHECK((status.st_mode & 0777) == 0600);
  ::chmod(path.c_str(), 0640);
  CHECK(read_key_file(path).error().code == Errc::refused);
  CHECK_FALSE(make_key("two words"));
  CHECK(print_skey(*make_key("a")) != print_skey(*make_key("a")));
}

TEST_CASE("an object is named by its digest") {
  MemoryFolder log;
  const auto digest = write_object(log, "{}", ".json");
  REQUIRE(digest);
  CHECK(log.files.at(
            "objects/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.json") ==
        "{}");
}

}  // namespace
