// A whole population from a seed: cast, script and faults.
#pragma once

#include <vector>

#include "daemon/rehearsal/cast.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/script.h"

namespace pw {

struct PopulationOptions {
  CastOptions cast{};
  std::vector<Account> given{};  // a real roster's, in place of the cast's mix
  Interval window{};
  Rhythm rhythm{};
  std::string hashtag = "#SilentDay";
  std::vector<SimCredential> credentials{};
  SimLimits limits{};
  bool faults = true;
};

Population populate(const PopulationOptions& options);

}  // namespace pw
