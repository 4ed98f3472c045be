#include "connectors/x_post.h"

#include <algorithm>

#include "connectors/plain_text.h"
#include "connectors/post_marks.h"
#include "connectors/utf8.h"
#include "connectors/x.h"

namespace pw {
namespace {

// `created_at` has whole seconds, the id milliseconds.
constexpr Millis agreement{1000};

std::optional<JsonArray> array_of(JsonObject object, std::string_view old_name,
                                  std::string_view new_name) {
  const auto list = json_array(object, old_name);
  return list ? list : json_array(object, new_name);
}

// Of an edited post the first version's id; empty when no history is given.
std::string first_version(JsonObject post) {
  const auto history = array_of(post, "edit_history_tweet_ids", "edit_history_post_ids");
  if (!history || history->size() < 2) return {};
  std::string first;
  for (const JsonElement element : *history) {
    std::string_view id;
    if (element.get(id) || id.empty() || id.size() > 32) continue;
    const bool older =
        first.empty() || id.size() < first.size() || (id.size() == first.size() && id < first);
    if (older) first = id;
  }
  return first;
}

// X sends three characters as entities.
std::string unescaped(std::string text) {
  constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto* entity =
        std::find_if(std::begin(entities), std::end(entities), [&](const auto& candidate) {
          return text.compare(i, candidate.first.size(), candidate.first) == 0;
        });
    if (entity != std::end(entities)) {
      out += entity->second;
      i += entity->first.size();
    } else {
      out += text[i++];
    }
  }
  return out;
}

void read_text(JsonObject object, Post& post) {
  post.text = json_clean_text(object, "text");
  for (const char* name : {"note_tweet", "note_post"}) {
    const auto note = json_object(object, name);
    if (!note) continue;
    const std::string whole = json_clean_text(*note, "text");
    if (!whole.empty()) post.text = whole;
  }
  post.text = unescaped(std::move(post.text));
  read_marks(post);
}

void read_references(JsonObject object, Post& post) {
  const auto references = array_of(object, "referenced_tweets", "referenced_posts");
  if (!references) return;
  for (const JsonElement element : *references) {
    JsonObject reference;
    if (element.get(reference)) continue;
    const auto type = json_text(reference, "type");
    const std::string id = json_id(reference, "id").value_or("unknown");
    if (type == "retweeted" || type == "reposted") {
      post.surface = Surface::repost;
      post.repost_of = id;
    } else if (type == "replied_to") {
      post.in_reply_to = id;
      const auto to = json_id(object, "in_reply_to_user_id");
      const auto own = json_id(object, "author_id");
      if (!own || to != own) post.surface = Surface::reply;
    }
  }
}

// The id's time is believed where the post's own agrees: of an edited one the
// newest version's id and time belong together.
void read_times(JsonObject object, const std::string& newest, Post& post) {
  const auto created = json_text(object, "created_at");
  const auto at = created ? parse_rfc3339(*created) : std::nullopt;
  const auto stamp = instant_of_x_id(newest);
  const bool edited = newest != post.id;
  post.claimed_at = edited ? instant_of_x_id(post.id) : at;
  if (edited) post.edited_at = at;
  if (!at || !stamp) return;
  const Millis apart = *stamp < *at ? *at - *stamp : *stamp - *at;
  if (apart >= agreement) return;
  post.server_at = instant_of_x_id(post.id);
  post.server_precision = Millis{1};
}

}  // namespace

std::optional<Post> decode_x_post(JsonElement element) {
  JsonObject object;
  if (element.get(object)) return std::nullopt;
  const auto newest = json_id(object, "id");
  if (!newest) return std::nullopt;
  const std::string first = first_version(object);
  Post post{.id = first.empty() ? *newest : first};
  post.url = "https://x.com/i/status/" + *newest;
  post.lang = json_id(object, "lang").value_or("");
  if (post.lang == "und") post.lang.clear();
  read_times(object, *newest, post);
  read_references(object, post);
  read_text(object, post);
  if (json_object(object, "attachments")) post.media = "image";
  return post;
}

std::string author_of_x_post(JsonElement element) {
  JsonObject object;
  if (element.get(object)) return {};
  return json_id(object, "author_id").value_or("");
}

}  // namespace pw
