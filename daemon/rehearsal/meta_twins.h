// The Facebook Pages, Threads profiles and ads of those who are on the simulated
// Instagram: the same person says the same things there.
#pragma once

#include "daemon/rehearsal/population.h"

namespace pw {

// Appends three accounts, platforms "facebook", "threads" and "facebook_ads", for
// each of the first `most` Instagram accounts. A twin of the ads has one ad that
// ran before the window, one that runs through it and one that stops in it.
void add_meta_twins(Population& population, int most);

}  // namespace pw
