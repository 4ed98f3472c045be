// One "thing" of a Reddit listing as a post. Included by reddit.cpp only, since it
// shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// A post (t3) or a comment (t1). Nothing when it is neither or has no id.
std::optional<Post> decode_thing(JsonElement element);

// Deleted by its author: listed as a husk.
bool is_deleted_thing(JsonElement element);

// "t2_..."; empty when the thing names none.
std::string author_of_thing(JsonElement element);

}  // namespace pw
