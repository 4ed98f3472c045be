#include "connectors/instagram.h"

#include <algorithm>

#include "connectors/instagram_shortcode.h"
#include "connectors/meta_answer.h"
#include "connectors/meta_request.h"
#include "connectors/meta_token.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// Ten items are about 9 KB with every field: the newest of a busy day, at a cost
// to the token that 25 would more than double.
constexpr int page_size = 10;

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
        "Stories and live video never show but by the token of their owner; personal and age-gated "
        "accounts, archived posts and posts of collaborators do not show either; pins "
        "are not marked, and the delay before a new post shows is undocumented.",
    .source = "Graph API, Instagram Business Discovery, read 2026-10",
};

constexpr Declaration declared_own = [] {
  Declaration own = declared;
  own.sees = {Surface::post, Surface::reel, Surface::story};
  own.never_sees = {Surface::live};
  own.blind_spots =
      "Read by the account's own token: live video and archived posts do not show, nor do posts "
      "of collaborators; a story shows for the 24 hours that it lives; pins are not marked.";
  own.source = "Instagram API with Instagram Login, IG User media and stories, read 2026-10";
  return own;
}();

// An own account tells two ids; `user_id` is the one that others see too.
std::string id_of_user(JsonObject user) {
  auto id = json_id(user, "user_id");
  if (!id) id = json_id(user, "id");
  return id.value_or("");
}

// What one medium says of itself; empty is absent.
struct Medium {
  std::optional<std::string> id{};
  std::string_view caption{};
  std::string_view type{};
  std::string_view product{};
  std::string_view permalink{};
  std::string_view shortcode{};
  std::string_view timestamp{};
};

std::string_view* text_of(Medium& medium, std::string_view field) {
  if (field == "caption") return &medium.caption;
  if (field == "media_type") return &medium.type;
  if (field == "media_product_type") return &medium.product;
  if (field == "permalink") return &medium.permalink;
  if (field == "shortcode") return &medium.shortcode;
  return field == "timestamp" ? &medium.timestamp : nullptr;
}

// In one pass over the fields: looking each up by its name would take a pass for each.
Medium medium_in(JsonObject item) {
  Medium medium;
  for (const auto field : item) {
    std::string_view text;
    if (field.key == "id") {
      medium.id = json_id(field.value);
    } else if (auto* value = text_of(medium, field.key); value && !field.value.get(text)) {
      *value = text;
    }
  }
  return medium;
}

Surface surface_of(const Medium& medium) {
  if (medium.product == "REELS") return Surface::reel;
  if (medium.product == "STORY") return Surface::story;
  if (medium.product == "AD") return Surface::ad;
  const bool is_reel =
      medium.product.empty() && medium.permalink.find("/reel/") != std::string_view::npos;
  return is_reel ? Surface::reel : Surface::post;
}

// The shortcode tells when the upload began, which is never after publication: a
// stamp from before that contradicts itself and is only a claim (platforms-meta 2.6).
void check_by_shortcode(std::string_view shortcode, Post& post) {
  const auto began = instant_of_shortcode(shortcode);
  if (!began) return;
  if (!post.claimed_at) post.claimed_at = began;
  constexpr Millis tolerance = std::chrono::seconds(2);
  if (post.server_at && *began > *post.server_at + tolerance) post.server_at.reset();
}

// Reads one medium; false without an id. A caption that is absent is empty: the
// platform hides counters, never captions.
bool read_media(JsonElement element, Post& post) {
  JsonObject item;
  if (element.get(item)) return false;
  Medium medium = medium_in(item);
  if (!medium.id) return false;
  post.id = *std::move(medium.id);
  if (is_web_address(medium.permalink)) post.url = medium.permalink;
  post.surface = surface_of(medium);
  post.media = graph_media_of(medium.type);
  read_graph_time(medium.timestamp, /*server_stamped=*/true, post);
  check_by_shortcode(medium.shortcode, post);
  read_graph_text(medium.caption, post);
  return true;
}

void add_media(JsonArray data, std::optional<Surface> surface, Page& page) {
  page.posts.reserve(page.posts.size() + std::min(data.size(), page_items_max));
  for (const JsonElement item : data) {
    if (page.posts.size() >= page_items_max) {
      ++page.skipped;
      continue;
    }
    Post& post = page.posts.emplace_back();
    if (!read_media(item, post)) {
      page.posts.pop_back();
      ++page.skipped;
    } else if (surface) {
      post.surface = *surface;
    }
  }
}

