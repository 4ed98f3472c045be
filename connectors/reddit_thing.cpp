#include "connectors/reddit_thing.h"

#include <cmath>

#include "connectors/post_marks.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// The numbers of Unix seconds; with a fraction or without. `created` beside it is
// shifted by a server's own zone and never read.
std::optional<Instant> seconds_in(JsonObject data, std::string_view key) {
  double seconds = 0;
  if (data[key].get(seconds) || !std::isfinite(seconds)) return std::nullopt;
  if (seconds <= 0 || seconds > 253'402'300'799.0) return std::nullopt;
  return instant_of_ms(static_cast<std::int64_t>(seconds) * 1000);
}

std::optional<JsonObject> data_of(JsonElement element) {
  JsonObject thing;
  if (element.get(thing)) return std::nullopt;
  return json_object(thing, "data");
}

void read_text(JsonObject data, bool is_comment, Post& post) {
  const std::string body = json_clean_text(data, is_comment ? "body" : "selftext");
  post.text = post.title = is_comment ? std::string() : json_clean_text(data, "title");
  if (!body.empty()) post.text += (post.text.empty() ? "" : "\n") + body;
  read_marks(post);
}

void read_place(JsonObject data, bool is_comment, Post& post) {
  const std::string_view path = json_text(data, "permalink").value_or("");
  const std::string url = "https://www.reddit.com" + std::string(path);
  if (path.starts_with('/') && is_web_address(url)) post.url = url;
  if (is_comment) {
    post.surface = Surface::comment;
    post.in_reply_to = json_id(data, "parent_id").value_or("");
  } else if (const auto parent = json_id(data, "crosspost_parent")) {
    post.surface = Surface::repost;
    post.repost_of = *parent;
  } else if (const std::string link = json_link(data, "url"); link != post.url) {
    add_mark(post.links, link);
  }
}

}  // namespace

std::optional<Post> decode_thing(JsonElement element) {
  const auto data = data_of(element);
  if (!data) return std::nullopt;
  auto id = json_id(*data, "name");
  if (!id) return std::nullopt;
  const bool is_comment = id->starts_with("t1_");
  if (!is_comment && !id->starts_with("t3_")) return std::nullopt;
  Post post{.id = *std::move(id)};
  read_text(*data, is_comment, post);
  post.author = json_id(*data, "author").value_or("");
  read_place(*data, is_comment, post);
  if (post.links.size() == 1 && post.links.front().empty()) post.links.clear();
  post.server_at = post.claimed_at = seconds_in(*data, "created_utc");
  post.edited_at = seconds_in(*data, "edited");
  post.pinned = json_flag(*data, "pinned").value_or(false);
  if (json_flag(*data, "is_video").value_or(false)) post.media = "video";
  if (json_text(*data, "post_hint") == "image") post.media = "image";
  return post;
}

bool is_deleted_thing(JsonElement element) {
  const auto data = data_of(element);
  if (!data) return false;
  return json_text(*data, "author") == "[deleted]" ||
         json_text(*data, "removed_by_category") == "deleted";
}

std::string author_of_thing(JsonElement element) {
  const auto data = data_of(element);
  return data ? json_id(*data, "author_fullname").value_or("") : std::string{};
}

}  // namespace pw
