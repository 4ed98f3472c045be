#include "connectors/x.h"

#include <algorithm>
#include <charconv>

#include "connectors/bearer_request.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "connectors/x_post.h"

namespace pw {
namespace {

constexpr Declaration declared{
    .name = "x",
    .sees = {Surface::post, Surface::repost, Surface::reply},
    .never_sees = {Surface::live},
    .list = ListKind::capped,
    .clock = PostClock::server,
    .clock_precision = Millis{1},
    // Search ends half a minute before now; of timelines nothing is documented.
    .lag = std::chrono::seconds(30),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = 10,
    .cost = 1,
    .push = Push::webhook,
    .interval_floor = std::chrono::seconds(15),
    .host_requests_max = 10'000,
    .host_window = std::chrono::minutes(15),
    .blind_spots =
        "Protected accounts and live audio never show; 3,200 posts back at most; how soon a "
        "timeline shows a post is not documented and assumed; X requires that stored "
        "content is deleted when it is deleted there.",
    .source = "X API v2 documentation and OpenAPI 2.167, read 2026-08",
    .terms =
        "X's developer agreement: monitoring sensitive events, and tracking users, need X's "
        "written approval",
};

constexpr std::string_view fields =
    "tweet.fields=created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,"
    "possibly_sensitive,lang,edit_controls,withheld&expansions=author_id,referenced_tweets.id";

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 15 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string name_in(std::string_view text) {
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string host = lower_ascii(text.substr(0, slash));
    for (const std::string_view prefix : {"www.", "mobile."}) {
      if (host.starts_with(prefix)) host.erase(0, prefix.size());
    }
    if (host != "x.com" && host != "twitter.com") return {};
    text.remove_prefix(std::min(slash + 1, text.size()));
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return lower_ascii(text);
}

// "https://api.x.com/2/problems/resource-not-found" and the same at
// api.twitter.com: the last part of the path counts.
std::string problem_of(JsonObject error) {
  const std::string_view type = json_text(error, "type").value_or("");
  return std::string(type.substr(type.find_last_of('/') + 1));
}

// A problem that the body names, at the top or as the first of `errors`.
std::optional<Trouble> trouble_of_problem(JsonObject error, const Query& query,
                                          const HttpResponse& response) {
  const std::string problem = problem_of(error);
  const std::string_view title = json_text(error, "title").value_or("");
  Trouble trouble{.detail = "HTTP " + std::to_string(response.status) + ": " + problem};
  if (problem == "resource-not-found") {
    const bool suspended = title == "Forbidden";
    trouble.outcome = suspended ? Outcome::suspended : Outcome::not_visible;
  } else if (problem == "not-authorized-for-resource") {
    trouble.outcome = Outcome::protected_;
  } else if (problem == "usage-capped" || title == "CreditsDepleted") {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = Scope::app;
    trouble.detail = "HTTP " + std::to_string(response.status) + ": the app's credits are spent";
  } else if (problem == "client-forbidden" || problem == "unsupported-authentication") {
    trouble.outcome = Outcome::refused;
    trouble.scope = authority_of(query);
  } else if (problem == "invalid-request") {
    // An old page token is a bad request, and nobody's fault.
    trouble.outcome = query.cursor.empty() ? Outcome::refused : Outcome::unreachable;
  } else if (json_integer(error, "code") == 88) {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = authority_of(query);
    trouble.retry_after = trouble_of_status(response, trouble.scope).value_or(trouble).retry_after;
  } else {
    return std::nullopt;
  }
  return trouble;
}

std::optional<Trouble> trouble_of_errors(JsonObject root, const Query& query,
                                         const HttpResponse& response) {
  if (auto trouble = trouble_of_problem(root, query, response)) return trouble;
  const auto errors = json_array(root, "errors");
  if (!errors) return std::nullopt;
  for (const JsonElement element : *errors) {
    JsonObject error;
    if (element.get(error)) continue;
    if (auto trouble = trouble_of_problem(error, query, response)) return trouble;
  }
  return Trouble{.outcome = Outcome::malformed, .detail = "an error that nobody documents"};
}

// What an answer says before its data is read. Errors beside data concern others
// (a quoted post of a protected account) and are no trouble.
std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) {
  const auto root = parse_json_object(response.body);
  if (root && !(*root)["data"].error()) return trouble_of_status(response, authority_of(query));
  if (root && response.status != 304) {
    auto trouble = trouble_of_errors(*root, query, response);
    const bool is_known = trouble && trouble->outcome != Outcome::malformed;
    if (is_known || (trouble && response.status == 200)) return trouble;
  }
  if (response.status == 402) {
    return Trouble{.outcome = Outcome::rate_limited,
                   .scope = Scope::app,
                   .detail = "HTTP 402: the app's credits are spent"};
  }
  auto trouble = trouble_of_status(response, authority_of(query));
  if (trouble && response.status == 403 && trouble->outcome == Outcome::refused) {
    trouble->scope = authority_of(query);  // "not permitted to access this feature"
  }
  return trouble;
}

void read_item(JsonElement element, Page& page) {
  auto post = page.posts.size() < page_items_max ? decode_x_post(element) : std::nullopt;
  const std::string author = post ? author_of_x_post(element) : std::string{};
  add_owned(page, std::move(post), author);
}

// The name that `includes.users` gives the list's owner.
void read_owner_handle(JsonObject root, Page& page) {
  const auto includes = json_object(root, "includes");
  const auto users = includes ? json_array(*includes, "users") : std::nullopt;
  if (!users) return;
  for (const JsonElement element : *users) {
    JsonObject user;
    if (element.get(user) || json_id(user, "id") != page.owner_id) continue;
    page.owner_handle = lower_ascii(json_id(user, "username").value_or(""));
  }
}

}  // namespace

