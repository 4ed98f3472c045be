// One message of a Telegram channel. Included by telegram.cpp only, since it
// shows the JSON library.
#pragma once

#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// Nothing when it has no id. A forwarded message is a repost.
std::optional<Post> decode_telegram_message(JsonObject message);

// What Telegram says of the channel itself (a pin, a new title): no post.
bool is_service_message(JsonObject message);

}  // namespace pw
