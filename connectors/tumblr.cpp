#include "connectors/tumblr.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/tumblr_post.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr int page_size = 20;  // the interface's maximum

constexpr Declaration declared{
    .name = "tumblr",
    .sees = {Surface::post, Surface::repost},
    .never_sees = {Surface::reply, Surface::live},
    .list = ListKind::claimed_order,
    .clock = PostClock::poster,
    .clock_precision = Millis{1000},
    .lag = std::chrono::seconds(60),
    .stable_id = true,
    .shows_edits = false,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = false,
    .needs_credential = true,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::seconds(60),
    .host_requests_max = 300,
    .host_window = std::chrono::minutes(1),
    .blind_spots =
        "Posts are sorted by a time that the poster sets and may set back; replies in notes, "
        "private blogs and blogs shown only to those who logged in do not appear; a key has "
        "1,000 requests an hour and 5,000 a day; how soon the list shows a post is assumed.",
    .source = "Tumblr API v2 documentation and NPF specification, read 2026-08",
};

bool is_blog_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// "name", a host, or the first name in an address at www.tumblr.com.
std::string name_in(std::string_view text) {
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string host = lower_ascii(text.substr(0, slash));
    if (host != "tumblr.com" && host != "www.tumblr.com") {
      text = text.substr(0, slash);
    } else {
      text.remove_prefix(std::min(slash + 1, text.size()));
      if (text.starts_with("blog/view/")) text.remove_prefix(10);
      text = text.substr(0, text.find_first_of("/?#"));
    }
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  std::string name = lower_ascii(text);
  constexpr std::string_view own = ".tumblr.com";
  if (name.ends_with(own)) name.resize(name.size() - own.size());
  return name;
}

std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (trouble && trouble->outcome == Outcome::gone) trouble->outcome = Outcome::not_visible;
  return trouble;
}

std::optional<JsonObject> body_of(const HttpResponse& response) {
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) return std::nullopt;
  return json_object(object, "response");
}

// An offset beyond 2^31 is no place in a blog.
std::int64_t offset_of(std::string_view cursor) {
  std::int32_t offset = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  return error == std::errc{} && end == cursor.data() + cursor.size() && offset > 0 ? offset : 0;
}

// Items that stand on the page twice: counted as read, they would make the list end
// before it does.
std::size_t repeated_in(const Page& page) {
  std::set<std::string_view> ids;
  for (const Post& post : page.posts) ids.insert(post.id);
  return page.posts.size() - ids.size();
}

// The next page's offset, while the blog counts more than was read. A short page
// in the middle is followed by another one.
std::string next_of(JsonObject body, const Query& query, std::size_t items) {
  const auto total = json_integer(body, "total_posts");
  const std::int64_t reached = offset_of(query.cursor) + static_cast<std::int64_t>(items);
  const bool more = total ? reached < *total : items == static_cast<std::size_t>(page_size);
  return items > 0 && more ? std::to_string(reached) : std::string();
}

void read_owner(JsonObject body, const Query& query, Page& page) {
  const auto blog = json_object(body, "blog");
  if (!blog) return;
  page.owner_id = json_id(*blog, "uuid").value_or("");
  const bool by_name = query.account.handle.find('.') == std::string::npos;
  if (by_name) page.owner_handle = lower_ascii(json_id(*blog, "name").value_or(""));
}

}  // namespace

Tumblr::Tumblr(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Tumblr::normalise(Account account, std::string& why) const {
  account.handle = name_in(trimmed(account.handle));
  if (is_blog_name(account.handle) ||
      (account.handle.find('.') != std::string::npos && is_host_name(account.handle))) {
    return account;
  }
  why = "a Tumblr blog has a name of 1 to 32 letters, digits and hyphens, or its own domain";
  return std::nullopt;
}

HttpRequest Tumblr::get(const Query& query, std::string target) const {
  HttpRequest request{.url = base_address(settings_.base, "https://api.tumblr.com", "") + target};
  if (query.credential) {
    request.url += request.url.find('?') == std::string::npos ? '?' : '&';
    request.url += "api_key=" + percent_encode(query.credential->token);
  }
  request.headers.push_back({"Accept", "application/json"});
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Tumblr::resolve_request(const Query& query) const {
  return get(query, "/v2/blog/" + percent_encode(query.account.handle) + "/info");
}

std::variant<Identity, Trouble> Tumblr::decode_identity(const Query& query,
                                                        const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto body = body_of(response);
  const auto blog = body ? json_object(*body, "blog") : std::nullopt;
  if (!blog) return trouble_of_body(response, "a blog");
  auto id = json_id(*blog, "uuid");
  const auto name = json_id(*blog, "name");
  if (!id || !name) return Trouble{.detail = "a blog without an id"};
  return Identity{
      .id = *std::move(id), .handle = lower_ascii(*name), .url = json_link(*blog, "url")};
}

HttpRequest Tumblr::request(const Query& query) const {
  std::string target = "/v2/blog/" + percent_encode(query.account.id) +
                       "/posts?limit=" + std::to_string(page_size) + "&npf=true&reblog_info=true";
  const std::int64_t offset = offset_of(query.cursor);
  if (offset > 0) target += "&offset=" + std::to_string(offset);
  return get(query, std::move(target));
}

Reading Tumblr::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto body = body_of(response);
  const auto posts = body ? json_array(*body, "posts") : std::nullopt;
  if (!posts) return trouble_of_body(response, "a list of posts");
  Page page;
  for (const JsonElement element : *posts) {
    if (is_unpublished(element)) continue;
    auto post = page.posts.size() < page_items_max ? decode_tumblr_post(element) : std::nullopt;
    if (post)
      page.posts.push_back(*std::move(post));
    else
      ++page.skipped;
  }
  read_owner(*body, query, page);
  page.next = next_of(*body, query, posts->size() - repeated_in(page));
  return checked_page(std::move(page), query);
}

Headroom Tumblr::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
