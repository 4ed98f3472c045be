// Statuses and accounts as Mastodon prints them (platforms-open 4.2). Included by
// rehearsal sources only, since it shows the JSON library.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

nlohmann::ordered_json print_account_object(const SimAccount& account, const SimRequest& request,
                                            Instant now);
// `author` is the account's object, which stands in each of its statuses.
nlohmann::ordered_json print_status(const SimAccount& account, const nlohmann::ordered_json& author,
                                    const SimPost& post, const SimRequest& request, Instant now);

// Text as HTML, with links on hashtags.
std::string print_html(std::string_view text, std::string_view host);
// Hashtags in a text, without '#'.
std::vector<std::string> tags_of(std::string_view text);

}  // namespace pw
