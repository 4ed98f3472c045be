#include "connectors/telegram_message.h"

#include <algorithm>
#include <array>

#include "connectors/post_marks.h"

namespace pw {
namespace {

bool has(JsonObject object, std::string_view key) { return !object[key].error(); }

std::optional<Instant> seconds_in(JsonObject message, std::string_view key) {
  const auto seconds = json_integer(message, key);
  if (!seconds || *seconds <= 0 || *seconds >= 253'402'300'800) return std::nullopt;
  return instant_of_ms(*seconds * 1000);
}

std::string media_of(JsonObject message) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kinds = {
      {{"photo", "image"},
       {"video", "video"},
       {"animation", "video"},
       {"video_note", "video"},
       {"audio", "audio"},
       {"voice", "audio"}}};
  for (const auto& [field, kind] : kinds) {
    if (has(message, field)) return std::string(kind);
  }
  return {};
}

// The channel and number of what was forwarded, as far as its owner shows them.
std::string origin_of(JsonObject message) {
  const auto origin = json_object(message, "forward_origin");
  if (!origin) return {};
  const auto chat = json_object(*origin, "chat");
  const auto number = json_id(*origin, "message_id");
  if (!chat || !number) return "unknown";
  const auto name = json_id(*chat, "username");
  return "https://t.me/" + name.value_or("c/" + json_id(*chat, "id").value_or("0")) + '/' + *number;
}

std::string address_of(JsonObject message, const std::string& id) {
  const auto chat = json_object(message, "chat");
  const auto name = chat ? json_id(*chat, "username") : std::nullopt;
  return name ? "https://t.me/" + *name + '/' + id : std::string();
}

}  // namespace

std::optional<Post> decode_telegram_message(JsonObject message) {
  auto id = json_id(message, "message_id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id)};
  post.url = address_of(message, post.id);
  post.server_at = post.claimed_at = seconds_in(message, "date");
  post.edited_at = seconds_in(message, "edit_date");
  post.text = json_clean_text(message, "text");
  if (post.text.empty()) post.text = json_clean_text(message, "caption");
  if (const auto poll = json_object(message, "poll"); poll && post.text.empty()) {
    post.text = json_clean_text(*poll, "question");
  }
  post.media = media_of(message);
  post.repost_of = origin_of(message);
  if (!post.repost_of.empty()) post.surface = Surface::repost;
  read_marks(post);
  return post;
}

bool is_service_message(JsonObject message) {
  constexpr std::array<std::string_view, 11> kinds = {
      "pinned_message",       "new_chat_title",
      "new_chat_photo",       "delete_chat_photo",
      "channel_chat_created", "message_auto_delete_timer_changed",
      "video_chat_scheduled", "video_chat_started",
      "video_chat_ended",     "video_chat_participants_invited",
      "chat_background_set"};
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](std::string_view kind) { return has(message, kind); });
}

}  // namespace pw
