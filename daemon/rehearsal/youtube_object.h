// YouTube's resources as JSON, and a channel's feed. Included by rehearsal sources
// only, since it shows the JSON library.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/population.h"

namespace pw {

nlohmann::ordered_json print_channel(const SimAccount& account, Instant now);
nlohmann::ordered_json print_playlist_item(const SimAccount& account, const SimPost& post,
                                           std::size_t position, Instant now);
// "UU" and what follows "UC" (platforms-open 7.1).
std::string uploads_of(const SimAccount& account);

// The Atom document of platforms-open 7.2; the channel's id stands in it without "UC".
std::string print_channel_feed(const SimAccount& account, const std::vector<const SimPost*>& posts,
                               Instant now);

}  // namespace pw
