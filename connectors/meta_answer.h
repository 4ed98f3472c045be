// What an answer of a Meta platform holds before anybody reads its items.
// Included by connectors' .cpp files only, since it shows the JSON library.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "connectors/connector.h"
#include "connectors/json.h"
#include "daemon/core/post.h"

namespace pw {

// The answer's object, or what stands in its place. The body comes first and the
// status second: limits come as 400 and 403, bad tokens as 400, 401 and 500
// (platforms-meta 1.4, read 2026-10). Valid until the thread parses again.
std::variant<JsonObject, Trouble> graph_object_in(const Query& query, const HttpResponse& response);

// The cursor of the page of older items that an edge names, empty at its end;
// nothing when there is one that cannot be used. Only cursors are read: `next`,
// where it comes, carries the token.
std::optional<std::string> graph_cursor_in(JsonObject edge);

// Sets `claimed_at` from a time as the Graph API writes it, and `server_at` too where the poster
// could not choose the time. Without a readable time the post stays, and only looks bound it.
void read_graph_time(std::string_view text, bool server_stamped, Post& post);

// Text, and the tags, mentions and links in it.
void read_graph_text(std::string_view text, Post& post);

// "IMAGE" → "image" and so on; empty for what is none.
std::string graph_media_of(std::string_view media_type);

Trouble graph_malformed(std::string detail);

}  // namespace pw
