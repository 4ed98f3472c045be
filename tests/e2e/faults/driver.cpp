// Grows a log the way the daemon does, so that a test can break its system calls: a few
// leaves into the store, tiles, a signed checkpoint, the store's log folded; so many
// rounds. Stops at the first error, as the daemon does.
//
//   fault_driver FOLDER ROUNDS     prints "leaves N" after each commit, "note SIZE" after
//                                  each checkpoint, whose note is then in FOLDER/told/SIZE
//   fault_driver FOLDER            says whether the store holds what it should
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/store_leaves.h"

namespace {

using namespace pw;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

constexpr std::uint64_t leaves_per_round = 37;

// The n-th leaf is the same in every run.
std::string leaf_of(std::uint64_t n) {
  RunEntry entry;
  entry.at = instant_of_ms(1'600'214'400'000 + static_cast<std::int64_t>(n) * 1000);
  entry.event = "start";
  entry.detail = std::to_string(n) + ' ' + std::string(n % 400, 'x');
  return encode(entry);
}

std::uint64_t check_leaves(Store& store) {
  const std::uint64_t count = must(store.leaf_count());
  std::uint64_t next = 0;
  must(store.each_leaf(0, count, [&](std::uint64_t index, std::string_view leaf) {
    if (index != next || leaf != leaf_of(index))
      throw std::runtime_error("leaf " + std::to_string(index) + " is not what was committed");
    ++next;
    return true;
  }));
  if (next != count || count % leaves_per_round != 0)
    throw std::runtime_error("half a commit: " + std::to_string(count) + " leaves");
  return count;
}

void tell(const char* what, std::uint64_t count) {
  std::printf("%s %llu\n", what, static_cast<unsigned long long>(count));
  std::fflush(stdout);
}

void grow(const std::string& folder, int rounds) {
  const auto store = must(open_sqlite(folder + "/store.db", OpenMode::read_write));
  const auto log = must(open_folder(folder + "/log"));
  const auto state = must(open_folder(folder + "/state"));
  const auto told = must(open_folder(folder + "/told"));
  Signer signer = must(Signer::open({"faults.example/log", {9}}, *state));
  StoreLeaves leaves(*store);
  LogWriter writer(*log, signer);
  std::uint64_t count = check_leaves(*store);
  tell("leaves", count);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> batch;
    for (std::uint64_t i = 0; i < leaves_per_round; ++i) batch.push_back(leaf_of(count + i));
    must(store->commit_leaves(batch));
    count += leaves_per_round;
    tell("leaves", count);
    const Published published = must(writer.catch_up(leaves));
    must(told->replace(std::to_string(published.checkpoint.size), published.note));
    tell("note", published.checkpoint.size);
    must(store->checkpoint());
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) {
      grow(argv[1], std::atoi(argv[2]));
    } else if (argc == 2) {
      const auto store = must(open_sqlite(std::string(argv[1]) + "/store.db", OpenMode::read_only));
      tell("leaves", check_leaves(*store));
    } else {
      std::fprintf(stderr, "fault_driver FOLDER [ROUNDS]\n");
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault_driver: %s\n", error.what());
    return 3;
  }
  return 0;
}
