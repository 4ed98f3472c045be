// Tumblr's API v2 in its Neue Post Format (platforms-open 9.2). Posts are sorted
// by a time that the blog's owner sets.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mastodon_status.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

HttpResponse enveloped(int status, std::string_view message, ordered_json response) {
  ordered_json out{{"meta", {{"status", status}, {"msg", message}}},
                   {"response", std::move(response)}};
  if (status != 200) {
    out["errors"] =
        ordered_json::array({ordered_json{{"title", message}, {"code", 0}, {"detail", message}}});
  }
  return answer_of(status, json_bytes(out), "application/json; charset=utf-8");
}

HttpResponse refuse(int status, std::string_view message) {
  return enveloped(status, message, ordered_json::array());
}

ordered_json print_blog(const SimAccount& account, std::string_view name, Instant now) {
  const auto posts = listing(account, now);
  return {{"name", name},
          {"title", account.actor},
          {"url", "https://" + std::string(name) + ".tumblr.com/"},
          {"uuid", account.id},
          {"posts", posts.size()},
          {"updated", posts.empty() ? 0 : ms_of(posts.front()->created) / 1000}};
}

ordered_json blocks_of(std::string_view text) {
  return ordered_json::array({ordered_json{{"type", "text"}, {"text", text}}});
}

ordered_json print_post(const SimPost& post, std::string_view name, Instant now) {
  const std::string& text = text_at(post, now);
  const std::string site = "https://" + std::string(name) + ".tumblr.com/post/";
  const ordered_json words = blocks_of(text);
  std::string date = print_rfc3339(post.declared).substr(0, 19);
  date[10] = ' ';
  ordered_json out{{"object_type", "post"},
                   {"type", "blocks"},
                   {"blog_name", name},
                   {"id", std::stoll(post.id)},
                   {"id_string", post.id},
                   {"is_blocks_post_format", true},
                   {"post_url", site + post.id},
                   {"date", date + " GMT"},
                   {"timestamp", ms_of(post.declared) / 1000},
                   {"state", "published"},
                   {"tags", tags_of(text)},
                   {"summary", text},
                   {"note_count", counter_of(post, now, "notes")}};
  const bool repost = post.surface == Surface::repost;
  out["content"] = repost && !post.quotes ? ordered_json::array() : words;
  out["layout"] = ordered_json::array();
  out["trail"] = ordered_json::array();
  if (repost) {
    const std::string origin = mint::tumblr_id(post.serial + 1);
    const ordered_json repeated = post.quotes ? blocks_of(quoted_text) : words;
    out["trail"].push_back({{"content", repeated}, {"layout", ordered_json::array()}});
    out["parent_post_url"] = "https://org.tumblr.com/post/" + origin;
    out["reblogged_from_id"] = origin;
    out["reblogged_from_name"] = "org";
  }
  if (post.pinned && *post.pinned <= now) out["is_pinned"] = true;
  return out;
}

class SimTumblr final : public SimPlatform {
 public:
  explicit SimTumblr(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"tumblr " + request.token, population_.limits.tumblr, std::chrono::hours(1)}};
  }

  // By name, host or id.
  const SimAccount* account_of(const SimRequest& request) const override {
    const auto parts = split_path(request.path);
    if (parts.size() < 3 || parts[1] != "blog") return nullptr;
    std::string_view name = parts[2];
    if (name.starts_with("t:")) return find_by_id(population_, "tumblr", "", name);
    constexpr std::string_view own = ".tumblr.com";
    if (name.ends_with(own)) name.remove_suffix(own.size());
    return find_by_name(population_, "tumblr", "", name);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    if (usage.front().exceeded()) return refuse(429, "Limit Exceeded");
    if (request.token.empty() || !is_welcome(request, population_)) {
      return refuse(401, "Unauthorized");
    }
    const auto parts = split_path(request.path);
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    const bool renamed = spell && spell->kind == SpellKind::renamed;
    const bool by_id = parts.size() > 2 && parts[2].starts_with("t:");
    if (account == nullptr || parts.size() != 4 || (spell && !(renamed && by_id))) {
      return refuse(404, "Not Found");
    }
    const std::string name = renamed ? spell->new_handle : account->name;
    if (parts[3] == "info") {
      return enveloped(200, "OK", {{"blog", print_blog(*account, name, now)}});
    }
    if (parts[3] != "posts") return refuse(404, "Not Found");
    return answer_posts(*account, name, request, now);
  }

  HttpResponse refusal(const SimRequest&, FaultKind kind, Instant, Instant) const override {
    const bool limited = kind == FaultKind::rate_limited || kind == FaultKind::app_limited;
    return limited ? refuse(429, "Limit Exceeded") : refuse(401, "Unauthorized");
  }

 private:
  static HttpResponse answer_posts(const SimAccount& account, std::string_view name,
                                   const SimRequest& request, Instant now) {
    auto posts = listing(account, now);
    const std::size_t total = posts.size();
    if (const auto before = request.parameter("before")) {
      const Instant edge =
          instant_of_ms(std::int64_t{1000} * number_or(before, 0, 0, 2'147'483'647));
      std::erase_if(posts, [&](const SimPost* post) { return post->declared >= edge; });
    }
    const auto first = std::min(
        posts.size(),
        static_cast<std::size_t>(number_or(request.parameter("offset"), 0, 0, 1'000'000'000)));
    const auto most = static_cast<std::size_t>(number_or(request.parameter("limit"), 20, 1, 20));
    ordered_json list = ordered_json::array();
    for (std::size_t i = first; i < std::min(posts.size(), first + most); ++i) {
      list.push_back(print_post(*posts[i], name, now));
    }
    return enveloped(200, "OK",
                     {{"blog", print_blog(account, name, now)},
                      {"posts", std::move(list)},
                      {"total_posts", total}});
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_tumblr(const Population& population) {
  return std::make_unique<SimTumblr>(population);
}

}  // namespace pw
