#include "connectors/mastodon.h"

#include <algorithm>
#include <charconv>

#include "connectors/bearer_request.h"
#include "connectors/fediverse_handle.h"
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
    .batch_size = 40,
    // statuses_count counts less and later than the list shows, last_status_at is
    // a date: equal ones prove nothing.
    .probe = ProbeProves::change,
    .interval_floor = std::chrono::seconds(15),
    .host_requests_max = 300,
    .host_window = std::chrono::minutes(5),
    .blind_spots =
        "Followers-only and direct posts never show; servers may close their interface "
        "to strangers; where the software is not Mastodon itself, no server time is "
        "known and posts may be backdated, so that only a list that was read to its end "
        "proves anything.",
    .source = "Mastodon REST API and server source, read 2026-08",
};

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

// Whatever of an account moves when it publishes, or when its server shuts it off.
ProbeReading token_of(JsonObject account) {
  const auto count = json_integer(account, "statuses_count");
  if (!count) return Trouble{.detail = "an account without a count of its statuses"};
  return std::to_string(*count) + ' ' +
         std::string(json_text(account, "last_status_at").value_or("")) +
         (json_flag(account, "suspended").value_or(false) ? " suspended" : "") +
         (json_object(account, "moved") ? " moved" : "");
}

// Whoever moved posts elsewhere, and this account is left behind.
std::optional<Trouble> trouble_of_move(JsonObject account) {
  const auto moved = json_object(account, "moved");
  if (!moved) return std::nullopt;
  return Trouble{.outcome = Outcome::renamed,
                 .detail = "the account has moved to " + json_clean_text(*moved, "acct")};
}

std::optional<Trouble> trouble_of_owner(JsonArray list) {
  JsonObject first;
  if (list.size() == 0 || list.at(0).get(first)) return std::nullopt;
  const auto account = json_object(first, "account");
  return account ? trouble_of_move(*account) : std::nullopt;
}

// Items of several accounts in one account's list are the server's mistake; the
// first to name an owner decides, the others' items are counted as unreadable.
void read_item(JsonElement element, Page& page) {
  auto post = page.posts.size() < page_items_max ? decode_status(element) : std::nullopt;
  const std::string owner = post ? owner_of_status(element) : std::string{};
  add_owned(page, std::move(post), owner);
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
  return normalise_fediverse(std::move(account), "a Mastodon", why);
}

HttpRequest Mastodon::get(const Query& query, std::string_view target) const {
  return bearer_request(
      base_address(settings_.base, "https://{host}", query.account.host) + std::string(target),
      query, settings_.allowance);
}

std::optional<HttpRequest> Mastodon::resolve_request(const Query& query) const {
  const std::string_view handle = query.account.handle;
  return get(query,
             "/api/v1/accounts/lookup?acct=" + percent_encode(handle.substr(0, handle.find('@'))));
}

std::variant<Identity, Trouble> Mastodon::decode_identity(const Query& query,
                                                          const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto account = parse_json_object(response.body);
  if (!account) return trouble_of_body(response, "an account");
  auto id = json_id(*account, "id");
  const auto acct = json_id(*account, "acct");
  if (!id || !acct) return Trouble{.detail = "an account without an id"};
  if (json_flag(*account, "suspended").value_or(false)) {
    return Trouble{.outcome = Outcome::suspended, .detail = "the server suspended this account"};
  }
  if (auto trouble = trouble_of_move(*account)) return *std::move(trouble);
  Identity identity{.id = *std::move(id), .handle = lower_ascii(*acct)};
  if (identity.handle.find('@') == std::string::npos) identity.handle += '@' + query.account.host;
  identity.url = json_link(*account, "url");
  return identity;
}

std::optional<HttpRequest> Mastodon::probe_request(std::span<const Query> queries) const {
  std::string target;
  for (const Query& query : queries) {
    if (query.account.host != queries[0].account.host || query.account.id.empty()) {
      return std::nullopt;
    }
    target += (target.empty() ? "/api/v1/accounts?id%5B%5D=" : "&id%5B%5D=") +
              percent_encode(query.account.id);
  }
  if (target.empty()) return std::nullopt;
  return get(queries[0], target);
}

std::vector<ProbeReading> Mastodon::decode_probe(std::span<const Query> queries,
                                                 const HttpResponse& response) const {
  const Trouble absent{.outcome = Outcome::not_visible, .detail = "not among the accounts"};
  std::vector<ProbeReading> readings(queries.size(), ProbeReading(absent));
  if (queries.empty()) return readings;
  const auto fill = [&](const Trouble& trouble) {
    std::fill(readings.begin(), readings.end(), ProbeReading(trouble));
  };
  if (const auto trouble = trouble_in(queries[0], response)) {
    fill(*trouble);
    return readings;
  }
  const auto root = parse_json(response.body);
  JsonArray list;
  if (!root || root->get(list)) {
    fill(trouble_of_body(response, "a list of accounts"));
    return readings;
  }
  for (const JsonElement element : list) {
    JsonObject account;
    if (element.get(account)) continue;
    const auto id = json_id(account, "id");
    for (std::size_t i = 0; id && i < queries.size(); ++i) {
      if (queries[i].account.id == *id) readings[i] = token_of(account);
    }
  }
  return readings;
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
  if (auto trouble = trouble_of_owner(list)) return *std::move(trouble);
  Page page;
  for (const JsonElement element : list) read_item(element, page);
  read_owner_handle(list, query.account.host, page);
  if (!ends_here(response, page)) page.next = oldest_id(page.posts);
  return checked_page(std::move(page), query);
}

Headroom Mastodon::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
