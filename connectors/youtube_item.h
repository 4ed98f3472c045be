// One video of the Data API as a post. Included by youtube.cpp only, since it
// shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// An item of playlistItems.list, videos.list, activities.list or search.list.
// Nothing when no video's id can be found in it, or when whom it is for is in no word
// that is known. Broadcasts that run, are
// announced or were recorded are `live` where the item says so; playlist items
// do not say.
std::optional<Post> decode_video(JsonElement item);

// What the platform lists and only its owner, or whoever has the address, can open.
bool is_private_video(JsonElement item);

// The channel that the video belongs to; empty when the item names none.
std::string owner_of_video(JsonElement item);

}  // namespace pw
