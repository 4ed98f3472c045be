// A campaign lived through in simulated time by the whole daemon: real store, real
// log, real rules; played platforms, people and receivers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "daemon/app/readiness.h"
#include "daemon/app/setup.h"
#include "daemon/core/result.h"

namespace pw {

struct RehearsalOptions {
  std::string folder;  // exists and is empty; the store and the log are made there
  std::uint64_t seed = 1;
  // The journal's lines as they come; may be empty.
  std::function<void(const std::string& line)> journal{};
  // From 0 to 1 while it runs; may be empty.
  std::function<void(double done)> progress{};
};

// The same setup and seed give the same facts on every machine. Errors are the
// disk's; what goes wrong on the stage is a fact.
Result<RehearsalFacts> rehearse(Setup setup, const RehearsalOptions& options);

}  // namespace pw
