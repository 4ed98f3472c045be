// What everybody does on the day: roles become posts, deletions, edits and
// spells, at times that the dice choose and the rhythm of looking allows.
#pragma once

#include <string>
#include <vector>

#include "daemon/rehearsal/population.h"

namespace pw {

struct Stage {
  std::uint64_t seed = 1;
  Interval window{};
  Rhythm rhythm{};  // where an account has none of its own
  std::string hashtag = "#SilentDay";
};

// Fills in posts and spells of every account by its role.
void play(const Stage& stage, std::vector<SimAccount>& accounts);

// All roles that play() knows, for tests.
std::vector<std::string> role_names();

}  // namespace pw
