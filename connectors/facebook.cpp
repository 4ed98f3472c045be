#include "connectors/facebook.h"

#include <algorithm>

#include "connectors/meta_answer.h"
#include "connectors/meta_request.h"
#include "connectors/meta_token.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// The platform's own default; its most is 100, and a page too large for it ends
// in error 1 (platforms-meta 1.6, 3.5).
constexpr int page_size = 25;
// The platform takes fifty; the posts of twenty stay well below what is read of one
// answer, and of what ends in error 1.
constexpr int pages_a_call = 20;

// Counters and pictures are not asked for: they change on every look and must not
// be kept. `backdated_time` always is: without it a false time looks like a true one.
constexpr std::string_view post_fields =
    "id,created_time,backdated_time,message,story,status_type,permalink_url,is_published,"
    "parent_id,from,attachments{media_type,type,title,unshimmed_url}";

constexpr Declaration declared{
    .name = "facebook",
    .sees = {Surface::post, Surface::repost},
    .never_sees = {Surface::reel, Surface::story, Surface::live, Surface::comment, Surface::ad},
    // "The API will return approximately 600 ranked, published posts per year".
    .list = ListKind::ranked,
    .clock = PostClock::poster,
    .clock_precision = Millis{1000},
    // A second-hand report of posts that surface a day late (platforms-meta 3.5).
    .lag = std::chrono::hours(24),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = false,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = page_size,
    .pages_max = 12,  // half a year of the 600 that the platform keeps
    .cost = 1,
    .batch_size = pages_a_call,
    .batch_counts_each = true,
    .probe = ProbeProves::lists,
    .interval_floor = std::chrono::seconds(30),
    .blind_spots =
        "Reels of a Page never show, and most of its videos are Reels today; stories, live video "
        "and comments do not either; the platform ranks the list, keeps about 600 posts a year "
        "and leaves out expired ones; a post may show up to a day late (assumed); Pages may "
        "backdate posts.",
    .source = "Graph API, Page Feed, PagePost and Page Public Content Access, read 2026-10",
};

std::string_view page_id_of(std::string_view post_id) {
  const std::size_t line = post_id.find('_');
  return line == std::string_view::npos ? std::string_view() : post_id.substr(0, line);
}

// What kinds of attachment a post has decides its medium; albums before photos.
void read_attachments(JsonObject item, Post& post) {
  const auto edge = json_object(item, "attachments");
  const auto data = edge ? json_array(*edge, "data") : std::nullopt;
  if (!data) return;
  for (const JsonElement element : *data) {
    JsonObject attachment;
    if (element.get(attachment)) continue;
    const std::string_view type = json_text(attachment, "media_type").value_or("");
    if (post.media.empty() && type == "album") post.media = "album";
    if (post.media.empty() && type == "photo") post.media = "image";
    if (post.media.empty() && type.starts_with("video")) post.media = "video";
    const std::string link = json_link(attachment, "unshimmed_url");
    if (type == "link" && !link.empty() &&
        std::find(post.links.begin(), post.links.end(), link) == post.links.end()) {
      post.links.push_back(link);
    }
  }
}

// A life event has the event's time and a backdated post perhaps its false one:
// both are claims. All others were stamped when they were published.
bool is_server_stamped(JsonObject item) {
  return !json_text(item, "backdated_time") &&
         json_text(item, "status_type").value_or("") != "app_created_story";
}

