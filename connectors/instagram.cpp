#include "connectors/instagram.h"

#include <algorithm>

#include "connectors/http_status.h"
#include "connectors/json.h"
#include "connectors/meta_error.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// Ten items are about 9 KB with every field: the newest of a busy day, at a cost
// to the token that 25 would more than double.
constexpr int page_size = 10;
constexpr std::size_t handle_bytes_max = 30;

// Counters and signed CDN links are not asked for: they change on every look and
// must not be kept.
constexpr std::string_view media_fields =
    "{id,caption,media_type,media_product_type,permalink,shortcode,timestamp,username}";

// Newest first in all recorded data, though "ordering results is not supported";
// nothing says that items are left out, so the list is no ranked one. Its depth is
// documented only for one's own media (10,000), hence capped and not complete.
constexpr Declaration declared{
    .name = "instagram",
    .sees = {Surface::post, Surface::reel},
    .never_sees = {Surface::story, Surface::live},
    .list = ListKind::capped,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    .lag = std::chrono::minutes(5),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = false,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::seconds(30),
    .blind_spots =
        "Stories and live video never show, at any access level; personal and age-gated "
        "accounts, archived posts and posts of collaborators do not show either; pins "
        "are not marked, and the delay before a new post shows is undocumented.",
    .source = "Graph API, Instagram Business Discovery, read 2026-10",
};

bool is_handle(std::string_view handle) {
  return !handle.empty() && handle.size() <= handle_bytes_max &&
         std::all_of(handle.begin(), handle.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_';
         });
}

bool is_cursor_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '=' || c == '+' || c == '/' || c == '.' || c == '~';
}

// Cursors are opaque, but a ')' in one would end the modifier and inject fields.
bool is_cursor(std::string_view cursor) {
  return cursor.size() <= 1024 && std::all_of(cursor.begin(), cursor.end(), is_cursor_part);
}

// "https://www.instagram.com/name/?x" → "name"
std::string_view handle_in(std::string_view text) {
  const std::size_t site = find_ignoring_case(text, "instagram.com/");
  if (site != std::string_view::npos) {
    text.remove_prefix(site + std::string_view("instagram.com/").size());
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return text;
}

Surface surface_of(JsonObject item, std::string_view permalink) {
  const std::string_view product = json_text(item, "media_product_type").value_or("");
  if (product == "REELS") return Surface::reel;
  if (product == "STORY") return Surface::story;
  if (product == "AD") return Surface::ad;
  const bool is_reel = product.empty() && permalink.find("/reel/") != std::string_view::npos;
  return is_reel ? Surface::reel : Surface::post;
}

std::string media_of(JsonObject item) {
  const std::string_view type = json_text(item, "media_type").value_or("");
  if (type == "IMAGE") return "image";
  if (type == "VIDEO") return "video";
  return type == "CAROUSEL_ALBUM" ? "album" : "";
}

// One medium, or nothing without an id. A caption that is absent is empty: the
// platform hides counters, never captions. Without a readable time the post
// stays, and only looks bound it.
std::optional<Post> decode_media(JsonElement element) {
  JsonObject item;
  if (element.get(item)) return std::nullopt;
  auto id = json_id(item, "id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id)};
  post.url = json_link(item, "permalink");
  post.surface = surface_of(item, post.url);
  post.media = media_of(item);
  if (const auto time = json_text(item, "timestamp")) post.server_at = parse_rfc3339(*time);
  post.claimed_at = post.server_at;
  post.text = json_clean_text(item, "caption");
  if (!post.text.empty()) {
    post.tags = hashtags_in(post.text);
    post.mentions = mentions_in(post.text);
    post.links = links_in(post.text);
  }
  return post;
}

// Only cursors are read: `next`, where it comes, carries the token.
bool read_paging(JsonObject media, Page& page) {
  const auto paging = json_object(media, "paging");
  if (!paging) return true;
  const auto cursors = json_object(*paging, "cursors");
  const std::string_view after = cursors ? json_text(*cursors, "after").value_or("") : "";
  if (after.empty()) return !json_text(*paging, "next").has_value();
  page.next = after;
  return is_cursor(after);
}

Trouble malformed(std::string detail) {
  return {.outcome = Outcome::malformed, .detail = std::move(detail)};
}

Reading decode_list(JsonObject discovery, const Query& query) {
  Page page;
  page.owner_id = json_id(discovery, "id").value_or("");
  page.owner_handle = json_id(discovery, "username").value_or("");
  const auto media = json_object(discovery, "media");
  if (!media) return page;  // no media at all: the edge is left out
  const auto data = json_array(*media, "data");
  if (!data) return malformed("media without a list");
  page.posts.reserve(std::min(data->size(), page_items_max));
  for (const JsonElement item : *data) {
    auto post = page.posts.size() < page_items_max ? decode_media(item) : std::nullopt;
    if (post) {
      page.posts.push_back(*std::move(post));
    } else {
      ++page.skipped;
    }
  }
  if (!read_paging(*media, page)) return malformed("a paging cursor that cannot be used");
  return checked_page(std::move(page), query);
}

// The body first, whatever the status says.
std::variant<JsonObject, Trouble> discovery_in(const Query& query, const HttpResponse& response) {
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) {
    if (auto trouble = trouble_of_status(response, Scope::credential)) return *std::move(trouble);
    return trouble_of_body(response, "a Graph API answer");
  }
  if (json_object(object, "error")) {
    const auto error = meta_error_in(response.body);
    return trouble_of(error.value_or(MetaError{}), response, !query.cursor.empty());
  }
  if (auto trouble = trouble_of_status(response, Scope::credential)) return *std::move(trouble);
  if (const auto discovery = json_object(object, "business_discovery")) return *discovery;
  return malformed("an answer without business_discovery");
}

}  // namespace

