#include "connectors/tumblr_post.h"

#include "connectors/plain_text.h"
#include "connectors/post_marks.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

constexpr int blocks_max = 500;

void note_media(std::string_view type, Post& post) {
  if (type != "image" && type != "video" && type != "audio") return;
  const bool several = post.media == "image" && type == "image";
  post.media = several || post.media == "album" ? "album" : std::string(type);
}

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// The text, and the addresses of links, of NPF blocks.
void read_blocks(JsonArray blocks, Post& post) {
  int read = 0;
  for (const JsonElement element : blocks) {
    JsonObject block;
    if (element.get(block) || ++read > blocks_max) continue;
    const std::string_view type = json_text(block, "type").value_or("");
    note_media(type, post);
    if (type == "text") add_line(post.text, json_clean_text(block, "text"));
    if (type == "link") {
      add_line(post.text, json_clean_text(block, "title"));
      if (auto link = json_link(block, "url"); !link.empty()) add_mark(post.links, link);
    }
    if (type == "image") add_line(post.text, json_clean_text(block, "caption"));
  }
}

// What a reblog repeats: the trail, oldest first.
void read_trail(JsonObject object, Post& post) {
  const auto trail = json_array(object, "trail");
  if (!trail) return;
  for (const JsonElement element : *trail) {
    JsonObject part;
    if (element.get(part)) continue;
    if (const auto content = json_array(part, "content")) read_blocks(*content, post);
  }
}

// Posts in the format before NPF carry HTML in fields by their kind.
void read_legacy(JsonObject object, Post& post) {
  add_line(post.text, json_clean_text(object, "title"));
  for (const char* field : {"body", "caption", "text", "description"}) {
    const auto html = json_text(object, field);
    if (html) add_line(post.text, plain_text(*html).text);
  }
  if (post.text.empty()) post.text = json_clean_text(object, "summary");
}

void read_words(JsonObject object, Post& post) {
  if (const auto content = json_array(object, "content")) read_blocks(*content, post);
  if (post.text.empty()) read_trail(object, post);
  if (post.text.empty()) read_legacy(object, post);
  if (const auto tags = json_array(object, "tags")) {
    for (const JsonElement element : *tags) {
      std::string_view tag;
      if (!element.get(tag) && !tag.empty()) add_mark(post.tags, without_controls(mend_utf8(tag)));
    }
  }
  read_marks(post);
}

// Beside the numeric id, which exceeds 2^53, stands its text.
std::optional<std::string> id_of(JsonObject object) {
  auto id = json_id(object, "id_string");
  return id ? id : json_id(object, "id");
}

void read_origin(JsonObject object, Post& post) {
  for (const char* field : {"parent_post_url", "reblogged_from_url", "reblogged_from_id"}) {
    const auto origin = json_id(object, field);
    if (!origin) continue;
    post.surface = Surface::repost;
    post.repost_of = *origin;
    return;
  }
}

std::string_view state_of(JsonObject object) {
  return json_text(object, "state").value_or("published");
}

}  // namespace

std::optional<Post> decode_tumblr_post(JsonElement element) {
  JsonObject object;
  if (element.get(object)) return std::nullopt;
  auto id = id_of(object);
  if (!id || state_of(object) != "published") return std::nullopt;
  Post post{.id = *std::move(id)};
  post.url = json_link(object, "post_url");
  const auto seconds = json_integer(object, "timestamp");
  if (seconds && *seconds > 0 && *seconds < 253'402'300'800) {
    post.claimed_at = instant_of_ms(*seconds * 1000);
  }
  post.pinned = json_flag(object, "is_pinned").value_or(false);
  read_origin(object, post);
  read_words(object, post);
  return post;
}

bool is_unpublished(JsonElement element) {
  JsonObject object;
  if (element.get(object)) return false;
  const std::string_view state = state_of(object);
  return state == "draft" || state == "queued" || state == "private" || state == "unapproved";
}

}  // namespace pw