// A post, or nothing when it has no id.
std::optional<Post> decode_post(JsonObject item) {
  auto id = json_id(item, "id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id)};
  post.url = json_link(item, "permalink_url");
  read_graph_time(json_text(item, "created_time").value_or(""), is_server_stamped(item), post);
  read_graph_text(json_text(item, "message").value_or(""), post);
  // "X updated their cover photo": all the words that such a post has.
  if (post.text.empty()) post.text = json_clean_text(item, "story");
  read_attachments(item, post);
  // A share with words of its own is a post; "shared_story" alone says nothing,
  // since posts with a link have it too.
  const auto parent = json_id(item, "parent_id");
  if (parent && !json_text(item, "message")) {
    post.surface = Surface::repost;
    post.repost_of = *parent;
  }
  return post;
}

// The Page that wrote it, as far as the item says: the id's first half is the
// Page on whose wall it stands.
std::string owner_of(JsonObject item, std::string_view post_id) {
  if (const auto from = json_object(item, "from")) {
    if (auto id = json_id(*from, "id")) return *std::move(id);
  }
  return std::string(page_id_of(post_id));
}

struct Item {
  std::string owner;
  Post post;
};

// Nothing without an id. Unpublished posts (ads, drafts) are not public, and so
// neither items nor losses.
void add_item(JsonElement element, std::vector<Item>& items, int& skipped) {
  JsonObject item;
  auto post =
      items.size() >= page_items_max || element.get(item) ? std::nullopt : decode_post(item);
  if (!post) {
    ++skipped;
  } else if (json_flag(item, "is_published").value_or(true)) {
    items.push_back({owner_of(item, post->id), *std::move(post)});
  }
}

// Whose list it is: the pinned Page's where it wrote any of it, else the first
// writer's, so that the poller can tell another Page's list.
std::string owner_of_list(const std::vector<Item>& items, const std::string& pinned) {
  std::string first;
  for (const Item& item : items) {
    if (!item.owner.empty() && item.owner == pinned) return pinned;
    if (first.empty()) first = item.owner;
  }
  return first;
}

Page page_of(JsonArray data, const Query& query) {
  Page page;
  std::vector<Item> items;
  items.reserve(std::min(data.size(), page_items_max));
  for (const JsonElement element : data) add_item(element, items, page.skipped);
  page.owner_id = owner_of_list(items, query.account.id);
  page.posts.reserve(items.size());
  for (Item& item : items) {
    // Visitors' posts are not the Page's.
    if (item.owner.empty() || item.owner == page.owner_id)
      page.posts.push_back(std::move(item.post));
  }
  return page;
}

std::string_view parameter_in(std::string_view address, std::string_view name) {
  const std::size_t at = address.find(name);
  if (at == std::string_view::npos || at == 0) return {};
  if (address[at - 1] != '?' && address[at - 1] != '&') return {};
  const std::string_view rest = address.substr(at + name.size());
  return rest.substr(0, rest.find('&'));
}

// Out of an address that carries the token, only what says where to read on.
std::optional<std::string> cursor_of_address(std::string_view next) {
  const std::string_view until = parameter_in(next, "until=");
  const std::string_view token = parameter_in(next, "__paging_token=");
  if (!is_graph_id(until) || !is_graph_cursor(token)) return std::nullopt;
  return std::string(until) + '|' + std::string(token);
}

// The list goes on exactly where there is a `next`; a cursor alone stands on the
// last page too (platforms-meta 1.5).
std::optional<std::string> cursor_in(JsonObject edge) {
  const auto paging = json_object(edge, "paging");
  const auto next = paging ? json_text(*paging, "next") : std::nullopt;
  if (!next) return std::string();
  if (!json_object(*paging, "cursors")) return cursor_of_address(*next);
  return graph_cursor_in(edge);
}

// "&after=..." or, where the platform pages by time, "&until=...&__paging_token=...".
std::string paging_of(std::string_view cursor) {
  if (cursor.empty()) return {};
  const std::size_t bar = cursor.find('|');
  if (bar == std::string_view::npos) {
    return is_graph_cursor(cursor) ? "&after=" + percent_encode(cursor) : std::string();
  }
  const std::string_view until = cursor.substr(0, bar);
  const std::string_view token = cursor.substr(bar + 1);
  if (!is_graph_id(until) || !is_graph_cursor(token)) return {};
  std::string out = "&until=" + std::string(until);
  if (!token.empty()) out += "&__paging_token=" + percent_encode(token);
  return out;
}

Reading decode_edge(JsonObject edge, const Query& query) {
  const auto data = json_array(edge, "data");
  if (!data) return graph_malformed("an answer without a list");
  Page page = page_of(*data, query);
  auto next = cursor_in(edge);
  if (!next) return graph_malformed("a paging cursor that cannot be used");
  page.next = *std::move(next);
  return checked_page(std::move(page), query);
}

}  // namespace