// Stories first, since they are newer than what lies below a list's fold; they
// have no pages. The edge is left out where there is nothing on it.
Reading decode_list(JsonObject user, const Query& query) {
  Page page;
  page.owner_id = id_of_user(user);
  page.owner_handle = json_id(user, "username").value_or("");
  if (const auto stories = json_object(user, "stories")) {
    const auto data = json_array(*stories, "data");
    if (!data) return graph_malformed("stories without a list");
    add_media(*data, Surface::story, page);
  }
  const auto media = json_object(user, "media");
  // An answer of the edge itself, /me/media or /me/stories, is a list alone.
  const JsonObject edge = media.value_or(user);
  const auto data = json_array(edge, "data");
  if (media && !data) return graph_malformed("media without a list");
  if (!data) return checked_page(std::move(page), query);
  add_media(*data, std::nullopt, page);
  auto next = graph_cursor_in(edge);
  if (!next) return graph_malformed("a paging cursor that cannot be used");
  page.next = *std::move(next);
  return checked_page(std::move(page), query);
}

// The token's owner reads their own account.
bool is_own(const Query& query) {
  return query.credential != nullptr && !query.credential->account.empty();
}

// The account in the answer: the one discovered, or the token's owner.
std::variant<JsonObject, Trouble> user_in(const Query& query, const HttpResponse& response) {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const JsonObject object = std::get<JsonObject>(answer);
  if (const auto discovery = json_object(object, "business_discovery")) return *discovery;
  const bool is_user = json_object(object, "media") || json_array(object, "data") ||
                       json_object(object, "stories") || json_id(object, "username");
  if (!is_user) return graph_malformed("an answer without an account");
  return object;
}

}  // namespace

const Declaration& own_account_declaration() { return declared_own; }

Instagram::Instagram(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Instagram::normalise(Account account, std::string& why) const {
  const std::string_view handle = first_part_behind(trimmed(account.handle), "instagram.com/");
  if (!is_instagram_name(handle)) {
    why = "an Instagram name has 1 to 30 letters, digits, points and underscores";
    return std::nullopt;
  }
  account.handle = lower_ascii(handle);
  account.host.clear();
  return account;
}

HttpRequest Instagram::discover(const Query& query, std::string_view fields) const {
  // Checked again here, since a handle that ends the modifier would inject fields.
  const std::string handle = is_instagram_name(query.account.handle) ? query.account.handle : "_";
  const std::string expansion =
      "business_discovery.username(" + handle + "){" + std::string(fields) + "}";
  const std::string user = query.credential ? percent_encode(query.credential->user_id) : "me";
  return graph_request(settings_, graph_facebook, query, user,
                       "fields=" + percent_encode(expansion));
}

std::optional<HttpRequest> Instagram::resolve_request(const Query& query) const {
  if (!is_own(query)) return discover(query, "id,username");
  return graph_request(settings_, graph_instagram, query, "me", "fields=user_id%2Cusername");
}

std::variant<Identity, Trouble> Instagram::decode_identity(const Query& query,
                                                           const HttpResponse& response) const {
  auto answer = user_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const JsonObject user = std::get<JsonObject>(answer);
  Identity identity{.id = id_of_user(user),
                    .handle = json_id(user, "username").value_or(query.account.handle)};
  if (identity.id.empty()) return graph_malformed("an account without an id");
  // A token whose owner is somebody else would speak for the wrong person.
  if (is_own(query) && !equal_ignoring_case(identity.handle, query.account.handle)) {
    return Trouble{.outcome = Outcome::other_account,
                   .scope = Scope::credential,
                   .detail = "the token's owner is another account than the roster's"};
  }
  identity.url = "https://www.instagram.com/" + percent_encode(identity.handle) + '/';
  return identity;
}

HttpRequest Instagram::request(const Query& query) const {
  std::string media = "media.limit(" + std::to_string(page_size) + ')';
  if (!query.cursor.empty() && is_graph_cursor(query.cursor)) {
    media += ".after(" + std::string(query.cursor) + ')';
  }
  media += media_fields;
  if (!is_own(query)) return discover(query, "id,username," + media);
  if (query.cursor.empty()) media += ",stories" + std::string(media_fields);
  return graph_request(settings_, graph_instagram, query, "me",
                       "fields=" + percent_encode("user_id,username," + media));
}

Reading Instagram::decode(const Query& query, const HttpResponse& response) const {
  auto answer = user_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  return decode_list(std::get<JsonObject>(answer), query);
}

Headroom Instagram::headroom(const HttpResponse& response) const { return headroom_of(response); }

std::optional<HttpRequest> Instagram::token_request(const Credential& credential) const {
  // Its owner's token is of another API, which documents nothing of the kind.
  if (!credential.account.empty()) return std::nullopt;
  return graph_token_request(settings_, graph_facebook, credential);
}

std::variant<TokenLife, Trouble> Instagram::decode_token(const HttpResponse& response) const {
  return graph_token_in(response);
}

}  // namespace pw
