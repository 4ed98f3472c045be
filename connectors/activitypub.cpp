#include "connectors/activitypub.h"

#include <algorithm>

#include "connectors/activitypub_object.h"
#include "connectors/fediverse_handle.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr Declaration declared{
    .name = "activitypub",
    .sees = {Surface::post, Surface::repost, Surface::reply},
    .never_sees = {},
    // Some software lets an author choose the time, and sorts by it.
    .list = ListKind::claimed_order,
    .clock = PostClock::site,
    .clock_precision = Millis{1000},
    // Mastodon caches pages for a minute; for other software it is assumed.
    .lag = std::chrono::minutes(2),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    // Pins are a collection of their own.
    .shows_pins = true,
    .shows_backdating = false,
    .has_home = true,
    .needs_credential = false,
    .page_size = 20,
    .cost = 1,
    .interval_floor = std::chrono::seconds(60),
    // Mastodon's limit for requests with `page` in them, the tightest known.
    .host_requests_max = 300,
    .host_window = std::chrono::minutes(15),
    .blind_spots =
        "Followers-only and direct posts never show; some software lists only some posts, "
        "no replies, or addresses without texts, and dates posts as their author likes; "
        "servers in secure mode answer signed requests alone.",
    .source = "ActivityPub, WebFinger (RFC 7033), Mastodon and other servers, read 2026-08",
};

constexpr std::string_view jrd = "application/jrd+json";
constexpr std::string_view activity_json =
    "application/activity+json, application/ld+json; "
    "profile=\"https://www.w3.org/ns/activitystreams\"";

// "https://host:port", in lower case; empty for what is no web address.
std::string origin_of(std::string_view address) {
  if (!is_web_address(address)) return {};
  const std::size_t start = address.find("://") + 3;
  const std::size_t end = std::min(address.find_first_of("/?#", start), address.size());
  const std::string origin = lower_ascii(address.substr(0, end));
  return origin.find('@') == std::string::npos ? origin : std::string();
}

bool same_origin(std::string_view a, std::string_view b) {
  const std::string origin = origin_of(a);
  return !origin.empty() && origin == origin_of(b);
}

Trouble disagreement(std::string detail) {
  return {.outcome = Outcome::not_visible, .detail = std::move(detail)};
}

// A 401 asks for a signature, or for another one; a 403 is a block, which is
// respected. Pixelfed answers 400 where others say 404.
std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble || response.status != 401) return trouble;
  trouble->detail = query.credential ? "HTTP 401: the server does not accept our signature"
                                     : "HTTP 401: the server answers signed requests alone";
  return trouble;
}

bool is_actor_link(JsonObject link) {
  if (json_text(link, "rel").value_or("") != "self") return false;
  const std::string_view type = json_text(link, "type").value_or("");
  return type == "application/activity+json" ||
         (type.starts_with("application/ld+json") &&
          type.find("https://www.w3.org/ns/activitystreams") != std::string_view::npos);
}

std::string actor_in(JsonObject document) {
  const auto links = json_array(document, "links");
  if (!links) return {};
  for (const JsonElement element : *links) {
    JsonObject link;
    if (!element.get(link) && is_actor_link(link)) return json_link(link, "href");
  }
  return {};
}

std::variant<Home, Trouble> read_actor(const Query& query, JsonObject actor) {
  if (json_text(actor, "id").value_or("") != query.account.id)
    return Trouble{.outcome = Outcome::other_account,
                   .detail = "the actor names itself by another id than the pinned one"};
  if (json_flag(actor, "suspended").value_or(false))
    return Trouble{.outcome = Outcome::suspended, .detail = "the server suspended this account"};
  if (const std::string to = address_in(actor, "movedTo"); !to.empty())
    return Trouble{.outcome = Outcome::renamed, .detail = "the account has moved to " + to};
  std::string outbox = address_in(actor, "outbox");
  if (!same_origin(outbox, query.account.id))
    return disagreement("the actor's outbox does not lie on its own server");
  const std::string name = lower_ascii(json_clean_text(actor, "preferredUsername"));
  return Home{.address = std::move(outbox),
              .handle = name.empty() ? name : name + '@' + query.account.host,
              .onward = true};
}

// A collection that carries its items, or its first page, needs no further one.
std::variant<Home, Trouble> read_outbox(const Query& query, JsonObject outbox) {
  const std::string& root = query.account.home;
  const bool carries = json_array(outbox, "orderedItems") || json_array(outbox, "items");
  const std::string first = address_in(outbox, "first");
  const auto embedded = json_object(outbox, "first");
  const bool whole_page = embedded && json_array(*embedded, "orderedItems");
  if (carries || (whole_page && first.empty())) return Home{.address = root};
  if (!first.empty()) {
    if (!same_origin(first, root)) return disagreement("the outbox leads to another server");
    return Home{.address = first};
  }
  const auto total = json_integer(outbox, "totalItems").value_or(0);
  if (total > 0)
    return disagreement("the outbox counts " + std::to_string(total) + " posts and shows none");
  return Home{.address = root};
}

