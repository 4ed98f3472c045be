#include "connectors/bluesky_repo.h"

#include "connectors/bluesky.h"
#include "connectors/bluesky_errors.h"
#include "connectors/bluesky_post.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr int records_a_page = 100;  // the lexicon's maximum
constexpr std::string_view plc_directory = "https://plc.directory";
constexpr std::string_view posts = "app.bsky.feed.post";
constexpr std::string_view reposts = "app.bsky.feed.repost";

struct Place {
  std::string_view collection;
  std::string_view key;  // of the last record read; empty: from the start
};

// "" is the start, "app.bsky.feed.repost/" the start of the second list.
Place place_of(std::string_view cursor) {
  const std::size_t slash = cursor.find('/');
  if (slash == std::string_view::npos) return {posts, {}};
  const bool second = cursor.substr(0, slash) == reposts;
  return {second ? reposts : posts, cursor.substr(slash + 1)};
}

std::string cursor_of(std::string_view collection, std::string_view key) {
  return std::string(collection) + '/' + std::string(key);
}

// The reference server gives a cursor with every page that has a record, so a
// list ends with a page that has none (read 2026-08).
std::string next_of(const Place& place, std::string_view key, bool has_records) {
  if (!key.empty() && has_records) return cursor_of(place.collection, key);
  return place.collection == posts ? cursor_of(reposts, {}) : std::string();
}

std::string without_slash(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  return std::string(address);
}

bool is_server(JsonObject service) {
  const std::string_view id = json_text(service, "id").value_or("");
  return id.ends_with("#atproto_pds") &&
         json_text(service, "type").value_or("") == "AtprotoPersonalDataServer";
}

std::optional<std::string> server_in(JsonObject document) {
  const auto services = json_array(document, "service");
  if (!services) return std::nullopt;
  for (const JsonElement element : *services) {
    JsonObject service;
    if (element.get(service) || !is_server(service)) continue;
    const std::string address = json_link(service, "serviceEndpoint");
    if (address.empty() || address.find_first_of("?#@") != std::string::npos) return std::nullopt;
    return without_slash(address);
  }
  return std::nullopt;
}

// The account's handle where the document claims it, else the first it claims.
std::string handle_in(JsonObject document, std::string_view expected) {
  const auto names = json_array(document, "alsoKnownAs");
  if (!names) return {};
  std::string first;
  for (const JsonElement element : *names) {
    std::string_view name;
    if (element.get(name) || !name.starts_with("at://")) continue;
    std::string handle = lower_ascii(without_controls(name.substr(5)));
    if (handle == expected) return handle;
    if (first.empty()) first = std::move(handle);
  }
  return first;
}

void read_record(std::string_view did, JsonElement element, Page& page) {
  JsonObject item;
  std::optional<Post> post;
  if (page.posts.size() < page_items_max && !element.get(item)) {
    const auto uri = json_id(item, "uri");
    const auto value = json_object(item, "value");
    if (uri && value) post = decode_record(did, *uri, *value);
  }
  if (!post) {
    ++page.skipped;
    return;
  }
  page.posts.push_back(*std::move(post));
}

// Saved answers are read without knowing whose they are.
std::string owner_of(const Query& query, JsonArray records) {
  if (is_did(query.account.id)) return query.account.id;
  JsonObject first;
  if (records.size() == 0 || records.at(0).get(first)) return {};
  std::string_view uri = json_text(first, "uri").value_or("");
  if (!uri.starts_with("at://")) return {};
  uri.remove_prefix(5);
  return std::string(uri.substr(0, uri.find('/')));
}

}  // namespace

std::string did_document_address(std::string_view did, std::string_view directory) {
  constexpr std::string_view web = "did:web:";
  if (!is_did(did)) return {};
  if (did.starts_with(web)) {
    return "https://" + std::string(did.substr(web.size())) + "/.well-known/did.json";
  }
  return without_slash(directory.empty() ? plc_directory : directory) + '/' + std::string(did);
}

std::variant<Home, Trouble> decode_did_document(const Query& query, const HttpResponse& response,
                                                std::string_view trusted) {
  if (response.status == 404 || response.status == 410) {
    return Trouble{.outcome = Outcome::not_visible,
                   .detail = "the DID has no document: deleted, or never there"};
  }
  if (auto trouble = trouble_of_status(response, Scope::account)) {
    trouble->scope = Scope::account;
    return *std::move(trouble);
  }
  const auto root = parse_json(response.body);
  JsonObject document;
  if (!root || root->get(document)) return trouble_of_body(response, "a DID document");
  if (json_text(document, "id").value_or("") != query.account.id) {
    return Trouble{.outcome = Outcome::other_account,
                   .detail = "the document is about another DID than the pinned one"};
  }
  const auto server = server_in(document);
  if (!server) return Trouble{.detail = "the DID document names no usable server"};
  if (!server->starts_with("https://") && *server != without_slash(trusted)) {
    return Trouble{.outcome = Outcome::refused,
                   .detail = "the DID document names a server without TLS"};
  }
  return Home{.address = *server, .handle = handle_in(document, query.account.handle)};
}

std::string list_records_target(const Query& query) {
  const Place place = place_of(query.cursor);
  std::string target = "com.atproto.repo.listRecords?repo=" + percent_encode(query.account.id) +
                       "&collection=" + std::string(place.collection) +
                       "&limit=" + std::to_string(records_a_page);
  if (!place.key.empty()) target += "&cursor=" + percent_encode(place.key);
  return target;
}

Reading decode_records(const Query& query, const HttpResponse& response) {
  if (auto trouble = bluesky_trouble(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "a list of records");
  const auto records = json_array(body, "records");
  if (!records) return Trouble{.detail = "an answer without records"};
  Page page;
  page.owner_id = owner_of(query, *records);
  for (const JsonElement element : *records) read_record(page.owner_id, element, page);
  page.next =
      next_of(place_of(query.cursor), json_id(body, "cursor").value_or(""), records->size() > 0);
  return checked_page(std::move(page), query);
}

std::string latest_commit_target(std::string_view did) {
  return "com.atproto.sync.getLatestCommit?did=" + percent_encode(did);
}

ProbeReading decode_latest_commit(const Query& query, const HttpResponse& response) {
  if (auto trouble = bluesky_trouble(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "a commit");
  auto rev = json_id(body, "rev");
  if (!rev) return Trouble{.detail = "a commit without a revision"};
  return *std::move(rev);
}

}  // namespace pw
