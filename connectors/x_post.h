// One post of X's API v2. Included by x.cpp only, since it shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// Nothing when it has no id. Read under the old names (`referenced_tweets`,
// `note_tweet`) and the new ones (`referenced_posts`, `note_post`): the API is
// between them (OpenAPI 2.167, read 2026-08).
std::optional<Post> decode_x_post(JsonElement element);

// Empty when the post names none.
std::string author_of_x_post(JsonElement element);

}  // namespace pw
