#include "connectors/youtube_item.h"

#include "connectors/post_marks.h"

namespace pw {
namespace {

std::string video_id(JsonObject item) {
  if (const auto details = json_object(item, "contentDetails")) {
    if (auto id = json_id(*details, "videoId")) return *std::move(id);
    if (const auto upload = json_object(*details, "upload")) {
      if (auto id = json_id(*upload, "videoId")) return *std::move(id);
    }
  }
  if (const auto snippet = json_object(item, "snippet")) {
    const auto resource = json_object(*snippet, "resourceId");
    if (auto id = resource ? json_id(*resource, "videoId") : std::nullopt) return *std::move(id);
  }
  // search.list has an object as id, videos.list a text; a playlist item's own id
  // is not the video's.
  if (const auto id = json_object(item, "id")) return json_id(*id, "videoId").value_or("");
  if (json_text(item, "kind") == "youtube#video") return json_id(item, "id").value_or("");
  return {};
}

std::string_view privacy_of(JsonObject item) {
  const auto status = json_object(item, "status");
  return status ? json_text(*status, "privacyStatus").value_or("public") : "public";
}

bool is_broadcast(JsonObject item) {
  if (json_object(item, "liveStreamingDetails")) return true;
  const auto snippet = json_object(item, "snippet");
  const auto state = snippet ? json_text(*snippet, "liveBroadcastContent") : std::nullopt;
  return state == "live" || state == "upcoming";
}

std::optional<Instant> time_in(JsonObject item, std::string_view part, std::string_view field) {
  const auto object = json_object(item, part);
  const auto text = object ? json_text(*object, field) : std::nullopt;
  return text ? parse_rfc3339(*text) : std::nullopt;
}

}  // namespace

std::optional<Post> decode_video(JsonElement element) {
  JsonObject item;
  if (element.get(item)) return std::nullopt;
  Post post{.id = video_id(item)};
  if (post.id.empty() || privacy_of(item) != "public") return std::nullopt;
  post.surface = is_broadcast(item) ? Surface::live : Surface::post;
  post.media = "video";
  post.url = "https://www.youtube.com/watch?v=" + post.id;
  // A playlist item's own publishedAt is when it was put on the list.
  post.claimed_at = time_in(item, "contentDetails", "videoPublishedAt");
  if (!post.claimed_at) post.claimed_at = time_in(item, "snippet", "publishedAt");
  if (const auto snippet = json_object(item, "snippet")) {
    post.text = post.title = json_clean_text(*snippet, "title");
    const std::string words = json_clean_text(*snippet, "description");
    if (!words.empty()) post.text += (post.text.empty() ? "" : "\n") + words;
    post.lang = json_id(*snippet, "defaultAudioLanguage").value_or("");
  }
  read_marks(post);
  return post;
}

bool is_private_video(JsonElement element) {
  JsonObject item;
  if (element.get(item)) return false;
  const std::string_view privacy = privacy_of(item);
  return privacy == "private" || privacy == "unlisted";
}

std::string owner_of_video(JsonElement element) {
  JsonObject item;
  if (element.get(item)) return {};
  const auto snippet = json_object(item, "snippet");
  if (!snippet) return {};
  if (auto owner = json_id(*snippet, "videoOwnerChannelId")) return *std::move(owner);
  return json_id(*snippet, "channelId").value_or("");
}

}  // namespace pw
