// Posts and users of the X API v2 as JSON. Included by rehearsal sources only,
// since it shows the library.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

// With the fields that the request asks for; without any only id, text and
// edit_history_tweet_ids (platforms-open 6.3).
nlohmann::ordered_json print_x_post(const SimAccount& account, const SimPost& post,
                                    const SimRequest& request, Instant now);
// Whom it quotes, as `includes` has it.
nlohmann::ordered_json print_quoted_x_post(const SimPost& post);
nlohmann::ordered_json print_x_user(const SimAccount& account, const SimRequest& request,
                                    Instant now);

// An item of `errors`, also beside data in an answer of status 200.
nlohmann::ordered_json x_problem(std::string_view title, std::string_view type,
                                 std::string_view parameter, std::string_view value,
                                 std::string_view detail);

}  // namespace pw
