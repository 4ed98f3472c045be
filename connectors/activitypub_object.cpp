#include "connectors/activitypub_object.h"

#include <algorithm>
#include <array>

#include "connectors/plain_text.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 8> object_types = {"Note",  "Article", "Question", "Page",
                                                          "Image", "Video",   "Audio",    "Event"};
// ActivityStreams 2.0 vocabulary: activities that publish nothing of their own.
constexpr std::array<std::string_view, 23> quiet_types = {"Accept",  "TentativeAccept",
                                                          "Add",     "Arrive",
                                                          "Block",   "Delete",
                                                          "Dislike", "Flag",
                                                          "Follow",  "Ignore",
                                                          "Invite",  "Join",
                                                          "Leave",   "Like",
                                                          "Listen",  "Move",
                                                          "Offer",   "Read",
                                                          "Reject",  "Remove",
                                                          "Travel",  "Undo",
                                                          "Update"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// An address, or of an object its id or href.
std::string address_of(JsonElement element) {
  std::string_view text;
  JsonObject object;
  if (!element.get(text)) return is_web_address(text) ? std::string(text) : std::string();
  if (element.get(object)) return {};
  for (const char* key : {"id", "href"}) {
    if (std::string link = json_link(object, key); !link.empty()) return link;
  }
  return {};
}

// Calls `visit` with each part of a property that may be one thing or a list.
template <class Visit>
void each_of(JsonObject object, std::string_view key, Visit visit) {
  JsonElement value;
  if (object[key].get(value)) return;
  JsonArray list;
  if (value.get(list)) return visit(value);
  for (const JsonElement element : list) visit(element);
}

bool names_public(JsonObject object, bool& addressed) {
  bool is_public = false;
  for (const char* key : {"to", "cc"}) {
    each_of(object, key, [&](JsonElement element) {
      addressed = true;
      std::string_view to;
      if (element.get(to)) return;
      is_public = is_public || to == "https://www.w3.org/ns/activitystreams#Public" ||
                  to == "as:Public" || to == "Public";
    });
  }
  return is_public;
}

// What says nothing of its audience was shown to a stranger: us.
bool is_public(JsonObject activity, std::optional<JsonObject> object) {
  bool addressed = false;
  const bool shown =
      names_public(activity, addressed) || (object && names_public(*object, addressed));
  return shown || !addressed;
}

std::string_view html_of(JsonObject object, std::string& lang) {
  const auto map = json_object(object, "contentMap");
  std::string_view html = json_text(object, "content").value_or("");
  if (!map) return html;
  for (const auto& [key, value] : *map) {
    std::string_view text;
    if (value.get(text)) continue;
    if (html.empty()) html = text;
    if (text == html) {
      lang = key.size() <= 64 ? without_controls(key) : std::string();
      break;
    }
  }
  return html;
}

std::string kind_of_media(JsonObject file) {
  const std::string_view mime = json_text(file, "mediaType").value_or("");
  const std::string_view type = word_in(file, "type");
  for (const auto& [prefix, name, kind] :
       {std::array<std::string_view, 3>{"image/", "Image", "image"},
        std::array<std::string_view, 3>{"video/", "Video", "video"},
        std::array<std::string_view, 3>{"audio/", "Audio", "audio"}}) {
    if (mime.starts_with(prefix) || type == name) return std::string(kind);
  }
  return {};
}

void read_media(JsonObject object, Post& post) {
  int files = 0;
  each_of(object, "attachment", [&](JsonElement element) {
    JsonObject file;
    if (element.get(file)) return;
    const std::string kind = kind_of_media(file);
    if (kind.empty()) return;
    post.media = ++files > 1 ? "album" : kind;
  });
  if (files == 0) post.media = kind_of_media(object);
}

void read_marks(JsonObject object, PlainText& words, Post& post) {
  each_of(object, "tag", [&](JsonElement element) {
    JsonObject tag;
    if (element.get(tag)) return;
    std::string name = json_clean_text(tag, "name");
    const std::string_view type = word_in(tag, "type");
    if (type == "Hashtag" && name.starts_with('#')) add_mark(post.tags, name.substr(1));
    if (type == "Mention" && name.starts_with('@')) add_mark(post.mentions, name.substr(1));
  });
  for (std::string& tag : words.tags) {
    const bool known = std::any_of(post.tags.begin(), post.tags.end(), [&](const std::string& t) {
      return equal_ignoring_case(t, tag);
    });
    if (!known) add_mark(post.tags, std::move(tag));
  }
  post.links = std::move(words.links);
}

// One's own thread is posts. Whose the answered object is can be told by its
// address alone, where servers put it below the actor's.
void read_thread(JsonObject object, std::string_view actor, Post& post) {
  post.in_reply_to = address_in(object, "inReplyTo");
  const bool own = post.in_reply_to.starts_with(std::string(actor) + '/');
  if (!post.in_reply_to.empty() && !own) post.surface = Surface::reply;
}

void read_object(JsonObject object, std::string_view actor, Post& post) {
  PlainText words = plain_text(html_of(object, post.lang));
  post.title = json_clean_text(object, "name");
  const std::string warning = json_clean_text(object, "summary");
  for (const std::string& part : {post.title, warning}) {
    if (!part.empty()) post.text += part + '\n';
  }
  post.text += words.text;
  while (post.text.ends_with('\n')) post.text.pop_back();
  if (const std::string page = address_in(object, "url"); !page.empty()) post.url = page;
  if (const auto at = json_text(object, "published")) post.claimed_at = parse_rfc3339(*at);
  if (const auto at = json_text(object, "updated")) post.edited_at = parse_rfc3339(*at);
  read_marks(object, words, post);
  read_media(object, post);
  read_thread(object, actor, post);
}

std::optional<Post> read_announcement(JsonObject activity) {
  const auto id = json_id(activity, "id");
  std::string repeated = address_in(activity, "object");
  if (!id || repeated.empty()) return std::nullopt;
  Post post{.id = *id, .surface = Surface::repost};
  post.url = is_web_address(repeated) ? repeated : std::string();
  post.repost_of = std::move(repeated);
  return post;
}

}  // namespace

