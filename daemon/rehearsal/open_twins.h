// The X, YouTube, Reddit, TikTok, Tumblr and Telegram accounts of those who are on
// the simulated Instagram and Mastodon: the same person says the same things there.
#pragma once

#include <string_view>

#include "daemon/rehearsal/population.h"

namespace pw {

// Appends two accounts, platforms "youtube" and "tiktok", for each of the first
// `most` Instagram accounts, and four, "x", "reddit", "tumblr" and "telegram", for
// each of the first `most` Mastodon accounts.
void add_open_twins(Population& population, int most);

// The same person on one of these six platforms; its posts are those that the
// platform has a surface for, with ids as the platform makes them.
SimAccount open_twin_of(const SimAccount& person, std::string_view platform);

}  // namespace pw
