// Posts of public Threads profiles (platforms-meta 4). Errors come with status
// 500 here, as they were seen to.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/graph_answer.h"
#include "daemon/rehearsal/graph_list.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr int token_limit_code = 4;

std::string media_type(const SimPost& post) {
  if (post.surface == Surface::repost) return "REPOST_FACADE";
  if (post.media == "album") return "CAROUSEL_ALBUM";
  if (post.media == "video") return "VIDEO";
  return post.media == "image" ? "IMAGE" : "TEXT_POST";
}

ordered_json print_post(const SimAccount& account, const SimPost& post, Instant now) {
  const std::string code = mint::shortcode(post.declared, post.serial);
  ordered_json out;
  out["id"] = post.id;
  out["media_product_type"] = "THREADS";
  out["media_type"] = media_type(post);
  out["permalink"] = "https://www.threads.com/@" + account.name + "/post/" + code;
  out["username"] = account.name;
  const std::string& text = text_at(post, now);
  if (post.surface != Surface::repost && !text.empty()) out["text"] = text;
  out["timestamp"] = print_graph_time(post.declared);
  out["shortcode"] = code;
  out["is_quote_post"] = post.quotes;
  return out;
}

class SimThreads final : public SimPlatform {
 public:
  explicit SimThreads(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"threads " + request.token, population_.limits.threads, std::chrono::hours(24),
             /*rolling=*/true}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    return find_by_name(population_, "threads", "", request.parameter("username").value_or(""));
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    const LimitState& day = usage.front();
    HttpResponse response = day.exceeded()
                                ? refuse(over_limit(/*app=*/false, token_limit_code), request, now)
                                : answer_within(request, now);
    add_graph_headers(response, request, now, day.used * 100 / std::max(1, day.rule.requests));
    return response;
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant,
                       Instant now) const override {
    return refuse(graph_refusal(kind, token_limit_code), request, now);
  }

 private:
  static HttpResponse refuse(GraphError error, const SimRequest& request, Instant now) {
    error.type = "THApiException";
    if (error.code == 10 || error.code == 100 || error.code == 190) error.status = 500;
    return print_graph_error(error, request, now);
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (asks_of_token(request)) return tell_of_token(request, population_, now);
    const auto parts = split_path(request.path);
    if (auto error = token_error(request, population_, now)) return refuse(*error, request, now);
    const SimAccount* account = account_of(request);
    const std::string name(request.parameter("username").value_or(""));
    // Private, renamed, unknown or too small: one answer for all.
    if (account == nullptr || spell_at(*account, now))
      return refuse(unknown_object(name), request, now);
    if (parts.size() != 2) return refuse(unknown_object(request.path), request, now);
    ordered_json out;
    if (parts[1] == "profile_lookup") {
      out = {{"username", account->name}, {"name", account->actor}, {"follower_count", 5120}};
    } else if (parts[1] == "profile_posts") {
      GraphListing list{listing(*account, now), number_or(request.parameter("limit"), 25, 0, 100),
                        /*gives_next=*/false};
      auto page = print_graph_list(
          request, list, [&](const SimPost& post) { return print_post(*account, post, now); });
      if (!page) return refuse({.code = 100, .message = "Invalid cursor"}, request, now);
      out = *std::move(page);
    } else {
      return refuse(unknown_object(parts[1]), request, now);
    }
    return answer_of(200, json_bytes(out), "application/json; charset=UTF-8");
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_threads(const Population& population) {
  return std::make_unique<SimThreads>(population);
}

}  // namespace pw