Instagram::Instagram(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Instagram::normalise(Account account, std::string& why) const {
  const std::string_view handle = handle_in(trimmed(account.handle));
  if (!is_handle(handle)) {
    why = "an Instagram name has 1 to 30 letters, digits, points and underscores";
    return std::nullopt;
  }
  account.handle = lower_ascii(handle);
  account.host.clear();
  return account;
}

HttpRequest Instagram::discover(const Query& query, std::string_view fields) const {
  // Checked again here, since a handle that ends the modifier would inject fields.
  const std::string handle = is_handle(query.account.handle) ? query.account.handle : "_";
  const std::string expansion =
      "business_discovery.username(" + handle + "){" + std::string(fields) + "}";
  const std::string version = settings_.api_version.empty() ? "v25.0" : settings_.api_version;
  const std::string user = query.credential ? percent_encode(query.credential->user_id) : "me";
  HttpRequest request{.url = base_address(settings_.base, "https://graph.facebook.com", "") + '/' +
                             version + '/' + user + "?fields=" + percent_encode(expansion)};
  request.headers.push_back({"Accept", "application/json"});
  if (query.credential) {
    request.headers.push_back({"Authorization", "Bearer " + query.credential->token});
  }
  // The token must not follow a redirect, and Graph answers without any.
  request.redirects = Redirects::refuse;
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Instagram::resolve_request(const Query& query) const {
  return discover(query, "id,username");
}

std::variant<Identity, Trouble> Instagram::decode_identity(const Query& query,
                                                           const HttpResponse& response) const {
  auto answer = discovery_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const JsonObject discovery = std::get<JsonObject>(answer);
  auto id = json_id(discovery, "id");
  if (!id) return malformed("an account without an id");
  Identity identity{.id = *std::move(id),
                    .handle = json_id(discovery, "username").value_or(query.account.handle)};
  identity.url = "https://www.instagram.com/" + percent_encode(identity.handle) + '/';
  return identity;
}

HttpRequest Instagram::request(const Query& query) const {
  std::string media = "media.limit(" + std::to_string(page_size) + ')';
  if (!query.cursor.empty() && is_cursor(query.cursor)) {
    media += ".after(" + std::string(query.cursor) + ')';
  }
  return discover(query, "id,username," + media + std::string(media_fields));
}

Reading Instagram::decode(const Query& query, const HttpResponse& response) const {
  auto answer = discovery_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  return decode_list(std::get<JsonObject>(answer), query);
}

Headroom Instagram::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
