// TikTok's Research API (platforms-open 9.4): videos by user name and day. No
// order is documented, and here there is none; ids are numbers beyond 2^53.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view query_path = "/v2/research/video/query/";

HttpResponse enveloped(int status, std::string_view code, std::string_view message,
                       ordered_json data) {
  const ordered_json out{
      {"data", std::move(data)},
      {"error",
       {{"code", code}, {"message", message}, {"log_id", "20260916140400ABCDEF0123456789"}}}};
  return answer_of(status, json_bytes(out), "application/json; charset=utf-8");
}

HttpResponse refuse(int status, std::string_view code, std::string_view message) {
  return enveloped(status, code, message, ordered_json::object());
}

HttpResponse over_limit() {
  return refuse(429, "rate_limit_exceeded", "The API rate limit was exceeded.");
}

HttpResponse bad_token() {
  return refuse(401, "access_token_invalid", "The access token is invalid or expired.");
}

// What one request asks for.
struct VideoQuery {
  std::vector<std::string> names;
  Interval days{};  // to the end of the last
  std::size_t most = 20;
  std::size_t first = 0;
  std::string search{};
};

std::optional<Instant> parse_day(const json& body, const char* key) {
  if (!body.contains(key) || !body[key].is_string()) return std::nullopt;
  const std::string text = body[key];
  if (text.size() != 8) return std::nullopt;
  return parse_rfc3339(text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6) +
                       "T00:00:00Z");
}

std::vector<std::string> names_in(const json& body) {
  std::vector<std::string> names;
  const json conditions = body.value("/query/and"_json_pointer, json::array());
  for (const json& condition : conditions) {
    if (!condition.is_object() || condition.value("field_name", "") != "username") continue;
    for (const json& value : condition.value("field_values", json::array())) {
      if (value.is_string()) names.push_back(value);
    }
  }
  return names;
}

std::optional<VideoQuery> read_query(const std::string& text) {
  const json body = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return std::nullopt;
  VideoQuery query{.names = names_in(body)};
  const auto from = parse_day(body, "start_date");
  const auto to = parse_day(body, "end_date");
  constexpr std::chrono::days span_max{30};
  if (query.names.empty() || !from || !to || *to < *from || *to - *from >= span_max) {
    return std::nullopt;
  }
  query.days = {*from, *to + std::chrono::days(1)};
  query.most = static_cast<std::size_t>(std::clamp(body.value("max_count", 20), 1, 100));
  query.first = static_cast<std::size_t>(std::max(0, body.value("cursor", 0)));
  if (body.contains("search_id") && body["search_id"].is_string()) query.search = body["search_id"];
  return query;
}

class SimTikTok final : public SimPlatform {
 public:
  explicit SimTikTok(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"tiktok " + request.token, population_.limits.tiktok, std::chrono::hours(24)}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto query = read_query(request.http->body);
    if (!query || query->names.size() != 1) return nullptr;
    return find_by_name(population_, "tiktok", "", query->names.front());
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    if (usage.front().exceeded()) return quota_spent();
    if (request.path != query_path || request.http->method != "POST") {
      return answer_of(404, "", "text/plain");
    }
    if (request.token.empty() || !is_welcome(request, population_)) return bad_token();
    const auto query = read_query(request.http->body);
    if (!query) return refuse(400, "invalid_params", "Invalid query or dates");
    return answer_videos(*query, now);
  }

  HttpResponse refusal(const SimRequest&, FaultKind kind, Instant, Instant) const override {
    if (kind == FaultKind::rate_limited) return over_limit();
    if (kind == FaultKind::app_limited) return quota_spent();
    if (kind == FaultKind::token_expired) return bad_token();
    return refuse(401, "scope_not_authorized", "The user did not authorize the scope.");
  }

 private:
  static HttpResponse quota_spent() {
    return refuse(429, "daily_quota_limit_exceeded", "The daily quota limit was exceeded.");
  }

  std::vector<std::pair<const SimAccount*, const SimPost*>> videos(const VideoQuery& query,
                                                                   Instant now) const {
    std::vector<std::pair<const SimAccount*, const SimPost*>> found;
    for (const std::string& name : query.names) {
      const SimAccount* account = find_by_name(population_, "tiktok", "", name);
      if (account == nullptr || spell_at(*account, now)) continue;
      for (const SimPost* post : listing(*account, now)) {
        if (query.days.contains(post->created)) found.emplace_back(account, post);
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return mix64(a.second->id) < mix64(b.second->id);
    });
    return found;
  }

  HttpResponse answer_videos(const VideoQuery& query, Instant now) const {
    const auto found = videos(query, now);
    const std::size_t last = std::min(found.size(), query.first + query.most);
    ordered_json list = ordered_json::array();
    for (std::size_t i = query.first; i < last; ++i) {
      const auto& [account, post] = found[i];
      list.push_back({{"id", std::stoull(post->id)},
                      {"username", account->name},
                      {"create_time", ms_of(post->created) / 1000},
                      {"region_code", "US"},
                      {"video_description", text_at(*post, now)}});
    }
    const std::string search = std::to_string(7'201'388'525'814'961'198);
    return enveloped(200, "ok", "",
                     {{"videos", std::move(list)},
                      {"cursor", last},
                      {"search_id", query.search.empty() ? search : query.search},
                      {"has_more", last < found.size()}});
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_tiktok(const Population& population) {
  return std::make_unique<SimTikTok>(population);
}

}  // namespace pw
