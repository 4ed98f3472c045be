// Reddit's listings for apps with a token (platforms-open 9.1).
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json; charset=UTF-8";

HttpResponse error_of(int status, std::string_view message, std::string_view reason = {}) {
  ordered_json out{{"message", message}, {"error", status}};
  if (!reason.empty()) out["reason"] = reason;
  return answer_of(status, json_bytes(out), json_type);
}

double seconds_of(Instant t) { return static_cast<double>(ms_of(t) / 1000); }

// Whole numbers as floats; `created` is shifted by some server's own zone.
void add_times(ordered_json& out, const SimPost& post, Instant now) {
  out["created"] = seconds_of(post.created + std::chrono::hours(8));
  out["created_utc"] = seconds_of(post.created);
  const bool edited = post.edited && *post.edited <= now;
  out["edited"] = edited ? ordered_json(seconds_of(*post.edited)) : ordered_json(false);
}

ordered_json print_thing(const SimAccount& account, const SimPost& post, Instant now) {
  const bool is_comment = post.surface == Surface::comment;
  const std::string id = post.id.substr(3);
  const std::string path = "/user/" + account.name + "/comments/" + id + '/';
  ordered_json data{{"id", id},
                    {"name", post.id},
                    {"author", account.name},
                    {"author_fullname", account.id},
                    {"subreddit", "u_" + account.name},
                    {"permalink", path}};
  add_times(data, post, now);
  data["pinned"] = post.pinned && *post.pinned <= now;
  if (is_comment) {
    data["body"] = text_at(post, now);
    data["parent_id"] = "t3_" + mint::reddit_id(post.serial + 1);
  } else {
    data["title"] = text_at(post, now);
    data["selftext"] = "";
    data["is_self"] = post.media.empty();
    data["is_video"] = post.media == "video";
    data["url"] = "https://www.reddit.com" + path;
    data["removed_by_category"] = nullptr;
    data["num_comments"] = counter_of(post, now, "comments");
    if (post.media == "image") data["post_hint"] = "image";
  }
  if (post.surface == Surface::repost) {
    data["crosspost_parent"] = "t3_" + mint::reddit_id(post.serial + 2);
  }
  return {{"kind", is_comment ? "t1" : "t3"}, {"data", std::move(data)}};
}

class SimReddit final : public SimPlatform {
 public:
  explicit SimReddit(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"reddit " + request.token, population_.limits.reddit, std::chrono::minutes(10)}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto parts = split_path(request.path);
    if (parts.size() < 2 || parts[0] != "user") return nullptr;
    return find_by_name(population_, "reddit", "", parts[1]);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    const LimitState& state = usage.front();
    HttpResponse response =
        state.exceeded() ? error_of(429, "Too Many Requests") : answer_within(request, now);
    add_headers(response, state, now);
    return response;
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant until,
                       Instant now) const override {
    if (kind == FaultKind::token_expired) return error_of(401, "Unauthorized");
    if (kind == FaultKind::closed) {
      return answer_of(403, "<html><body><h1>whoa there, pardner!</h1></body></html>",
                       "text/html; charset=UTF-8");
    }
    HttpResponse response = error_of(429, "Too Many Requests");
    const LimitRule rule = limits(request).front();
    add_headers(response, {rule, rule.requests + 1, until}, now);
    return response;
  }

 private:
  // The reset is in seconds from now, the rest a number with a point.
  static void add_headers(HttpResponse& response, const LimitState& state, Instant now) {
    const Millis left = std::max(Millis{0}, state.resets_at - now);
    response.headers.add("X-Ratelimit-Used", std::to_string(state.used));
    response.headers.add("X-Ratelimit-Remaining", std::to_string(state.remaining()) + ".0");
    response.headers.add("X-Ratelimit-Reset", std::to_string(left.count() / 1000));
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (request.path == "/api/v1/access_token") return answer_token();
    if (request.token.empty() || !is_welcome(request, population_)) {
      return error_of(401, "Unauthorized");
    }
    const auto parts = split_path(request.path);
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    if (account == nullptr || parts.size() != 3 || (spell && spell->kind == SpellKind::deleted)) {
      return error_of(404, "Not Found");
    }
    const bool suspended = spell && spell->kind == SpellKind::suspended;
    if (parts[2] == "about") return answer_about(*account, suspended);
    if (suspended) return error_of(403, "Forbidden");
    if (spell && spell->kind == SpellKind::not_visible) {
      return error_of(403, "Forbidden", "private");
    }
    return answer_listing(*account, parts[2], request, now);
  }

  HttpResponse answer_token() const {
    const auto& known = population_.credentials;
    const ordered_json out{{"access_token", known.empty() ? "simulated" : known.front().token},
                           {"token_type", "bearer"},
                           {"expires_in", 86'400},
                           {"scope", "*"}};
    return answer_of(200, json_bytes(out), json_type);
  }

  static HttpResponse answer_about(const SimAccount& account, bool suspended) {
    ordered_json data{{"name", account.name}};
    if (suspended) data["is_suspended"] = true;
    if (!suspended) data["id"] = account.id.substr(3);
    if (!suspended) data["created_utc"] = 1'400'000'000.0;
    const ordered_json out{{"kind", "t2"}, {"data", std::move(data)}};
    return answer_of(200, json_bytes(out), json_type);
  }

  // /user/NAME/overview, submitted or comments; a pin leads whatever its age.
  static HttpResponse answer_listing(const SimAccount& account, std::string_view part,
                                     const SimRequest& request, Instant now) {
    auto posts = listing(account, now);
    std::erase_if(posts, [&](const SimPost* post) {
      const bool is_comment = post->surface == Surface::comment;
      return (part == "submitted" && is_comment) || (part == "comments" && !is_comment);
    });
    const auto after = request.parameter("after");
    if (after) {
      const auto it = std::find_if(posts.begin(), posts.end(),
                                   [&](const SimPost* post) { return post->id == *after; });
      // One that was deleted leads nowhere.
      posts.erase(posts.begin(), it == posts.end() ? it : it + 1);
    }
    const auto most = static_cast<std::size_t>(number_or(request.parameter("limit"), 25, 1, 100));
    const bool more = posts.size() > most;
    posts.resize(std::min(posts.size(), most));
    ordered_json data{{"modhash", nullptr}, {"dist", posts.size()}};
    data["after"] = more ? ordered_json(posts.back()->id) : ordered_json();
    data["before"] = nullptr;
    data["children"] = ordered_json::array();
    for (const SimPost* post : posts) data["children"].push_back(print_thing(account, *post, now));
    const ordered_json out{{"kind", "Listing"}, {"data", std::move(data)}};
    return answer_of(200, json_bytes(out), json_type);
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_reddit(const Population& population) {
  return std::make_unique<SimReddit>(population);
}

}  // namespace pw
