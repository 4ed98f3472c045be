// One status of Mastodon's REST interface as a post. Included by mastodon.cpp
// and its kin only, since it shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// Nothing when it has no id. A boost is a repost with its own id and time and
// the words of what it repeats; an answer to somebody else is a reply, one to
// oneself a post.
std::optional<Post> decode_status(JsonElement status);

// The id of the account that published it; empty when the status names none.
std::string owner_of_status(JsonElement status);

}  // namespace pw
