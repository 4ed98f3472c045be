#include "connectors/threads.h"

#include <algorithm>

#include "connectors/meta_answer.h"
#include "connectors/meta_error.h"
#include "connectors/meta_request.h"
#include "connectors/meta_token.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// The platform's own default; its most is 100 (platforms-meta 4.2).
constexpr int page_size = 25;

// One unknown field fails the whole call, so only those that every client reads
// (platforms-meta 4.3). What a repost repeats is therefore not asked for.
constexpr std::string_view post_fields =
    "id,media_type,permalink,username,text,timestamp,shortcode,is_quote_post";

constexpr Declaration declared{
    .name = "threads",
    .sees = {Surface::post, Surface::repost},
    .never_sees = {Surface::reply, Surface::story, Surface::live},
    // Newest first in all samples; no document promises an order or a depth.
    .list = ListKind::capped,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    .lag = std::chrono::minutes(5),
    .stable_id = false,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = false,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::seconds(30),
    .blind_spots =
        "Replies never show; private profiles and those with fewer than 100 followers are not "
        "visible; whether posts that vanish after a day are listed is undocumented, and so is "
        "the delay before a new post shows; no answer names an account's id, so a name that "
        "changed hands cannot be told.",
    .source = "Threads API, Profiles and Retrieve posts, read 2026-10",
};

Surface surface_of(JsonObject item) {
  return json_text(item, "media_type").value_or("") == "REPOST_FACADE" ? Surface::repost
                                                                       : Surface::post;
}

// Comes only to those who asked for it.
std::string repeated_by(JsonObject item) {
  const auto nested = json_object(item, "reposted_post");
  return nested ? json_id(*nested, "id").value_or("") : std::string();
}

// A quote (`is_quote_post`) is a post of its own, with another's below it.
std::optional<Post> decode_post(JsonObject item) {
  auto id = json_id(item, "id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id)};
  post.surface = surface_of(item);
  post.url = json_link(item, "permalink");
  post.media = graph_media_of(json_text(item, "media_type").value_or(""));
  read_graph_time(json_text(item, "timestamp").value_or(""), /*server_stamped=*/true, post);
  read_graph_text(json_text(item, "text").value_or(""), post);
  if (post.surface == Surface::repost) post.repost_of = repeated_by(item);
  return post;
}

void add_item(JsonElement element, Page& page) {
  JsonObject item;
  auto post =
      page.posts.size() >= page_items_max || element.get(item) ? std::nullopt : decode_post(item);
  if (!post) {
    ++page.skipped;
    return;
  }
  const std::string name = lower_ascii(json_id(item, "username").value_or(""));
  if (page.owner_id.empty()) page.owner_id = page.owner_handle = name;
  if (!name.empty() && name != page.owner_id) {
    ++page.skipped;
    return;
  }
  page.posts.push_back(*std::move(post));
}

// Code 10 is the answer for one profile that this app may not read as well as for
// an app that may read none: the account is blamed, never the token, since the
// others must go on being read (platforms-meta 4.5).
Trouble of_this_profile(Trouble trouble, const HttpResponse& response) {
  const auto error = meta_error_in(response.body);
  if (!error || error->code != 10) return trouble;
  trouble.outcome = Outcome::not_visible;
  trouble.scope = Scope::account;
  return trouble;
}

}  // namespace

Threads::Threads(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Threads::normalise(Account account, std::string& why) const {
  std::string_view name = trimmed(account.handle);
  for (const std::string_view site : {"threads.net/", "threads.com/"}) {
    name = first_part_behind(name, site);
  }
  if (!is_instagram_name(name)) {
    why = "a Threads name has 1 to 30 letters, digits, points and underscores";
    return std::nullopt;
  }
  account.handle = lower_ascii(name);
  account.host.clear();
  return account;
}

std::optional<HttpRequest> Threads::resolve_request(const Query&) const { return std::nullopt; }

// Of a profile_lookup, which nobody has to send: the name is the identity.
std::variant<Identity, Trouble> Threads::decode_identity(const Query& query,
                                                         const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) {
    return of_this_profile(std::move(*trouble), response);
  }
  const auto name = json_id(std::get<JsonObject>(answer), "username");
  if (!name) return graph_malformed("a profile without a name");
  const std::string handle = lower_ascii(*name);
  return Identity{handle, handle, "https://www.threads.net/@" + percent_encode(handle)};
}

HttpRequest Threads::request(const Query& query) const {
  std::string parameters = "username=" + percent_encode(query.account.handle) +
                           "&fields=" + percent_encode(post_fields) +
                           "&limit=" + std::to_string(page_size);
  if (!query.cursor.empty() && is_graph_cursor(query.cursor)) {
    parameters += "&after=" + percent_encode(query.cursor);
  }
  return graph_request(settings_, graph_threads, query, "profile_posts", parameters);
}

Reading Threads::decode(const Query& query, const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) {
    return of_this_profile(std::move(*trouble), response);
  }
  const JsonObject edge = std::get<JsonObject>(answer);
  const auto data = json_array(edge, "data");
  if (!data) return graph_malformed("an answer without a list");
  Page page;
  page.posts.reserve(std::min(data->size(), page_items_max));
  for (const JsonElement item : *data) add_item(item, page);
  auto next = graph_cursor_in(edge);
  if (!next) return graph_malformed("a paging cursor that cannot be used");
  // The last page's cursor may lead to itself: an empty page that goes nowhere.
  const bool ends = data->size() == 0 && *next == query.cursor;
  if (!ends) page.next = *std::move(next);
  return checked_page(std::move(page), query);
}

Headroom Threads::headroom(const HttpResponse& response) const { return headroom_of(response); }

std::optional<HttpRequest> Threads::token_request(const Credential& credential) const {
  return graph_token_request(settings_, graph_threads, credential);
}

std::variant<TokenLife, Trouble> Threads::decode_token(const HttpResponse& response) const {
  return graph_token_in(response);
}

}  // namespace pw
