#include "connectors/bluesky.h"

#include <algorithm>

#include "connectors/bluesky_post.h"
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

struct Row {
  std::string_view error;
  Outcome outcome;
  Scope scope;
};

// By the error's name, whatever the status (XRPC; lexicons and server, read
// 2026-08). The account's own owner may deactivate it and come back.
constexpr std::array rows = {
    Row{"AccountTakedown", Outcome::suspended, Scope::account},
    Row{"RepoTakendown", Outcome::suspended, Scope::account},
    Row{"RepoSuspended", Outcome::suspended, Scope::account},
    Row{"AccountSuspended", Outcome::suspended, Scope::account},
    Row{"AccountDeactivated", Outcome::not_visible, Scope::account},
    Row{"RepoDeactivated", Outcome::not_visible, Scope::account},
    Row{"RepoNotFound", Outcome::not_visible, Scope::account},
    Row{"HandleNotFound", Outcome::not_visible, Scope::account},
    Row{"DidNotFound", Outcome::not_visible, Scope::account},
    Row{"BlockedActor", Outcome::not_visible, Scope::account},
    Row{"BlockedByActor", Outcome::not_visible, Scope::account},
    Row{"RateLimitExceeded", Outcome::rate_limited, Scope::host},
    Row{"AuthMissing", Outcome::refused, Scope::host},
    Row{"AuthenticationRequired", Outcome::refused, Scope::host},
    Row{"InvalidToken", Outcome::refused, Scope::host},
    Row{"ExpiredToken", Outcome::refused, Scope::host},
    Row{"Forbidden", Outcome::refused, Scope::account},
    Row{"XRPCNotSupported", Outcome::refused, Scope::host},
    Row{"MethodNotImplemented", Outcome::refused, Scope::host},
    Row{"UpstreamFailure", Outcome::unreachable, Scope::host},
    Row{"UpstreamTimeout", Outcome::unreachable, Scope::host},
    Row{"NotEnoughResources", Outcome::unreachable, Scope::host},
    Row{"InternalServerError", Outcome::unreachable, Scope::host},
};

// All of our parameters are valid, so what the server finds invalid is the
// account ("Profile not found", "Unable to resolve handle") or a dead cursor; the
// error's name tells them no further apart.
Trouble invalid_request(const Query& query, std::string_view message) {
  if (!query.cursor.empty() && find_ignoring_case(message, "cursor") != std::string_view::npos) {
    return {.outcome = Outcome::unreachable,
            .detail = "InvalidRequest: the paging cursor has died; the list is read anew"};
  }
  return {.outcome = Outcome::not_visible,
          .detail = "InvalidRequest: no such account, or taken down or deactivated"};
}

std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble || trouble->not_modified) return trouble;
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble;
  const std::string error = json_id(body, "error").value_or("");
  // The reference AppView answers so to a cursor it can not read (captured
  // 2026-11-24, real_feed_bad_cursor.json); that concerns nobody else.
  if (error == "InternalServerError" && !query.cursor.empty()) {
    trouble->scope = Scope::account;
    return trouble;
  }
  if (error == "InvalidRequest" && response.status == 400) {
    return invalid_request(query, json_text(body, "message").value_or(""));
  }
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.error == error; });
  if (row == rows.end()) return trouble;
  trouble->outcome = row->outcome;
  trouble->scope = row->outcome == Outcome::rate_limited ? authority_of(query) : row->scope;
  trouble->detail = "HTTP " + std::to_string(response.status) + ": " + error;
  return trouble;
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
    : settings_(std::move(settings)), declaration_(declared) {
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

HttpRequest Bluesky::get(const Query& query, std::string_view target) const {
  HttpRequest request{
      .url = base_address(settings_.base, "https://public.api.bsky.app", query.account.host) +
             "/xrpc/" + std::string(target)};
  request.headers.push_back({"Accept", "application/json"});
  if (query.credential) {
    request.headers.push_back({"Authorization", "Bearer " + query.credential->token});
  }
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> Bluesky::resolve_request(const Query& query) const {
  if (is_did(query.account.handle)) return std::nullopt;
  return get(query,
             "com.atproto.identity.resolveHandle?handle=" + percent_encode(query.account.handle));
}

std::variant<Identity, Trouble> Bluesky::decode_identity(const Query& query,
                                                         const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
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
  const Account& account = query.account;
  std::string target = "app.bsky.feed.getAuthorFeed?actor=" +
                       percent_encode(account.id.empty() ? account.handle : account.id) +
                       "&limit=" + std::to_string(page_size) +
                       "&filter=posts_with_replies&includePins=false";
  if (!query.cursor.empty()) target += "&cursor=" + percent_encode(query.cursor);
  return get(query, target);
}

Reading Bluesky::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble_of_body(response, "an author feed");
  const auto feed = json_array(body, "feed");
  if (!feed) return Trouble{.detail = "an answer without a feed"};
  Page page;
  for (const JsonElement element : *feed) read_item(element, page);
  page.next = json_text(body, "cursor").value_or("");
  return checked_page(std::move(page), query);
}

Headroom Bluesky::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
