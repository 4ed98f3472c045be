#include "connectors/bluesky.h"

#include <algorithm>

#include "connectors/bearer_request.h"
#include "connectors/bluesky_errors.h"
#include "connectors/bluesky_post.h"
#include "connectors/bluesky_repo.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// The lexicon's default. Its maximum of 100 would double the bytes of every look
// and still not reach a post backdated by a year; older pages cost a cursor.
constexpr int page_size = 50;

constexpr Declaration declared{
    .name = "bluesky",
    .sees = {Surface::post, Surface::repost, Surface::reply},
    .never_sees = {Surface::live},
    .list = ListKind::whole,
    .clock = PostClock::poster,
    .clock_precision = Millis{1},
    .lag = Millis{0},  // the server that is asked is the one that is written to
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = true,
    .has_home = true,
    .needs_credential = false,
    .page_size = 100,
    .pages_max = 200,
    .cost = 1,
    .probe = ProbeProves::silence,
    .push = Push::stream,
    .interval_floor = std::chrono::seconds(10),
    // Of each server; taken for all of them together, since where an account lives
    // is known only when it is looked for.
    .host_requests_max = 3000,
    .host_window = std::chrono::minutes(5),
    .blind_spots =
        "What an account's own server says is believed: a server that its owner runs "
        "could hide posts from us; no time in a record is a server's stamp; more than "
        "20,000 posts and reposts cannot be read whole; live badges do not show.",
    .source = "AT Protocol lexicons and reference server, read 2026-08",
};

// An AppView alone.
constexpr Declaration declared_of_view{
    .name = "bluesky",
    .sees = {Surface::post, Surface::repost, Surface::reply},
    .never_sees = {Surface::live},
    .list = ListKind::claimed_order,
    .clock = PostClock::poster,
    .clock_precision = Millis{1},
    // The public AppView is cached for a short, undocumented time.
    .lag = std::chrono::seconds(30),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = false,
    .needs_credential = false,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::seconds(10),
    .blind_spots =
        "The feed is sorted by the earlier of the time a poster declares and the time "
        "the AppView saw the post, so a backdated post stands deep in it; no time in it "
        "is a server's stamp; live badges do not show.",
    .source = "app.bsky.feed lexicons and AT Protocol reference server, read 2026-08",
};

bool is_handle(std::string_view text) {
  if (!is_host_name(text) || text.find('.') == std::string_view::npos) return false;
  const char first_of_last = text[text.rfind('.') + 1];
  return first_of_last < '0' || first_of_last > '9';
}

// "@name", "at://name", "https://bsky.app/profile/name/post/x" → "name"
std::string_view handle_in(std::string_view text) {
  constexpr std::string_view profile = "/profile/";
  if (is_web_address(text) && text.find(profile) != std::string_view::npos) {
    text.remove_prefix(text.find(profile) + profile.size());
  }
  if (text.starts_with("at://")) text.remove_prefix(5);
  if (text.starts_with('@')) text.remove_prefix(1);
  return text.substr(0, text.find_first_of("/?#"));
}

void read_item(JsonElement element, Page& page) {
  auto item = page.posts.size() < page_items_max ? decode_feed_item(element) : std::nullopt;
  if (item && page.owner_id.empty()) {
    page.owner_id = item->owner;
    page.owner_handle = item->owner_handle;
  }
  if (!item || item->owner != page.owner_id) {
    ++page.skipped;
    return;
  }
  page.posts.push_back(std::move(item->post));
}

}  // namespace

