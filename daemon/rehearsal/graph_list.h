// A list of items as the Graph API pages it. Included by rehearsal sources only,
// since it shows the JSON library.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

struct GraphListing {
  std::vector<const SimPost*> posts{};
  int limit = 25;
  bool gives_next = true;  // false: cursors alone
  // Every page has a `next`, and the list's end is an empty one (the Ad Library).
  bool ends_empty = false;
};

// {"data":[...],"paging":{...}}; `next` carries the asker's token, as the real one
// does (platforms-meta 1.2). Nothing when the cursor has died.
std::optional<nlohmann::ordered_json> print_graph_list(
    const SimRequest& request, const GraphListing& listing,
    const std::function<nlohmann::ordered_json(const SimPost&)>& print);

}  // namespace pw
