#include "connectors/mastodon.h"

#include <algorithm>
#include <charconv>

#include "connectors/http_status.h"
#include "connectors/mastodon_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr int page_size = 20;  // the server's default; its maximum is 40

constexpr Declaration declared{
    .name = "mastodon",
    .sees = {Surface::post, Surface::repost, Surface::reply},
    .never_sees = {},
    .list = ListKind::complete,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    // Cache-Control: max-age=15, stale-while-revalidate=30.
    .lag = std::chrono::seconds(45),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    // Pins are a list of their own; no post stands before newer ones for being one.
    .shows_pins = true,
    .shows_backdating = true,
    .needs_credential = false,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::seconds(15),
    .host_requests_max = 300,
    .host_window = std::chrono::minutes(5),
    .blind_spots =
        "Followers-only and direct posts never show; servers may close their interface "
        "to strangers; where the software is not Mastodon itself, no server time is "
        "known and posts may be backdated.",
    .source = "Mastodon REST API and server source, read 2026-08",
};

bool is_user_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                  c == '-';
         });
}

struct Name {
  std::string user;
  std::string host;
};

// "@name@host", "name@host", "https://host/@name", "https://host/users/name".
Name split_handle(std::string_view text, std::string_view host) {
  Name name{.user = {}, .host = lower_ascii(host)};
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    name.host = lower_ascii(text.substr(0, slash));
    text.remove_prefix(std::min(slash + 1, text.size()));
    text = text.substr(0, text.find_first_of("?#"));
    if (text.starts_with("users/")) text.remove_prefix(6);
    while (text.ends_with('/')) text.remove_suffix(1);
  }
  if (text.starts_with("acct:")) text.remove_prefix(5);
  if (text.starts_with('@')) text.remove_prefix(1);
  const std::size_t at = text.find('@');
  name.user = lower_ascii(text.substr(0, at));
  if (at != std::string_view::npos) name.host = lower_ascii(text.substr(at + 1));
  return name;
}

// Errors that mean something else here than elsewhere. A 401 is the server's
// choice to close its interface, and concerns every account there. 410 is the
// answer of old servers for accounts they suspended for good.
std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble) return std::nullopt;
  if (response.status == 410) {
    trouble->outcome = Outcome::suspended;
    trouble->detail = "HTTP 410: the server suspended this account for good";
  } else if (response.status == 401) {
    trouble->detail = "HTTP 401: the server answers only those who log in";
  }
  return trouble;
}

// Numeric ids by length, then by digits: they exceed 2^53.
bool is_older(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool is_number(std::string_view id) {
  return !id.empty() &&
         std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string oldest_id(const std::vector<Post>& posts) {
  const bool numbers =
      std::all_of(posts.begin(), posts.end(), [](const Post& post) { return is_number(post.id); });
  if (!numbers) return posts.back().id;
  return std::min_element(posts.begin(), posts.end(),
                          [](const Post& a, const Post& b) { return is_older(a.id, b.id); })
      ->id;
}

// A Link field without "next" means the end, since the server leaves it out when
// a page is not full. Without any Link only an empty page does.
bool ends_here(const HttpResponse& response, const Page& page) {
  if (page.posts.empty()) return true;
  const auto link = response.headers.find("link");
  return link && link->find("rel=\"next\"") == std::string_view::npos &&
         link->find("rel=next") == std::string_view::npos;
}

// Items of several accounts in one account's list are the server's mistake; the
// first to name an owner decides, the others' items are counted as unreadable.
void read_item(JsonElement element, Page& page) {
  auto post = page.posts.size() < page_items_max ? decode_status(element) : std::nullopt;
  std::string owner = post ? owner_of_status(element) : std::string{};
  if (page.owner_id.empty()) page.owner_id = owner;
  if (!post || (!owner.empty() && owner != page.owner_id)) {
    ++page.skipped;
    return;
  }
  page.posts.push_back(*std::move(post));
}

void read_owner_handle(JsonArray list, std::string_view host, Page& page) {
  JsonObject first;
  if (list.size() == 0 || list.at(0).get(first)) return;
  const auto account = json_object(first, "account");
  const auto acct = account ? json_id(*account, "acct") : std::nullopt;
  if (!acct) return;
  page.owner_handle = lower_ascii(*acct);
  if (page.owner_handle.find('@') == std::string::npos)
    page.owner_handle += '@' + std::string(host);
}

}  // namespace

std::optional<Instant> instant_of_snowflake(std::string_view id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (!is_number(id) || error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return instant_of_ms(number >> 16);
}

Mastodon::Mastodon(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Mastodon::normalise(Account account, std::string& why) const {
  const Name name = split_handle(trimmed(account.handle), account.host);
  if (!is_host_name(name.host)) {
    why = "a Mastodon handle names its home server, as in name@example.org";
    return std::nullopt;
  }
  if (!is_user_name(name.user)) {
    why = "a Mastodon name has 1 to 64 letters, digits, underscores, points and hyphens";
    return std::nullopt;
  }
  account.handle = name.user + '@' + name.host;
  account.host = name.host;
  return account;
}

HttpRequest Mastodon::get(const Query& query, std::string_view target) const {
  HttpRequest request{.url = base_address(settings_.base, "https://{host}", query.account.host) +
                             std::string(target)};
  request.headers.push_back({"Accept", "application/json"});
  if (query.credential) {
    request.headers.push_back({"Authorization", "Bearer " + query.credential->token});
  }
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Mastodon::resolve_request(const Query& query) const {
  const std::string_view handle = query.account.handle;
  return get(query,
             "/api/v1/accounts/lookup?acct=" + percent_encode(handle.substr(0, handle.find('@'))));
}

std::variant<Identity, Trouble> Mastodon::decode_identity(const Query& query,
                                                          const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject account;
  if (!root || root->get(account)) return trouble_of_body(response, "an account");
  auto id = json_id(account, "id");
  const auto acct = json_id(account, "acct");
  if (!id || !acct) return Trouble{.detail = "an account without an id"};
  if (json_flag(account, "suspended").value_or(false)) {
    return Trouble{.outcome = Outcome::suspended, .detail = "the server suspended this account"};
  }
  Identity identity{.id = *std::move(id), .handle = lower_ascii(*acct)};
  if (identity.handle.find('@') == std::string::npos) identity.handle += '@' + query.account.host;
  identity.url = json_link(account, "url");
  return identity;
}

HttpRequest Mastodon::request(const Query& query) const {
  std::string target = "/api/v1/accounts/" + percent_encode(query.account.id) +
                       "/statuses?limit=" + std::to_string(page_size);
  if (!query.cursor.empty()) target += "&max_id=" + percent_encode(query.cursor);
  return get(query, target);
}

Reading Mastodon::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonArray list;
  if (!root || root->get(list)) return trouble_of_body(response, "a list of statuses");
  Page page;
  for (const JsonElement element : list) read_item(element, page);
  read_owner_handle(list, query.account.host, page);
  if (!ends_here(response, page)) page.next = oldest_id(page.posts);
  return checked_page(std::move(page), query);
}

Headroom Mastodon::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
