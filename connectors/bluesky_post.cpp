#include "connectors/bluesky_post.h"

#include "connectors/bluesky.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// "at://did/collection/rkey" → the did, or empty.
std::string_view did_in(std::string_view uri) {
  if (!uri.starts_with("at://")) return {};
  uri.remove_prefix(5);
  return uri.substr(0, uri.find('/'));
}

std::string_view record_key_in(std::string_view uri) {
  const std::size_t slash = uri.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : uri.substr(slash + 1);
}

// Where people see it. Not for records of other collections.
std::string page_of(std::string_view uri) {
  if (uri.find("/app.bsky.feed.post/") == std::string_view::npos) return {};
  return "https://bsky.app/profile/" + std::string(did_in(uri)) + "/post/" +
         percent_encode(record_key_in(uri));
}

// Facets count in bytes of the text; a range that does not fit is dropped.
std::string_view slice(std::string_view text, JsonObject facet) {
  const auto index = json_object(facet, "index");
  if (!index) return {};
  const std::int64_t start = json_integer(*index, "byteStart").value_or(-1);
  const std::int64_t end = json_integer(*index, "byteEnd").value_or(-1);
  if (start < 0 || end <= start || end > static_cast<std::int64_t>(text.size())) return {};
  const std::string_view part =
      text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
  return is_utf8(part) ? part : std::string_view{};
}

void read_feature(JsonObject feature, std::string_view shown, Post& post) {
  const std::string_view type = json_text(feature, "$type").value_or("");
  if (type == "app.bsky.richtext.facet#link") {
    add_mark(post.links, json_link(feature, "uri"));
  } else if (type == "app.bsky.richtext.facet#tag") {
    add_mark(post.tags, json_clean_text(feature, "tag"));
  } else if (type == "app.bsky.richtext.facet#mention") {
    if (shown.starts_with('@')) shown.remove_prefix(1);
    add_mark(post.mentions,
             shown.empty() ? json_clean_text(feature, "did") : without_controls(shown));
  }
}

void read_facets(JsonObject record, Post& post) {
  const auto facets = json_array(record, "facets");
  if (!facets) return;
  const std::string_view text = json_text(record, "text").value_or("");
  for (const JsonElement element : *facets) {
    JsonObject facet;
    if (element.get(facet)) continue;
    const auto features = json_array(facet, "features");
    if (!features) continue;
    for (const JsonElement part : *features) {
      JsonObject feature;
      if (!part.get(feature)) read_feature(feature, slice(text, facet), post);
    }
  }
}

void read_embed(JsonObject embed, Post& post) {
  const std::string_view type = json_text(embed, "$type").value_or("");
  if (type == "app.bsky.embed.images") {
    const auto images = json_array(embed, "images");
    post.media = images && images->size() > 1 ? "album" : "image";
  } else if (type == "app.bsky.embed.gallery") {
    post.media = "album";
  } else if (type == "app.bsky.embed.video") {
    post.media = "video";
  } else if (type == "app.bsky.embed.external") {
    if (const auto external = json_object(embed, "external")) {
      add_mark(post.links, json_link(*external, "uri"));
    }
  } else if (type == "app.bsky.embed.recordWithMedia") {
    const auto media = json_object(embed, "media");
    if (media && json_text(*media, "$type") != "app.bsky.embed.recordWithMedia") {
      read_embed(*media, post);
    }
  }
}

void read_record(JsonObject record, Post& post) {
  post.text = json_clean_text(record, "text");
  if (const auto created = json_text(record, "createdAt")) {
    post.claimed_at = parse_rfc3339(*created);
  }
  if (const auto langs = json_array(record, "langs"); langs && langs->size() > 0) {
    std::string_view lang;
    if (!langs->at(0).get(lang) && lang.size() <= 64) post.lang = without_controls(lang);
  }
  read_facets(record, post);
  if (const auto tags = json_array(record, "tags")) {
    for (const JsonElement element : *tags) {
      std::string_view tag;
      if (!element.get(tag)) add_mark(post.tags, without_controls(tag));
    }
  }
  for (std::string& tag : hashtags_in(post.text)) add_mark(post.tags, std::move(tag));
  if (const auto embed = json_object(record, "embed")) read_embed(*embed, post);
}

std::string reference_in(JsonObject reply, std::string_view which) {
  const auto reference = json_object(reply, which);
  return reference ? json_id(*reference, "uri").value_or("") : std::string{};
}

// A thread of one's own is posts; what answers somebody, or stands in somebody's
// thread, is a reply.
void read_thread(JsonObject record, std::string_view author, Post& post) {
  const auto reply = json_object(record, "reply");
  if (!reply) return;
  post.in_reply_to = reference_in(*reply, "parent");
  const std::string root = reference_in(*reply, "root");
  const bool own = did_in(post.in_reply_to) == author && did_in(root) == author;
  if (!own) post.surface = Surface::reply;
}

std::string text_of(std::optional<JsonObject> object, std::string_view key) {
  return object ? json_id(*object, key).value_or("") : std::string{};
}

// The repost is a record of its own, with an address where the AppView gives it;
// older ones do not, and then the repeated post names it.
void become_repost(JsonObject reason, FeedItem& item) {
  Post& post = item.post;
  const auto by = json_object(reason, "by");
  item.owner = text_of(by, "did");
  item.owner_handle = text_of(by, "handle");
  post.surface = Surface::repost;
  post.repost_of = post.id;
  post.id = json_id(reason, "uri").value_or("repost:" + post.repost_of);
  post.in_reply_to.clear();
  const auto seen = json_text(reason, "indexedAt");
  post.claimed_at = seen ? parse_rfc3339(*seen) : std::nullopt;
}

}  // namespace

std::optional<Post> decode_record(std::string_view did, std::string uri, JsonObject record) {
  if (did_in(uri) != did || record_key_in(uri).empty()) return std::nullopt;
  Post post{.id = std::move(uri)};
  if (post.id.find("/app.bsky.feed.repost/") != std::string::npos) {
    post.surface = Surface::repost;
    post.repost_of = reference_in(record, "subject");
    post.url = page_of(post.repost_of);
    if (const auto created = json_text(record, "createdAt")) {
      post.claimed_at = parse_rfc3339(*created);
    }
    return post;
  }
  if (post.id.find("/app.bsky.feed.post/") == std::string::npos) return std::nullopt;
  post.url = page_of(post.id);
  read_record(record, post);
  read_thread(record, did, post);
  return post;
}

std::optional<FeedItem> decode_feed_item(JsonElement element) {
  JsonObject view;
  if (element.get(view)) return std::nullopt;
  const auto post = json_object(view, "post");
  const auto uri = post ? json_id(*post, "uri") : std::nullopt;
  if (!uri) return std::nullopt;
  const auto author = json_object(*post, "author");
  FeedItem item{.post = {.id = *uri},
                .owner = text_of(author, "did"),
                .owner_handle = text_of(author, "handle")};
  item.post.url = page_of(*uri);
  if (const auto record = json_object(*post, "record")) {
    read_record(*record, item.post);
    read_thread(*record, item.owner, item.post);
  }
  if (const auto reason = json_object(view, "reason")) {
    const std::string_view type = json_text(*reason, "$type").value_or("");
    if (type == "app.bsky.feed.defs#reasonRepost") {
      item.post.surface = Surface::post;
      become_repost(*reason, item);
    }
    item.post.pinned = type == "app.bsky.feed.defs#reasonPin";
  }
  if (!is_did(item.owner)) return std::nullopt;
  return item;
}

}  // namespace pw
