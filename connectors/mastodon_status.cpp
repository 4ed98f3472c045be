#include "connectors/mastodon_status.h"

#include <algorithm>

#include "connectors/mastodon.h"
#include "connectors/plain_text.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

// How far the id's time and `created_at` may lie apart. The documented status
// 109348677773283527 differs by 5 ms.
constexpr Millis agreement{1000};

std::string media_of(JsonObject status) {
  const auto files = json_array(status, "media_attachments");
  if (!files || files->size() == 0) return {};
  if (files->size() > 1) return "album";
  JsonObject file;
  if (files->at(0).get(file)) return {};
  const std::string_view type = json_text(file, "type").value_or("");
  if (type == "gifv") return "video";
  return type == "image" || type == "video" || type == "audio" ? std::string(type) : std::string{};
}

// The texts of one field of each object in a list.
void add_fields(JsonObject status, std::string_view list, std::string_view field,
                std::vector<std::string>& marks) {
  const auto items = json_array(status, list);
  if (!items) return;
  for (const JsonElement element : *items) {
    JsonObject item;
    if (!element.get(item)) add_mark(marks, json_clean_text(item, field));
  }
}

void read_words(JsonObject status, Post& post) {
  PlainText words = plain_text(json_text(status, "content").value_or(""));
  const std::string warning = json_clean_text(status, "spoiler_text");
  post.text = warning.empty() ? std::move(words.text) : warning + '\n' + words.text;
  add_fields(status, "tags", "name", post.tags);
  for (std::string& tag : words.tags) {
    const bool known = std::any_of(post.tags.begin(), post.tags.end(), [&](const std::string& t) {
      return equal_ignoring_case(t, tag);
    });
    if (!known) add_mark(post.tags, std::move(tag));
  }
  add_fields(status, "mentions", "acct", post.mentions);
  post.links = std::move(words.links);
  post.lang = json_id(status, "language").value_or("");
  post.media = media_of(status);
}

// The home server's own statuses alone: a copy of a remote one has an id made
// from the time it claims.
bool is_local(JsonObject status) {
  const auto account = json_object(status, "account");
  if (!account) return false;
  const auto acct = json_text(*account, "acct");
  return acct && acct->find('@') == std::string_view::npos;
}

void read_times(JsonObject status, Post& post) {
  if (const auto created = json_text(status, "created_at")) {
    post.claimed_at = parse_rfc3339(*created);
  }
  if (const auto edited = json_text(status, "edited_at")) post.edited_at = parse_rfc3339(*edited);
  const auto stamp = instant_of_snowflake(post.id);
  if (!stamp || !post.claimed_at || !is_local(status)) return;
  const Millis apart =
      *stamp < *post.claimed_at ? *post.claimed_at - *stamp : *stamp - *post.claimed_at;
  if (apart >= agreement) return;
  post.server_at = std::min(*stamp, *post.claimed_at);
  post.server_precision = agreement;
}

void read_thread(JsonObject status, Post& post) {
  const auto answered = json_id(status, "in_reply_to_id");
  if (!answered) return;
  post.in_reply_to = *answered;
  const auto account = json_object(status, "account");
  const auto own = account ? json_id(*account, "id") : std::nullopt;
  const auto other = json_id(status, "in_reply_to_account_id");
  if (!own || own != other) post.surface = Surface::reply;
}

// The inner status belongs to somebody else; it names what was repeated.
std::string name_of_status(JsonObject status) {
  for (const char* key : {"uri", "url", "id"}) {
    if (auto name = json_id(status, key)) return *std::move(name);
  }
  return "unknown";
}

}  // namespace

std::optional<Post> decode_status(JsonElement element) {
  JsonObject status;
  if (element.get(status)) return std::nullopt;
  auto id = json_id(status, "id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id)};
  post.url = json_link(status, "url");
  if (post.url.empty()) post.url = json_link(status, "uri");
  read_times(status, post);
  if (const auto inner = json_object(status, "reblog")) {
    post.surface = Surface::repost;
    post.repost_of = name_of_status(*inner);
    read_words(*inner, post);
  } else {
    read_words(status, post);
    read_thread(status, post);
  }
  post.pinned = json_flag(status, "pinned").value_or(false);
  return post;
}

std::string owner_of_status(JsonElement element) {
  JsonObject status;
  if (element.get(status)) return {};
  const auto account = json_object(status, "account");
  return account ? json_id(*account, "id").value_or("") : std::string{};
}

}  // namespace pw
