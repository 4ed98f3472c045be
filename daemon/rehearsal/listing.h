// Which posts a platform lists for an account at a time, and in which order: what
// all its answers and every expectation of what can be seen rest on.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/rehearsal/population.h"

namespace pw {

inline constexpr std::size_t feed_items = 20;  // a site's feed carries so many per page

// The time by which the platform sorts a post.
Instant sorted_by(const SimAccount& account, const SimPost& post);

// Everything of the account that stands at `now`, newest first by the platform's
// own order; Instagram's pins and a site's sticky posts lead.
std::vector<const SimPost*> listing(const SimAccount& account, Instant now);

// How many posts stand above it at `now`; the list's size when it is not listed.
std::size_t rank_of(const SimAccount& account, const SimPost& post, Instant now);

}  // namespace pw
