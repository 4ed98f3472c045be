// The X API v2 with an app's token (platforms-open 6): users and timelines.
// Whoever cannot be shown is an error inside an answer of status 200.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/x_object.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view cursor_start = "7140dibdnow9c7btw4";

HttpResponse json_of(int status, const ordered_json& body) {
  return answer_of(status, json_bytes(body), json_type);
}

HttpResponse problem(int status, std::string_view title, std::string_view type,
                     std::string_view detail) {
  return answer_of(status,
                   json_bytes(ordered_json{
                       {"title", title}, {"type", type}, {"status", status}, {"detail", detail}}),
                   "application/problem+json");
}

HttpResponse invalid(std::string_view parameter, std::string_view value) {
  const std::string name(parameter);
  ordered_json error;
  error["parameters"][name] = ordered_json::array({std::string(value)});
  error["message"] = "The `" + name + "` query parameter value is not valid";
  ordered_json out;
  out["errors"] = ordered_json::array({error});
  out["title"] = "Invalid Request";
  out["detail"] = "One or more parameters to your request was invalid.";
  out["type"] = "https://api.x.com/2/problems/invalid-request";
  return json_of(400, out);
}

void add_limit_headers(HttpResponse& response, const LimitState& state) {
  response.headers.add("x-rate-limit-limit", std::to_string(state.rule.requests));
  response.headers.add("x-rate-limit-remaining", std::to_string(state.remaining()));
  response.headers.add("x-rate-limit-reset", std::to_string(ms_of(state.resets_at) / 1000));
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

bool is_below(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

class SimX final : public SimPlatform {
 public:
  explicit SimX(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"x " + request.token, population_.limits.x, std::chrono::minutes(15)}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto parts = split_path(request.path);
    if (parts.size() >= 5 && parts[2] == "by") return by_name(parts[4]);
    if (parts.size() >= 3 && parts[1] == "users" && parts[2] != "by") return by_id(parts[2]);
    const auto names = split(request.parameter("usernames").value_or(""));
    return names.size() == 1 ? by_name(names.front()) : nullptr;
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    const LimitState& state = usage.front();
    HttpResponse response =
        state.exceeded() ? problem(429, "Too Many Requests", "about:blank", "Too Many Requests")
                         : answer_within(request, now);
    add_limit_headers(response, state);
    return response;
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant until,
                       Instant) const override {
    if (kind == FaultKind::app_limited) {
      return problem(402, "CreditsDepleted", "https://api.x.com/2/problems/credits",
                     "Your enrolled account does not have any credits to fulfil this request.");
    }
    if (kind == FaultKind::token_expired) {
      return problem(401, "Unauthorized", "about:blank", "Unauthorized");
    }
    if (kind == FaultKind::closed) {
      return problem(403, "Client Forbidden", "https://api.x.com/2/problems/client-forbidden",
                     "When authenticating requests, use an enrolled app.");
    }
    HttpResponse response = json_of(
        429, {{"errors", ordered_json::array(
                             {ordered_json{{"code", 88}, {"message", "Rate limit exceeded"}}})}});
    const LimitRule rule = limits(request).front();
    add_limit_headers(response, {rule, rule.requests + 1, until});
    return response;
  }

 private:
  const SimAccount* by_id(std::string_view id) const {
    return find_by_id(population_, "x", "", id);
  }
  const SimAccount* by_name(std::string_view name) const {
    return find_by_name(population_, "x", "", name);
  }

  // What X says instead of showing the account; null when it shows it.
  static ordered_json why_hidden(const SimAccount* account, std::string_view parameter,
                                 std::string_view value, Instant now) {
    const std::string shown = "[" + std::string(value) + "]";
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    const bool by_name = parameter != "id" && parameter != "ids";
    const bool lost = spell && (spell->kind == SpellKind::deleted ||
                                (spell->kind == SpellKind::renamed && by_name));
    if (account == nullptr || lost) {
      return x_problem("Not Found Error", "resource-not-found", parameter, value,
                       "Could not find user with " + std::string(parameter) + ": " + shown + '.');
    }
    if (spell && spell->kind == SpellKind::suspended) {
      return x_problem("Forbidden", "resource-not-found", parameter, value,
                       "User has been suspended: " + shown + '.');
    }
    return nullptr;
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (!is_welcome(request, population_)) {
      return problem(401, "Unauthorized", "about:blank", "Unauthorized");
    }
    const auto parts = split_path(request.path);
    const bool users = parts.size() >= 2 && parts[0] == "2" && parts[1] == "users";
    if (!users) return problem(404, "Not Found", "about:blank", "Not Found");
    if (parts.size() == 2) return answer_many(request, "ids", now);
    if (parts.size() == 3 && parts[2] == "by") return answer_many(request, "usernames", now);
    const bool named = parts[2] == "by";
    const std::string_view value =
        named ? parts.back() == "tweets" ? parts[4] : parts.back() : parts[2];
    const SimAccount* account = account_of(request);
    const ordered_json hidden = why_hidden(account, named ? "username" : "id", value, now);
    if (!hidden.is_null()) return json_of(200, {{"errors", ordered_json::array({hidden})}});
    if (parts.back() == "tweets") return answer_timeline(*account, request, now);
    return json_of(200, {{"data", print_x_user(*account, request, now)}});
  }

  HttpResponse answer_many(const SimRequest& request, const char* parameter, Instant now) const {
    const auto values = split(request.parameter(parameter).value_or(""));
    if (values.empty() || values.size() > 100) return invalid(parameter, "");
    ordered_json data = ordered_json::array();
    ordered_json errors = ordered_json::array();
    for (const std::string& value : values) {
      const bool ids = parameter == std::string_view("ids");
      const SimAccount* account = ids ? by_id(value) : by_name(value);
      const ordered_json hidden = why_hidden(account, parameter, value, now);
      if (hidden.is_null())
        data.push_back(print_x_user(*account, request, now));
      else
        errors.push_back(hidden);
    }
    ordered_json out;
    if (!data.empty()) out["data"] = data;
    if (!errors.empty()) out["errors"] = errors;
    return json_of(200, out);
  }

  HttpResponse answer_timeline(const SimAccount& account, const SimRequest& request,
                               Instant now) const {
    const Spell* spell = spell_at(account, now);
    if (spell && spell->kind == SpellKind::not_visible) {
      ordered_json error =
          x_problem("Authorization Error", "not-authorized-for-resource", "id", account.id,
                    "Sorry, you are not authorized to see the user with id: [" + account.id + "].");
      error["section"] = "data";
      return json_of(200, {{"errors", ordered_json::array({error})}});
    }
    const int most = number_or(request.parameter("max_results"), 10, 0, 1000);
    if (most < 5 || most > 100) return invalid("max_results", std::to_string(most));
    std::string_view after = request.parameter("pagination_token").value_or("");
    if (!after.empty() && !after.starts_with(cursor_start))
      return invalid("pagination_token", after);
    after.remove_prefix(std::min(after.size(), cursor_start.size()));
    std::vector<const SimPost*> posts = wanted(account, request, after, now);
    const bool more = posts.size() > static_cast<std::size_t>(most);
    posts.resize(std::min(posts.size(), static_cast<std::size_t>(most)));
    return json_of(200, print_list(account, posts, more, request, now));
  }

  static std::vector<const SimPost*> wanted(const SimAccount& account, const SimRequest& request,
                                            std::string_view after, Instant now) {
    const std::string_view excluded = request.parameter("exclude").value_or("");
    const std::string_view since = request.parameter("since_id").value_or("");
    const std::string_view until = request.parameter("until_id").value_or("");
    std::vector<const SimPost*> posts = listing(account, now);
    std::erase_if(posts, [&](const SimPost* post) {
      const bool repost = post->surface == Surface::repost;
      const bool reply = !repost && !post->answers.empty();
      return (repost && excluded.find("retweets") != std::string_view::npos) ||
             (reply && excluded.find("replies") != std::string_view::npos) ||
             (!after.empty() && !is_below(post->id, after)) ||
             (!since.empty() && !is_below(since, post->id)) ||
             (!until.empty() && !is_below(post->id, until));
    });
    return posts;
  }

  // Without posts there is no `data` at all (platforms-open 6.3).
  static ordered_json print_list(const SimAccount& account,
                                 const std::vector<const SimPost*>& posts, bool more,
                                 const SimRequest& request, Instant now) {
    if (posts.empty()) return {{"meta", {{"result_count", 0}}}};
    ordered_json out;
    for (const SimPost* post : posts) {
      out["data"].push_back(print_x_post(account, *post, request, now));
    }
    const std::string_view expansions = request.parameter("expansions").value_or("");
    if (expansions.find("author_id") != std::string_view::npos) {
      out["includes"]["users"].push_back(print_x_user(account, request, now));
    }
    if (expansions.find("referenced_tweets.id") != std::string_view::npos) {
      for (const SimPost* post : posts) {
        if (post->quotes) out["includes"]["tweets"].push_back(print_quoted_x_post(*post));
      }
    }
    out["meta"] = {{"result_count", posts.size()},
                   {"newest_id", out["data"].front()["id"]},
                   {"oldest_id", out["data"].back()["id"]}};
    if (more) out["meta"]["next_token"] = std::string(cursor_start) + posts.back()->id;
    return out;
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_x(const Population& population) {
  return std::make_unique<SimX>(population);
}

}  // namespace pw
