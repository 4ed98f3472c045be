#include "connectors/feed/feed_json.h"

#include "connectors/feed/feed_address.h"
#include "connectors/json.h"
#include "connectors/page_limit.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"

namespace pw::feed {
namespace {

// 1.1 has `authors`, 1.0 one `author`.
std::optional<std::string> author_in(JsonObject object) {
  std::optional<JsonObject> author = json_object(object, "author");
  if (const auto authors = json_array(object, "authors"); authors && authors->size() > 0) {
    JsonObject first;
    if (!authors->at(0).get(first)) author = first;
  }
  if (!author) return std::nullopt;
  for (const char* key : {"name", "url"}) {
    std::string text(trimmed(json_clean_text(*author, key)));
    if (!text.empty()) return text;
  }
  return std::nullopt;
}

// As written: an address is no text that may be brought into another form.
std::string address_in(JsonObject object, std::string_view key) {
  return without_controls(trimmed(json_text(object, key).value_or("")));
}

std::optional<FeedDate> date_in(JsonObject item, std::string_view key) {
  const auto text = json_text(item, key);
  return text ? parse_feed_date(*text) : std::nullopt;
}

void read_body(JsonObject item, ParsedEntry& entry) {
  for (const char* key : {"content_html", "content_text", "summary"}) {
    entry.body = json_clean_text(item, key);
    entry.body_is_html = key == std::string_view("content_html");
    if (!entry.body.empty()) return;
  }
}

void read_lists(JsonObject item, ParsedEntry& entry) {
  if (const auto tags = json_array(item, "tags")) {
    for (const JsonElement element : *tags) {
      std::string_view tag;
      if (!element.get(tag)) add_mark(entry.tags, without_controls(trimmed(tag)));
    }
  }
  const auto files = json_array(item, "attachments");
  JsonObject file;
  if (!files || files->size() == 0 || files->at(0).get(file)) return;
  const std::string_view type = json_text(file, "mime_type").value_or("");
  for (const std::string_view kind : {"image", "video", "audio"}) {
    if (type.starts_with(kind)) entry.media = kind;
  }
}

// The id may be a number. An item without one is to be discarded, says the format.
std::optional<std::string> id_of(JsonObject item) {
  if (const auto text = json_text(item, "id"); text && !text->empty()) {
    return without_controls(*text);
  }
  return json_id(item, "id");
}

std::optional<ParsedEntry> read_item(JsonElement element, std::string_view base) {
  JsonObject item;
  if (element.get(item)) return std::nullopt;
  ParsedEntry entry{.id = id_of(item)};
  if (!entry.id || entry.id->empty()) return std::nullopt;
  for (const char* key : {"url", "external_url"}) {
    const std::string address = address_in(item, key);
    if (!entry.link && !address.empty()) entry.link = join_address(base, address);
  }
  if (json_text(item, "title")) entry.title = trimmed(json_clean_text(item, "title"));
  entry.author = author_in(item);
  entry.published = date_in(item, "date_published");
  entry.updated = date_in(item, "date_modified");
  if (!entry.updated) entry.updated = entry.published;
  entry.lang = json_id(item, "language").value_or("");
  read_body(item, entry);
  read_lists(item, entry);
  return entry;
}

}  // namespace

ParsedFeed read_json_feed(std::string_view text, std::string_view base) {
  ParsedFeed feed{.encoding = "utf-8"};
  const auto root = parse_json(text);
  JsonObject object;
  if (!root || root->get(object)) return feed;
  const std::string_view version = json_text(object, "version").value_or("");
  const std::size_t name = version.find("jsonfeed.org/version/1");
  const auto items = json_array(object, "items");
  if (name == std::string_view::npos || !items) return feed;
  feed.version = version.ends_with("/1.1") ? "json11" : "json1";
  const auto author = author_in(object);
  for (const JsonElement element : *items) {
    auto entry = feed.entries.size() < page_items_max ? read_item(element, base) : std::nullopt;
    if (!entry) {
      ++feed.skipped;
      continue;
    }
    if (!entry->author) entry->author = author;
    if (entry->lang.empty()) entry->lang = json_id(object, "language").value_or("");
    feed.entries.push_back(*std::move(entry));
  }
  const std::string next = address_in(object, "next_url");
  if (!next.empty()) feed.next = join_address(base, next);
  return feed;
}

}  // namespace pw::feed