std::optional<Instant> instant_of_x_id(std::string_view id) {
  constexpr std::int64_t epoch_ms = 1'288'834'974'657;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool whole = !id.empty() && error == std::errc{} && end == id.data() + id.size();
  if (!whole || number < 0) return std::nullopt;
  return instant_of_ms((number >> 22) + epoch_ms);
}

X::X(ConnectorSettings settings) : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> X::normalise(Account account, std::string& why) const {
  account.handle = name_in(trimmed(account.handle));
  if (!is_name(account.handle)) {
    why = "an X name has 1 to 15 letters, digits and underscores";
    return std::nullopt;
  }
  return account;
}

HttpRequest X::get(const Query& query, std::string_view target) const {
  return bearer_request(base_address(settings_.base, "https://api.x.com", "") + std::string(target),
                        query, settings_.allowance);
}

std::optional<HttpRequest> X::resolve_request(const Query& query) const {
  return get(query, "/2/users/by?usernames=" + percent_encode(query.account.handle));
}

std::variant<Identity, Trouble> X::decode_identity(const Query& query,
                                                   const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json_object(response.body);
  const auto users = root ? json_array(*root, "data") : std::nullopt;
  JsonObject user;
  if (!users || users->size() == 0 || users->at(0).get(user)) {
    return trouble_of_body(response, "a user");
  }
  auto id = json_id(user, "id");
  const auto name = json_id(user, "username");
  if (!id || !name) return Trouble{.detail = "a user without an id"};
  return Identity{.id = *std::move(id),
                  .handle = lower_ascii(*name),
                  .url = "https://x.com/" + lower_ascii(*name)};
}

HttpRequest X::request(const Query& query) const {
  std::string target = "/2/users/" + percent_encode(query.account.id) +
                       "/tweets?max_results=" + std::to_string(declared.page_size) + '&' +
                       std::string(fields);
  if (!query.cursor.empty()) target += "&pagination_token=" + percent_encode(query.cursor);
  return get(query, target);
}

Reading X::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_in(query, response)) return *std::move(trouble);
  const auto root = parse_json_object(response.body);
  if (!root) return trouble_of_body(response, "a list of posts");
  const auto data = json_array(*root, "data");
  const auto meta = json_object(*root, "meta");
  // Without data an answer is an empty list only where it counts none.
  if (!data && !(meta && json_integer(*meta, "result_count") == 0)) {
    return trouble_of_body(response, "a list of posts");
  }
  Page page;
  if (data) {
    for (const JsonElement element : *data) read_item(element, page);
  }
  read_owner_handle(*root, page);
  if (meta) page.next = json_id(*meta, "next_token").value_or("");
  return checked_page(std::move(page), query);
}

Headroom X::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
