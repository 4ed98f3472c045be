// YouTube: the Data API v3 with a key, and the feeds of channels for everybody
// (platforms-open 7). What is unknown is an answer of status 200 without items.
#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/youtube_object.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t feed_size = 15;
constexpr std::string_view token_start = "EAAaBlBUOk";

HttpResponse error_of(int status, std::string_view domain, std::string_view reason,
                      std::string_view message) {
  const ordered_json item{{"message", message}, {"domain", domain}, {"reason", reason}};
  return answer_of(
      status,
      json_bytes(ordered_json{
          {"error",
           {{"code", status}, {"message", message}, {"errors", ordered_json::array({item})}}}}),
      "application/json; charset=UTF-8");
}

HttpResponse over_quota() {
  return error_of(403, "youtube.quota", "quotaExceeded",
                  "The request cannot be completed because you have exceeded your "
                  "<a href=\"/youtube/v3/getting-started#quota\">quota</a>.");
}

ordered_json page_info(std::size_t total, int most) {
  return {{"totalResults", total}, {"resultsPerPage", most}};
}

bool is_hidden(const SimAccount& account, Instant now) {
  const Spell* spell = spell_at(account, now);
  return spell && spell->kind != SpellKind::renamed;
}

class SimYouTube final : public SimPlatform {
 public:
  explicit SimYouTube(const Population& population) : population_(population) {}

  // The feeds have no quota.
  std::vector<LimitRule> limits(const SimRequest& request) const override {
    if (is_feed(request)) return {};
    return {{"youtube " + request.token, population_.limits.youtube, std::chrono::hours(24)}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    if (const auto id = request.parameter("channel_id")) return by_id(*id);
    if (const auto list = request.parameter("playlistId")) {
      return by_id(list->starts_with("UU") ? "UC" + std::string(list->substr(2)) : "");
    }
    if (const auto name = request.parameter("forHandle")) return by_handle(*name);
    return by_id(request.parameter("id").value_or(""));
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    if (is_feed(request)) return answer_feed(request, now);
    if (usage.front().exceeded()) return over_quota();
    HttpResponse response = answer_within(request, now);
    set_etag(response, request, /*weak=*/false);
    return response;
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant, Instant) const override {
    if (is_feed(request)) return answer_of(429, "<html>Sorry</html>", "text/html");
    if (kind == FaultKind::app_limited) return over_quota();
    if (kind == FaultKind::rate_limited) {
      return error_of(429, "youtube.quota", "rateLimitExceeded", "Too many requests at once.");
    }
    return bad_key();
  }

 private:
  static bool is_feed(const SimRequest& request) { return request.path == "/feeds/videos.xml"; }

  static HttpResponse bad_key() {
    return error_of(400, "usageLimits", "keyInvalid",
                    "API key not valid. Please pass a valid API key.");
  }

  const SimAccount* by_id(std::string_view id) const {
    return find_by_id(population_, "youtube", "", id);
  }
  const SimAccount* by_handle(std::string_view name) const {
    if (name.starts_with('@')) name.remove_prefix(1);
    return find_by_name(population_, "youtube", "", name);
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (request.token.empty() || !is_welcome(request, population_)) return bad_key();
    if (request.path == "/youtube/v3/channels") return answer_channels(request, now);
    if (request.path == "/youtube/v3/playlistItems") return answer_uploads(request, now);
    return answer_of(404, "", "text/html; charset=UTF-8");
  }

  HttpResponse answer_channels(const SimRequest& request, Instant now) const {
    std::vector<const SimAccount*> found;
    if (request.parameter("forHandle")) {
      const SimAccount* account = account_of(request);
      const Spell* spell = account ? spell_at(*account, now) : nullptr;
      if (account && !spell) found.push_back(account);
    }
    std::string_view ids = request.parameter("id").value_or("");
    for (int asked = 0; !ids.empty(); ++asked) {
      if (asked == 50) return error_of(400, "youtube.channel", "badRequest", "Too many ids.");
      const std::size_t end = std::min(ids.find(','), ids.size());
      const SimAccount* account = by_id(ids.substr(0, end));
      if (account && !is_hidden(*account, now)) found.push_back(account);
      ids.remove_prefix(std::min(end + 1, ids.size()));
    }
    ordered_json out{{"kind", "youtube#channelListResponse"}};
    out["pageInfo"] = page_info(found.size(), 5);
    for (const SimAccount* account : found) out["items"].push_back(print_channel(*account, now));
    return answer_of(200, json_bytes(out), "application/json; charset=UTF-8");
  }

  HttpResponse answer_uploads(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    if (account == nullptr || is_hidden(*account, now)) {
      return error_of(404, "youtube.playlistItem", "playlistNotFound",
                      "The playlist identified with the request cannot be found.");
    }
    std::size_t first = 0;
    if (const auto token = request.parameter("pageToken")) {
      const std::string_view digits = token->substr(std::min(token->size(), token_start.size()));
      const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
      if (!token->starts_with(token_start) || bad != std::errc{}) {
        return error_of(400, "youtube.parameter", "invalidPageToken", "The page token is invalid.");
      }
    }
    const auto posts = listing(*account, now);
    const int most = number_or(request.parameter("maxResults"), 5, 0, 50);
    const std::size_t last = std::min(posts.size(), first + static_cast<std::size_t>(most));
    ordered_json out{{"kind", "youtube#playlistItemListResponse"}};
    if (last < posts.size()) out["nextPageToken"] = std::string(token_start) + std::to_string(last);
    out["items"] = ordered_json::array();
    for (std::size_t i = first; i < last; ++i) {
      out["items"].push_back(print_playlist_item(*account, *posts[i], i, now));
    }
    out["pageInfo"] = page_info(posts.size(), most);
    return answer_of(200, json_bytes(out), "application/json; charset=UTF-8");
  }

  HttpResponse answer_feed(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    if (account == nullptr || is_hidden(*account, now)) {
      return answer_of(404, "<html><title>Error 404 (Not Found)!!1</title></html>", "text/html");
    }
    auto posts = listing(*account, now);
    posts.resize(std::min(posts.size(), feed_size));
    HttpResponse response =
        answer_of(200, print_channel_feed(*account, posts, now), "text/xml; charset=UTF-8");
    response.headers.add("Cache-Control", "private, max-age=900");
    return response;
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_youtube(const Population& population) {
  return std::make_unique<SimYouTube>(population);
}

}  // namespace pw
