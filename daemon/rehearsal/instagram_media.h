// Media of one account as Business Discovery prints them. Included by rehearsal
// sources only, since it shows the JSON library.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/field_expansion.h"
#include "daemon/rehearsal/population.h"

namespace pw {

struct MediaSlice {
  int limit = 25;
  std::string after{};  // a media id
  std::optional<Instant> since{};
  std::optional<Instant> until{};
};

// The edge with its paging; null where the platform leaves it out. Nothing when
// the cursor has died, or when a field is unknown, which `unknown` then names.
std::optional<nlohmann::ordered_json> print_media_edge(const SimAccount& account,
                                                       const GraphField& edge,
                                                       const MediaSlice& slice, Instant now,
                                                       std::string& unknown);

}  // namespace pw
