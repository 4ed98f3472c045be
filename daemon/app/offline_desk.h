// The store and who asks, for commands while no daemon runs. Lists open the store
// read-only and work beside a daemon too.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/app/review_desk.h"
#include "daemon/app/setup.h"

namespace pw {

struct DeskOptions {
  std::string config;
  std::string token_file{};  // of a reviewer; empty: who runs this, by uid
};

struct OfflineDesk {
  Setup setup;
  Grounds grounds;
  std::unique_ptr<Store> store;
  std::string who{};  // a reviewer's name; empty in lists
  Instant now{};
};

// Nothing after printing why; `code` is the exit code then. Writing takes the
// store's lock: a running daemon has it, and then its pages and its socket are
// where people decide.
std::unique_ptr<OfflineDesk> open_desk(const DeskOptions& options, OpenMode mode, int& code);

// Prints the error; the exit code that fits it.
int complain(const Error& error);

}  // namespace pw
