// Tells a sink of what waits for it to be told together, once its pace says so.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/core/result.h"
#include "daemon/outbox/pace.h"
#include "daemon/store/store.h"

namespace pw {

struct PacedSink {
  std::string name;
  bool webhook = false;  // what it reads is JSON
  Pace pace{};
  std::string withheld{};  // why nothing is sent to it now; empty: it is
};

// Why a finding is not told just now; empty: it is. Asked when its group goes.
using Silenced = std::function<std::string(const HeldAlert&)>;

struct ToldHeld {
  bool any = false;               // something was enqueued
  std::optional<Instant> next{};  // when to ask again, unless something new waits
};

// What is told is released in the same transaction. A silence counts when a group goes,
// not while it waits: one that has ended by then holds nothing back, and a group of
// which it leaves nothing takes no place of a message. However much waits, it is read
// and enqueued in parts; of a message about many only their ids are in memory together.
// `memory` says what was told, also when an error comes back: what had been enqueued
// by then stands.
Result<ToldHeld> tell_held(Store& store, const PacedSink& sink, Instant now,
                           const Silenced& silenced, PaceMemory& memory);

}  // namespace pw
