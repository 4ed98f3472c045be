#include "connectors/tiktok.h"

#include <algorithm>
#include <charconv>

#include "connectors/bearer_request.h"
#include "connectors/http_status.h"
#include "connectors/json.h"
#include "connectors/page_limit.h"
#include "connectors/post_marks.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr int page_size = 100;
constexpr std::chrono::days days_asked{29};  // and today: a span of 30 at most

constexpr Declaration declared{
    .name = "tiktok",
    .sees = {Surface::reel},
    .never_sees = {Surface::story, Surface::live, Surface::repost, Surface::comment},
    // No order is documented, and a page may hold fewer than were asked for.
    .list = ListKind::ranked,
    .clock = PostClock::server,
    .clock_precision = Millis{1000},
    .lag = std::chrono::hours(48),
    .stable_id = false,
    .shows_edits = false,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = page_size,
    .cost = 1,
    .interval_floor = std::chrono::minutes(10),
    .host_requests_max = 1000,
    .host_window = std::chrono::hours(24),
    .blind_spots =
        "Videos show up to two days late, so nothing is alerted in time; stories, lives and "
        "reposts never show; the last 30 days only; accounts have no id, so a name that "
        "changes hands is not noticed.",
    .source = "TikTok Research API documentation, read 2026-09",
    .terms =
        "TikTok's Research Tools terms: approved research only, with TikTok's approval of the "
        "project",
};

bool is_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 24 && name.back() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

std::string name_in(std::string_view text) {
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string host = lower_ascii(text.substr(0, slash));
    text.remove_prefix(std::min(slash + 1, text.size()));
    if ((host != "tiktok.com" && host != "www.tiktok.com" && host != "m.tiktok.com") ||
        !text.starts_with('@'))
      return {};
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return lower_ascii(text);
}

std::string print_day(Instant t) {
  std::string day = print_rfc3339(t).substr(0, 10);
  std::erase(day, '-');
  return day;
}

struct Cursor {
  std::string number = "0";
  std::string search{};
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Both parts come from an answer and go into the next request's body.
Cursor parse_cursor(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view number = text.substr(0, colon);
  const std::string_view search = text.substr(colon + 1);
  if (!is_digits(number) || !is_digits(search)) return {};
  return {std::string(number), std::string(search)};
}

// `error.code` decides; it is "ok" where nothing is wrong.
std::optional<Trouble> trouble_of_code(std::string_view code, const Query& query,
                                       const HttpResponse& response) {
  if (code.empty() || code == "ok") return std::nullopt;
  Trouble trouble{.detail = "HTTP " + std::to_string(response.status) + ": " + std::string(code)};
  if (code == "rate_limit_exceeded") {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = authority_of(query);
    trouble.retry_after = retry_after(response);
  } else if (code == "daily_quota_limit_exceeded") {
    // Quotas begin anew at midnight UTC.
    constexpr Millis day = std::chrono::hours(24);
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = Scope::app;
    trouble.retry_after = day - response.received.time_since_epoch() % day;
  } else if (code.starts_with("access_token") || code.starts_with("scope_")) {
    trouble.outcome = Outcome::refused;
    trouble.scope = authority_of(query);
  } else if (code == "internal_error" || code == "timeout") {
    trouble.outcome = Outcome::unreachable;
    trouble.scope = Scope::host;
  } else {
    // invalid_params: of a cursor that became old, nobody's fault.
    trouble.outcome = query.cursor.empty() ? Outcome::refused : Outcome::unreachable;
  }
  return trouble;
}

std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response,
                                  std::optional<JsonObject> root) {
  const auto error = root ? json_object(*root, "error") : std::nullopt;
  if (error && response.status != 304) {
    const std::string code = json_id(*error, "code").value_or("");
    if (auto trouble = trouble_of_code(code, query, response)) return trouble;
  }
  return trouble_of_status(response, authority_of(query));
}