bool is_did(std::string_view text) {
  constexpr std::string_view plc = "did:plc:";
  constexpr std::string_view web = "did:web:";
  if (text.starts_with(web)) return is_host_name(text.substr(web.size()));
  if (!text.starts_with(plc) || text.size() != plc.size() + 24) return false;
  return std::all_of(text.begin() + plc.size(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

Bluesky::Bluesky(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(reads_homes() ? declared : declared_of_view) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Bluesky::normalise(Account account, std::string& why) const {
  const std::string text(handle_in(trimmed(account.handle)));
  account.host.clear();
  if (is_did(text)) {
    account.handle = text;
    account.id = text;
    return account;
  }
  account.handle = lower_ascii(text);
  if (is_handle(account.handle)) return account;
  why = text.starts_with("did:")
            ? "a DID is did:plc: and 24 characters of a-z and 2-7, or did:web: "
              "and a host name"
            : "a Bluesky handle is a domain name, as in name.bsky.social";
  return std::nullopt;
}

bool Bluesky::reads_homes() const {
  return settings_.base.empty() || !settings_.home.empty() || !settings_.directory.empty();
}

HttpRequest Bluesky::get(std::string address, const Query& query, bool trusted) const {
  if (trusted) return bearer_request(std::move(address), query, settings_.allowance);
  HttpRequest request{.url = std::move(address)};
  request.headers.push_back({"Accept", "application/json"});
  return request;
}

HttpRequest Bluesky::call_view(const Query& query, std::string_view target) const {
  std::string address =
      base_address(settings_.base, "https://public.api.bsky.app", query.account.host) + "/xrpc/" +
      std::string(target);
  return get(std::move(address), query, /*trusted=*/true);
}

// The token of an AppView is not for the servers that a DID document names.
HttpRequest Bluesky::call_home(const Query& query, std::string_view target) const {
  const std::string own = base_address(settings_.home, "", "");
  const std::string& named = query.account.home;
  const bool trusted = !own.empty() && (named.empty() || named == own);
  HttpRequest request =
      get((trusted ? own : named) + "/xrpc/" + std::string(target), query, /*trusted=*/false);
  if (trusted) request.allowance = &settings_.allowance;
  return request;
}

// Where every account's server is configured and no directory is, there is none to
// be found.
std::optional<HttpRequest> Bluesky::home_request(const Query& query) const {
  const bool found = !settings_.home.empty() && settings_.directory.empty();
  if (!reads_homes() || found) return std::nullopt;
  HttpRequest request = get(did_document_address(query.account.id, settings_.directory), query,
                            /*trusted=*/false);
  const bool asks_directory = query.account.id.starts_with("did:plc:");
  if (asks_directory && !settings_.directory.empty()) request.allowance = &settings_.allowance;
  return request;
}

std::variant<Home, Trouble> Bluesky::decode_home(const Query& query,
                                                 const HttpResponse& response) const {
  return decode_did_document(query, response, settings_.home);
}

std::optional<HttpRequest> Bluesky::probe_request(std::span<const Query> queries) const {
  if (!reads_homes() || queries.size() != 1) return std::nullopt;
  return call_home(queries[0], latest_commit_target(queries[0].account.id));
}

std::vector<ProbeReading> Bluesky::decode_probe(std::span<const Query> queries,
                                                const HttpResponse& response) const {
  std::vector<ProbeReading> readings;
  for (const Query& query : queries) readings.push_back(decode_latest_commit(query, response));
  return readings;
}

std::optional<HttpRequest> Bluesky::resolve_request(const Query& query) const {
  if (is_did(query.account.handle)) return std::nullopt;
  return call_view(
      query, "com.atproto.identity.resolveHandle?handle=" + percent_encode(query.account.handle));
}

std::variant<Identity, Trouble> Bluesky::decode_identity(const Query& query,
                                                         const HttpResponse& response) const {
  if (auto trouble = bluesky_trouble(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "a DID");
  auto did = json_id(body, "did");
  if (!did || !is_did(*did)) return Trouble{.detail = "an answer without a DID"};
  Identity identity{.id = *did, .handle = query.account.handle};
  identity.url = "https://bsky.app/profile/" + *did;
  return identity;
}

HttpRequest Bluesky::request(const Query& query) const {
  if (reads_homes()) return call_home(query, list_records_target(query));
  const Account& account = query.account;
  std::string target = "app.bsky.feed.getAuthorFeed?actor=" +
                       percent_encode(account.id.empty() ? account.handle : account.id) +
                       "&limit=" + std::to_string(page_size) +
                       "&filter=posts_with_replies&includePins=false";
  if (!query.cursor.empty()) target += "&cursor=" + percent_encode(query.cursor);
  return call_view(query, target);
}

Reading Bluesky::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = bluesky_trouble(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "an author feed");
  if (json_array(body, "records")) return decode_records(query, response);
  const auto feed = json_array(body, "feed");
  if (!feed) return Trouble{.detail = "an answer without a feed"};
  Page page;
  for (const JsonElement element : *feed) read_item(element, page);
  page.next = json_text(body, "cursor").value_or("");
  return checked_page(std::move(page), query);
}

Headroom Bluesky::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
