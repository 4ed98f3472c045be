// What everybody does on the day: roles become posts, deletions, edits and
// spells, at times that the dice choose and the rhythm of looking allows.
#pragma once

#include <string>
#include <vector>

#include "daemon/rehearsal/population.h"

namespace pw {

// How the watcher is expected to look, since a plan can only say what has to be
// noticed if it knows how long a look may take to come.
struct Rhythm {
  Millis interval = std::chrono::seconds(2);   // planned spacing of looks
  Millis gap = std::chrono::seconds(6);        // the longest without faults
  Millis recovery = std::chrono::seconds(18);  // from a fault's end to the next good look
  Millis block = std::chrono::seconds(62);     // how long a login wall keeps a watcher away
};

struct Stage {
  std::uint64_t seed = 1;
  Interval window{};
  Rhythm rhythm{};
  std::string hashtag = "#SilentDay";
};

// Fills in posts and spells of every account by its role.
void play(const Stage& stage, std::vector<SimAccount>& accounts);

// All roles that play() knows, for tests.
std::vector<std::string> role_names();

}  // namespace pw
