// A campaign lived through in simulated time by the whole daemon: real store, real
// log, real rules; played platforms, people and receivers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/readiness.h"
#include "daemon/app/setup.h"
#include "daemon/core/result.h"
#include "daemon/ledger/folder.h"

namespace pw {

inline constexpr Millis rehearsed_clock_step = std::chrono::seconds(20);

// Something that happens beside the network, as a disk that fills up.
struct RehearsalEvent {
  double at = 0;  // part of the window: 0 its start, 1 its end
  std::function<void()> happens;
};

struct RehearsalOptions {
  std::string folder;  // exists and is empty; the store and the log are made there
  std::uint64_t seed = 1;
  // The journal's lines as they come; may be empty.
  std::function<void(const std::string& line)> journal{};
  // From 0 to 1 while it runs; may be empty.
  std::function<void(double done)> progress{};
  std::vector<RehearsalEvent> events{};  // by time
  // By how much our clock goes wrong for ten minutes of the day.
  Millis clock_step = rehearsed_clock_step;
  // Stands between the daemon and the folders of its log and its state; may be empty.
  std::function<std::unique_ptr<Folder>(std::unique_ptr<Folder>)> disk{};
  // A daemon that ended by itself starts again after restart_after, from what this
  // reads, as its unit says; empty: it stays down.
  std::function<std::optional<Setup>()> read_again{};
};
inline constexpr Millis restart_after = std::chrono::seconds(2);

// The same setup and seed give the same facts on every machine. Errors are the
// disk's; what goes wrong on the stage is a fact.
Result<RehearsalFacts> rehearse(Setup setup, const RehearsalOptions& options);

}  // namespace pw
