#include "daemon/store/sqlite_store.h"

#include <utility>

namespace pw {
namespace {

// A tile of the log holds an entry's length in two bytes (C2SP tlog-tiles): one
// that is longer could never be published.
constexpr std::size_t leaf_bytes_limit = 65'535;

void append(Transaction& transaction, std::span<const std::string> leaves) {
  if (leaves.empty()) return;
  std::int64_t number =
      transaction.find("SELECT coalesce(max(number) + 1, 0) FROM leaf").value_or(0);
  for (const std::string& leaf : leaves) {
    if (leaf.size() > leaf_bytes_limit) transaction.refuse(Errc::malformed, "a leaf is too long");
    transaction.run("INSERT INTO leaf (number, bytes) VALUES (?, ?)", number++, Blob{leaf});
  }
}

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<Database> database, std::optional<LockFile> lock)
    : lock_(std::move(lock)), database_(std::move(database)) {}

void SqliteStore::on_commit(std::function<void(std::uint64_t)> observer) {
  observer_ = std::move(observer);
}

Result<Done> SqliteStore::conclude(Transaction& transaction, std::span<const std::string> leaves) {
  append(transaction, leaves);
  if (const auto done = transaction.commit(); !done) return done.error();
  ++commits_;
  if (observer_) observer_(commits_);
  // The commit stands whatever comes of this; a failure stops the next one.
  static_cast<void>(database_->fold_if_grown());
  return Done{};
}

Result<Done> SqliteStore::commit_leaves(std::span<const std::string> leaves) {
  if (leaves.empty()) return Done{};
  Transaction transaction(*database_);
  return conclude(transaction, leaves);
}

Result<Done> SqliteStore::checkpoint() { return database_->fold(Folding::truncate); }

}  // namespace pw