std::string address_in(JsonObject object, std::string_view key) {
  std::string first;
  each_of(object, key, [&](JsonElement element) {
    if (first.empty()) first = address_of(element);
  });
  return first;
}

std::string_view word_in(JsonObject object, std::string_view key) {
  std::string_view first;
  each_of(object, key, [&](JsonElement element) {
    std::string_view word;
    if (first.empty() && !element.get(word)) first = word;
  });
  return first;
}

Activity decode_activity(JsonElement item, std::string_view actor) {
  Activity read;
  JsonObject activity;
  // An item that is an address alone names a publication that we have not seen.
  if (item.get(activity)) {
    read.post.id = address_of(item);
    if (!read.post.id.empty()) read.kind = ActivityKind::publication;
    return read;
  }
  const std::string_view type = word_in(activity, "type");
  if (is_among(quiet_types, type)) {
    read.kind = ActivityKind::elsewise;
    return read;
  }
  const bool bare = is_among(object_types, type);
  if (!bare && type != "Create" && type != "Announce") return read;
  const auto object = bare ? std::optional(activity) : json_object(activity, "object");
  read.actor = address_in(activity, bare ? "attributedTo" : "actor");
  if (!is_public(activity, object)) {
    read.kind = ActivityKind::elsewise;
    return read;
  }
  if (type == "Announce") {
    auto post = read_announcement(activity);
    if (!post) return read;
    read.post = *std::move(post);
  } else {
    const std::string id =
        object ? json_id(*object, "id").value_or("") : address_in(activity, "object");
    if (id.empty()) return read;
    read.post.id = id;
    if (is_web_address(id)) read.post.url = id;
    if (object) read_object(*object, actor, read.post);
  }
  if (const auto at = json_text(activity, "published"); at && !read.post.claimed_at)
    read.post.claimed_at = parse_rfc3339(*at);
  read.kind = ActivityKind::publication;
  return read;
}

}  // namespace pw
