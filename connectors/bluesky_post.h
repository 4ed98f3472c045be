// One item of an author feed as a post. Included by bluesky.cpp and its kin
// only, since it shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

struct FeedItem {
  Post post;
  std::string owner;         // DID of whoever published it: the reposter, for reposts
  std::string owner_handle;  // empty when the item does not say
};

// Nothing when the item names no post or nobody who published it.
std::optional<FeedItem> decode_feed_item(JsonElement item);

// A record as the account's own server keeps it: a post, a reply or a repost.
// Nothing when `uri` is none of the account's, or the record is of another kind.
std::optional<Post> decode_record(std::string_view did, std::string uri, JsonObject record);

}  // namespace pw
