// Activities and objects as posts. Included by activitypub*.cpp only, since it
// shows the JSON library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// What became of one item of an outbox.
enum class ActivityKind {
  publication,  // a post, a reply, an announcement
  elsewise,     // a like, a follow: nothing that was published
  unreadable,
};

struct Activity {
  ActivityKind kind = ActivityKind::unreadable;
  Post post{};
  std::string actor{};  // empty where the item does not say
};

// `actor`: whose outbox it is.
Activity decode_activity(JsonElement item, std::string_view actor);

// A property that may be one thing or a list of them, an address or an object that
// has one: the first address. Empty when there is none.
std::string address_in(JsonObject object, std::string_view key);

// The words of a property that may be a list: its first text.
std::string_view word_in(JsonObject object, std::string_view key);

}  // namespace pw
