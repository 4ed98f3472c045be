// One Tumblr post. Included by tumblr.cpp only, since it shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// Nothing when it has no id, or a state that is not known. A reblog is a repost, with the words
// that were added to it, or those it repeats where none were.
std::optional<Post> decode_tumblr_post(JsonElement element);

// Drafts, queued and private posts, should a key ever show them.
bool is_unpublished(JsonElement element);

}  // namespace pw
