// A full disk passes: nobody should have to start a campaign again because of one, and
// a service manager gives up after a few restarts.
#pragma once

#include <cstdint>
#include <string>

#include "config/config.h"
#include "daemon/runtime/log.h"

namespace pw {

struct DiskRoom {
  std::string folder;
  std::uint64_t free_bytes = 0;
};

// Of the folders that a campaign writes to, the one with least room.
DiskRoom least_room(const Config& config);

// Less than this is no room: a few minutes' log and evidence, and SQLite's own log.
inline constexpr std::uint64_t room_needed_bytes = 32'000'000;

// Waits until there is room, looking every five seconds, and says so to the journal
// and the service manager. False: it was asked to stop meanwhile.
bool wait_for_room(const Config& config, Log& log);

}  // namespace pw
