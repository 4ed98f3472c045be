// What one process notes for itself and may lose at any moment, more of it than fits
// in memory: found by book, account and name. In a file that has no name once it is
// open, so that nothing of it outlives the process.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/account.h"
#include "daemon/core/hash.h"
#include "daemon/core/result.h"

namespace pw {

class Database;

class Scratch {
 public:
  // The file is made at `path`; one that is there already is of a process that died.
  static Result<std::unique_ptr<Scratch>> open(const std::string& path);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::optional<std::string> find(int book, AccountNumber account, const Digest& name);
  void put(int book, AccountNumber account, const Digest& name, std::string_view bytes);
  // By name. `visit` may ask, and must not put.
  void each(int book, AccountNumber account, const std::function<void(std::string_view)>& visit);

  // The first thing that went wrong; from then on it keeps and finds nothing.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  explicit Scratch(std::unique_ptr<Database> database);
  void note(const Result<Done>& done);

  std::unique_ptr<Database> database_;
  std::optional<Error> failure_;
};

}  // namespace pw
