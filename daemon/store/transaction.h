// All or nothing. After the first statement that fails the others do nothing,
// and commit() undoes everything and says why: the steps read as a list.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/store/statement.h"

namespace pw {

class Transaction {
 public:
  // Begins at once: no other writer can come between.
  explicit Transaction(Database& database);
  // Undone unless commit() returned a value.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // The number of rows changed; 0 after a failure.
  template <class... Values>
  int run(Sql sql, const Values&... values) {
    if (error_) return 0;
    Statement statement(Parameters::borrowed, database_, sql, values...);
    return note(statement.run());
  }

  // The first column of the first row, where there is one.
  template <class... Values>
  std::optional<std::int64_t> find(Sql sql, const Values&... values) {
    if (error_) return std::nullopt;
    Statement statement(database_, sql, values...);
    const bool found = statement.next();
    const std::int64_t value = found ? statement.integer(0) : 0;
    note(statement.end("reading"));
    return found ? std::optional(value) : std::nullopt;
  }

  // Takes in a failure of a statement that the caller ran itself.
  int note(const Result<Done>& result);
  // The caller's own reason to undo everything.
  void refuse(Errc code, std::string why);
  bool good() const { return !error_; }

  Result<Done> commit();

 private:
  void undo();

  Database& database_;
  std::optional<Error> error_;
  bool open_ = false;
};

}  // namespace pw
