// Authors and feed items as a Bluesky AppView prints them (platforms-open 3.3).
// Included by rehearsal sources only, since it shows the JSON library.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/population.h"

namespace pw {

nlohmann::ordered_json print_author(const SimAccount& account, Instant now);
nlohmann::ordered_json print_feed_item(const SimAccount& account, const SimPost& post, Instant now);

// As its own server keeps it: uri, cid and the raw record.
nlohmann::ordered_json print_kept_record(const SimPost& post, Instant now);

}  // namespace pw
