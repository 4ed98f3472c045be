// Which faults strike on the day: a few of every kind, spread over the window,
// so that everything that can blind a watcher does, and none of it for longer
// than the day allows. Each lasts for a few looks of those it strikes: of one account
// as that one is looked at, of a host or a platform as the slowest there.
#pragma once

#include <vector>

#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/script.h"

namespace pw {

// Faults of one account alone go to accounts that have nothing else to show.
std::vector<Fault> plan_faults(const Stage& stage, const Population& population);

// From when to when a watcher may see nothing of `account` because of `fault`;
// empty when it does not concern the account or does not blind. `otherwise`: how it is
// looked at where it has no rhythm of its own.
Interval blinded_by(const Fault& fault, const SimAccount& account, const Population& population,
                    const Rhythm& otherwise);

}  // namespace pw