std::optional<JsonArray> items_in(JsonObject page) {
  for (const char* key : {"orderedItems", "items"}) {
    if (auto items = json_array(page, key)) return items;
  }
  return std::nullopt;
}

void read_item(JsonElement element, std::string_view expected, Page& page) {
  Activity activity = page.posts.size() < page_items_max
                          ? decode_activity(element, expected.empty() ? page.owner_id : expected)
                          : Activity{};
  if (activity.kind == ActivityKind::elsewise) return;
  if (page.owner_id.empty()) page.owner_id = activity.actor;
  const bool foreign = !activity.actor.empty() && activity.actor != page.owner_id;
  if (activity.kind == ActivityKind::unreadable || foreign) {
    ++page.skipped;
    return;
  }
  page.posts.push_back(std::move(activity.post));
}

}  // namespace

ActivityPub::ActivityPub(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> ActivityPub::normalise(Account account, std::string& why) const {
  return normalise_fediverse(std::move(account), "an ActivityPub", why);
}

// What an operator named himself. Nothing that an answer names is, unless it lies
// there too.
bool ActivityPub::is_trusted(std::string_view address) const {
  return !settings_.base.empty() && same_origin(address, settings_.base);
}

HttpRequest ActivityPub::get(std::string address, std::string_view media_type,
                             const Query& query) const {
  HttpRequest request{.url = std::move(address)};
  request.headers.push_back({"Accept", std::string(media_type)});
  if (is_trusted(request.url)) request.allowance = &settings_.allowance;
  if (query.credential)
    request.key = RequestKey{query.credential->user_id, query.credential->token};
  return request;
}

std::optional<HttpRequest> ActivityPub::resolve_request(const Query& query) const {
  HttpRequest request =
      get(base_address(settings_.base, "https://{host}", query.account.host) +
              "/.well-known/webfinger?resource=" + percent_encode("acct:" + query.account.handle),
          jrd, query);
  request.key.reset();
  request.allowance = &settings_.allowance;
  return request;
}

std::variant<Identity, Trouble> ActivityPub::decode_identity(const Query& query,
                                                             const HttpResponse& response) const {
  if (response.status == 400)
    return Trouble{.outcome = Outcome::not_visible, .detail = "HTTP 400: no such account"};
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject document;
  if (!root || root->get(document)) return trouble_of_body(response, "a WebFinger answer");
  const std::string subject = lower_ascii(json_text(document, "subject").value_or(""));
  if (!subject.empty() && subject != "acct:" + query.account.handle)
    return disagreement("the server calls this account " + subject + "; put that into the roster");
  std::string actor = actor_in(document);
  const std::string own = base_address(settings_.base, "https://{host}", query.account.host);
  const bool secure = actor.starts_with("https://") || is_trusted(actor);
  if (actor.empty() || !secure) return Trouble{.detail = "no address of an actor"};
  // Whoever answered in the end has to be the actor's own server.
  const std::string& answered = response.final_url.empty() ? own : response.final_url;
  if (!same_origin(actor, answered) && !same_origin(actor, own))
    return disagreement("the actor lives on a server that does not vouch for this handle");
  return Identity{.id = actor, .handle = query.account.handle, .url = actor};
}

std::optional<HttpRequest> ActivityPub::home_request(const Query& query) const {
  const Account& account = query.account;
  return get(account.home.empty() ? account.id : account.home, activity_json, query);
}

std::variant<Home, Trouble> ActivityPub::decode_home(const Query& query,
                                                     const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) return trouble_of_body(response, "an actor or an outbox");
  return query.account.home.empty() ? read_actor(query, object) : read_outbox(query, object);
}

// A cursor is an address from an answer; it was checked there, and is again.
HttpRequest ActivityPub::request(const Query& query) const {
  const std::string& home = query.account.home;
  const bool onward = !query.cursor.empty() && same_origin(query.cursor, home);
  return get(onward ? std::string(query.cursor) : home, activity_json, query);
}

Reading ActivityPub::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "a page of an outbox");
  const std::string_view type = word_in(body, "type");
  if (type.find("Collection") == std::string_view::npos)
    return Trouble{.detail = "an answer that is no collection"};
  const auto first = json_object(body, "first");
  const JsonObject page_object = first && !items_in(body) ? *first : body;
  Page page;
  page.owner_id = query.account.id;
  if (const auto items = items_in(page_object)) {
    for (const JsonElement element : *items) read_item(element, query.account.id, page);
  }
  page.next = address_in(page_object, "next");
  const std::string& home = query.account.home;
  if (!page.next.empty() && !home.empty() && !same_origin(page.next, home))
    return Trouble{.detail = "the next page lies on another server"};
  return checked_page(std::move(page), query);
}

Headroom ActivityPub::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
