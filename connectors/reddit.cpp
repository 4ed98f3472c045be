#include "connectors/reddit.h"

#include <algorithm>

#include "connectors/bearer_request.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/reddit_thing.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr Declaration declared{
    .name = "reddit",
    .sees = {Surface::post, Surface::repost, Surface::comment},
    .never_sees = {Surface::live},
    .list = ListKind::capped,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    .lag = std::chrono::seconds(60),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = 100,
    .cost = 1,
    .interval_floor = std::chrono::seconds(15),
    .host_requests_max = 1000,
    .host_window = std::chrono::minutes(10),
    .blind_spots =
        "About 1,000 posts and comments back; private communities and profiles that hide "
        "their history do not show; how soon a listing shows a post is not documented and "
        "assumed; a token lives for hours and has to be renewed beside the daemon.",
    .source = "Reddit API documentation, archived source and recordings, read 2026-08",
    .terms =
        "Reddit's Responsible Builder Policy and Data API terms: every use needs Reddit's "
        "explicit approval of its purpose",
};

bool is_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 20 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

std::string name_in(std::string_view text) {
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string host = lower_ascii(text.substr(0, slash));
    if (host != "reddit.com" && !host.ends_with(".reddit.com")) return {};
    text.remove_prefix(slash);
    if (!text.starts_with("/u/") && !text.starts_with("/user/")) return {};
  }
  if (text.starts_with('/')) text.remove_prefix(1);
  for (const std::string_view prefix : {"u/", "user/"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  text = text.substr(0, text.find_first_of("/?#"));
  if (text.starts_with('@')) text.remove_prefix(1);
  return std::string(text);
}

// A token that ran out is 401 for whoever sent it; a block page for a missing
// User-Agent is 403 and HTML, and concerns the whole host.
std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble) return std::nullopt;
  if (response.status == 403 && is_html(response)) {
    trouble->scope = Scope::host;
    trouble->detail = "HTTP 403: a block page";
  }
  if (response.status == 400 || response.status == 403) {
    const auto root = parse_json_object(response.body);
    const auto reason = root ? json_text(*root, "reason") : std::nullopt;
    if (reason == "USER_DOESNT_EXIST") trouble->outcome = Outcome::not_visible;
    if (reason == "private") trouble->outcome = Outcome::protected_;
  }
  return trouble;
}

std::optional<JsonObject> data_of(const HttpResponse& response, std::string_view kind) {
  const auto root = parse_json_object(response.body);
  if (!root || json_text(*root, "kind") != kind) return std::nullopt;
  return json_object(*root, "data");
}

void read_thing(JsonElement element, Page& page) {
  if (is_deleted_thing(element)) return;
  auto post = page.posts.size() < page_items_max ? decode_thing(element) : std::nullopt;
  const std::string author = post ? author_of_thing(element) : std::string{};
  add_owned(page, std::move(post), author);
}

}  // namespace

Reddit::Reddit(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Reddit::normalise(Account account, std::string& why) const {
  account.handle = name_in(trimmed(account.handle));
  if (!is_name(account.handle)) {
    why = "a Reddit name has 3 to 20 letters, digits, underscores and hyphens";
    return std::nullopt;
  }
  return account;
}

HttpRequest Reddit::get(const Query& query, std::string_view target) const {
  return bearer_request(
      base_address(settings_.base, "https://oauth.reddit.com", "") + std::string(target), query,
      settings_.allowance);
}

std::optional<HttpRequest> Reddit::resolve_request(const Query& query) const {
  return get(query, "/user/" + percent_encode(query.account.handle) + "/about?raw_json=1");
}

std::variant<Identity, Trouble> Reddit::decode_identity(const Query& query,
                                                        const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto data = data_of(response, "t2");
  if (!data) return trouble_of_body(response, "an account");
  if (json_flag(*data, "is_suspended").value_or(false)) {
    return Trouble{.outcome = Outcome::suspended, .detail = "Reddit suspended this account"};
  }
  const auto id = json_id(*data, "id");
  const auto name = json_id(*data, "name");
  if (!id || !name) return Trouble{.detail = "an account without an id"};
  return Identity{.id = (id->starts_with("t2_") ? "" : "t2_") + *id,
                  .handle = *name,
                  .url = "https://www.reddit.com/user/" + *name};
}

HttpRequest Reddit::request(const Query& query) const {
  std::string target = "/user/" + percent_encode(query.account.handle) +
                       "/overview?sort=new&limit=" + std::to_string(declared.page_size) +
                       "&raw_json=1";
  if (!query.cursor.empty()) target += "&after=" + percent_encode(query.cursor);
  return get(query, target);
}

Reading Reddit::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto data = data_of(response, "Listing");
  const auto children = data ? json_array(*data, "children") : std::nullopt;
  if (!children) return trouble_of_body(response, "a listing");
  Page page;
  for (const JsonElement element : *children) read_thing(element, page);
  page.next = json_id(*data, "after").value_or("");
  return checked_page(std::move(page), query);
}

Headroom Reddit::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