Facebook::Facebook(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Facebook::normalise(Account account, std::string& why) const {
  std::string page = facebook_page_in(account.handle);
  if (page.empty()) {
    why =
        "a Page is named by its id in digits, its name of letters, digits and points, or its "
        "address";
    return std::nullopt;
  }
  account.handle = std::move(page);
  if (account.id.empty() && is_graph_id(account.handle)) account.id = account.handle;
  account.host.clear();
  return account;
}

std::optional<HttpRequest> Facebook::resolve_request(const Query& query) const {
  if (is_graph_id(query.account.handle)) return std::nullopt;
  return graph_request(settings_, graph_facebook, query, percent_encode(query.account.handle),
                       "fields=id%2Cname%2Cusername%2Clink");
}

std::variant<Identity, Trouble> Facebook::decode_identity(const Query& query,
                                                          const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const JsonObject page = std::get<JsonObject>(answer);
  auto id = json_id(page, "id");
  if (!id || !is_graph_id(*id)) return graph_malformed("a Page without an id");
  Identity identity{
      .id = *std::move(id),
      .handle = lower_ascii(json_id(page, "username").value_or(query.account.handle))};
  identity.url = "https://www.facebook.com/" + percent_encode(identity.id);
  return identity;
}

HttpRequest Facebook::request(const Query& query) const {
  const std::string& page = query.account.id.empty() ? query.account.handle : query.account.id;
  const std::string parameters = "fields=" + percent_encode(post_fields) +
                                 "&limit=" + std::to_string(page_size) + paging_of(query.cursor);
  return graph_request(settings_, graph_facebook, query, percent_encode(page) + "/posts",
                       parameters);
}

std::optional<HttpRequest> Facebook::batch_request(std::span<const Query> queries) const {
  const bool fits = !queries.empty() && queries.size() <= std::size_t{pages_a_call} &&
                    std::all_of(queries.begin(), queries.end(), [](const Query& query) {
                      return query.credential != nullptr && is_graph_id(query.account.id);
                    });
  if (!fits) return std::nullopt;
  std::string ids;
  for (const Query& query : queries) ids += (ids.empty() ? "" : ",") + query.account.id;
  return graph_request(settings_, graph_facebook, queries.front(), "posts",
                       "ids=" + percent_encode(ids) + "&fields=" + percent_encode(post_fields) +
                           "&limit=" + std::to_string(page_size));
}

// One bad id usually fails them all with its own error; others are said to be left
// out in silence (platforms-meta 1.7).
BatchReading Facebook::decode_batch(std::span<const Query> queries,
                                    const HttpResponse& response) const {
  if (queries.empty()) return {};
  auto answer = graph_object_in(queries.front(), response);
  if (const auto* trouble = std::get_if<Trouble>(&answer)) {
    return {std::vector<Reading>(queries.size(), *trouble)};
  }
  const JsonObject pages = std::get<JsonObject>(answer);
  BatchReading batch;
  for (const Query& query : queries) {
    const auto edge = json_object(pages, query.account.id);
    batch.readings.push_back(edge ? decode_edge(*edge, query)
                                  : graph_malformed("a Page is left out of the answer"));
  }
  return batch;
}

Reading Facebook::decode(const Query& query, const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  return decode_edge(std::get<JsonObject>(answer), query);
}

Headroom Facebook::headroom(const HttpResponse& response) const { return headroom_of(response); }

std::optional<HttpRequest> Facebook::token_request(const Credential& credential) const {
  return graph_token_request(settings_, graph_facebook, credential);
}

std::variant<TokenLife, Trouble> Facebook::decode_token(const HttpResponse& response) const {
  return graph_token_in(response);
}

}  // namespace pw