std::optional<Post> decode_video(JsonObject video, const std::string& owner) {
  auto id = json_id(video, "id");
  if (!id) return std::nullopt;
  Post post{.id = *std::move(id), .surface = Surface::reel};
  post.media = "video";
  post.url = json_link(video, "share_url");
  if (post.url.empty()) post.url = "https://www.tiktok.com/@" + owner + "/video/" + post.id;
  post.text = json_clean_text(video, "video_description");
  if (post.text.empty()) post.text = json_clean_text(video, "title");
  read_marks(post);
  const auto seconds = json_integer(video, "create_time");
  if (!seconds || *seconds <= 0 || *seconds >= 253'402'300'800) return post;
  post.claimed_at = instant_of_ms(*seconds * 1000);
  // Believed where the id, made by the server, has the same second in it.
  if (instant_of_tiktok_id(post.id) == post.claimed_at) post.server_at = post.claimed_at;
  return post;
}

void read_item(JsonElement element, const Query& query, Page& page) {
  JsonObject video;
  const bool is_object = !element.get(video);
  std::string owner = is_object ? lower_ascii(json_id(video, "username").value_or("")) : "";
  if (owner.empty()) owner = query.account.handle;
  const bool fits = is_object && page.posts.size() < page_items_max;
  add_owned(page, fits ? decode_video(video, owner) : std::nullopt, owner);
}

}  // namespace

std::optional<Instant> instant_of_tiktok_id(std::string_view id) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (id.empty() || error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return instant_of_ms(static_cast<std::int64_t>(number >> 32) * 1000);
}

TikTok::TikTok(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> TikTok::normalise(Account account, std::string& why) const {
  account.handle = name_in(trimmed(account.handle));
  if (!is_name(account.handle)) {
    why =
        "a TikTok name has 2 to 24 letters, digits, underscores and points, and no point at "
        "its end";
    return std::nullopt;
  }
  account.id = account.handle;
  return account;
}

std::variant<Identity, Trouble> TikTok::decode_identity(const Query& query,
                                                        const HttpResponse&) const {
  return Identity{.id = query.account.handle,
                  .handle = query.account.handle,
                  .url = "https://www.tiktok.com/@" + query.account.handle};
}

HttpRequest TikTok::request(const Query& query) const {
  HttpRequest request =
      bearer_request(base_address(settings_.base, "https://open.tiktokapis.com", "") +
                         "/v2/research/video/query/"
                         "?fields=id,username,create_time,region_code,video_description",
                     query, settings_.allowance);
  request.method = "POST";
  request.headers.push_back({"Content-Type", "application/json"});
  const Cursor cursor = parse_cursor(query.cursor);
  // A handle that normalise let through has nothing in it that JSON would escape.
  request.body = R"({"query":{"and":[{"operation":"EQ","field_name":"username","field_values":[")" +
                 query.account.handle + R"("]}]},"start_date":")" +
                 print_day(query.now - days_asked) + R"(","end_date":")" + print_day(query.now) +
                 R"(","max_count":)" + std::to_string(page_size) + R"(,"cursor":)" + cursor.number;
  if (!cursor.search.empty()) request.body += R"(,"search_id":")" + cursor.search + '"';
  request.body += '}';
  return request;
}

Reading TikTok::decode(const Query& query, const HttpResponse& response) const {
  const auto root = parse_json_object(response.body);
  if (auto trouble = trouble_in(query, response, root)) return *std::move(trouble);
  const auto data = root ? json_object(*root, "data") : std::nullopt;
  const auto videos = data ? json_array(*data, "videos") : std::nullopt;
  if (!videos) return trouble_of_body(response, "a list of videos");
  Page page;
  for (const JsonElement element : *videos) read_item(element, query, page);
  if (json_flag(*data, "has_more").value_or(false)) {
    const auto cursor = json_id(*data, "cursor");
    const auto search = json_id(*data, "search_id");
    page.next = cursor.value_or("") + ':' + search.value_or("");
  }
  return checked_page(std::move(page), query);
}

Headroom TikTok::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
