// The log's leaves, and the small named values.
#include "daemon/store/sqlite_store.h"

namespace pw {

Result<std::uint64_t> SqliteStore::leaf_count() {
  Statement statement(*database_, "SELECT coalesce(max(number) + 1, 0) FROM leaf");
  const std::int64_t count = statement.next() ? statement.integer(0) : 0;
  if (const auto end = statement.end("counting leaves"); !end) return end.error();
  return static_cast<std::uint64_t>(count);
}

Result<Done> SqliteStore::each_leaf(
    std::uint64_t from, std::uint64_t count,
    const std::function<bool(std::uint64_t, std::string_view)>& visit) {
  Statement statement(*database_,
                      "SELECT number, bytes FROM leaf WHERE number >= ? ORDER BY number", from);
  for (std::uint64_t left = count; left > 0 && statement.next(); --left) {
    const auto number = static_cast<std::uint64_t>(statement.integer(0));
    if (!visit(number, statement.view(1))) break;
  }
  return statement.end("reading leaves");
}

Result<std::optional<std::string>> SqliteStore::value(std::string_view name) {
  Statement statement(*database_, "SELECT bytes FROM value WHERE name = ?", name);
  std::optional<std::string> found;
  if (statement.next()) found = statement.text(0);
  if (const auto end = statement.end("reading a value"); !end) return end.error();
  return found;
}

Result<Done> SqliteStore::set_value(std::string_view name, std::string_view text) {
  Transaction transaction(*database_);
  transaction.run(
      "INSERT INTO value (name, bytes) VALUES (?, ?)"
      " ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
      name, Blob{text});
  return conclude(transaction, {});
}

}  // namespace pw
