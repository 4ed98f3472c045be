// Mastodon's REST interface as strangers see it (platforms-open 4).
#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/answer_shelf.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mastodon_status.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json; charset=utf-8";

HttpResponse error_of(int status, std::string_view message) {
  return answer_of(status, json_bytes(ordered_json{{"error", message}}), json_type);
}

HttpResponse not_found() { return error_of(404, "Record not found"); }

// ISO 8601 with six digits, where other platforms send seconds.
std::string print_reset(Instant t) {
  std::string text = print_rfc3339(t);
  text.insert(text.size() - 1, "000");
  return text;
}

// Of several limits the one that is nearest to its end is described.
void add_limit_headers(HttpResponse& response, const std::vector<LimitState>& usage) {
  const auto closest = std::min_element(
      usage.begin(), usage.end(),
      [](const LimitState& a, const LimitState& b) { return a.remaining() < b.remaining(); });
  if (closest == usage.end()) return;
  response.headers.add("X-RateLimit-Limit", std::to_string(closest->rule.requests));
  response.headers.add("X-RateLimit-Remaining", std::to_string(closest->remaining()));
  response.headers.add("X-RateLimit-Reset", print_reset(closest->resets_at));
}

bool is_flag(const SimRequest& request, std::string_view name) {
  const auto value = request.parameter(name);
  return value == "true" || value == "1" || value == "on";
}

// Ids are opaque, and numbers beyond 2^53: by length, then by digits.
bool is_below(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool is_repost(const SimPost& post) { return post.surface == Surface::repost; }

struct Slice {
  std::vector<const SimPost*> posts;  // newest first
  std::size_t limit = 20;
  bool full() const { return posts.size() == limit; }
};

class SimMastodon final : public SimPlatform {
 public:
  explicit SimMastodon(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    const SimLimits& limits = population_.limits;
    std::vector<LimitRule> rules = {
        {"mastodon " + request.host, limits.mastodon, limits.mastodon_window}};
    const bool paging = request.parameter("max_id") || request.parameter("min_id") ||
                        request.parameter("since_id") || request.parameter("page");
    if (paging) {
      rules.push_back({"mastodon paging " + request.host, limits.mastodon_paging,
                       limits.mastodon_paging_window});
    }
    return rules;
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto parts = split_path(request.path);
    if (parts.size() < 4 || parts[2] != "accounts") return nullptr;
    if (parts[3] != "lookup") return by_id(request, parts[3]);
    return by_acct(request, request.parameter("acct").value_or(""));
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    const bool over = std::any_of(usage.begin(), usage.end(),
                                  [](const LimitState& state) { return state.exceeded(); });
    HttpResponse response = over ? error_of(429, "Too many requests") : answer_within(request, now);
    add_limit_headers(response, usage);
    return response;
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant until,
                       Instant) const override {
    if (kind == FaultKind::closed) {
      return error_of(401, "This method requires an authenticated user");
    }
    HttpResponse response = error_of(429, "Too many requests");
    const SimLimits& limits = population_.limits;
    const LimitRule rule{request.host, limits.mastodon, limits.mastodon_window};
    add_limit_headers(response, {{rule, rule.requests + 1, until}});
    return response;
  }

 private:
  const SimAccount* by_id(const SimRequest& request, std::string_view id) const {
    return find_by_id(population_, "mastodon", request.host, id);
  }

  const SimAccount* by_acct(const SimRequest& request, std::string_view acct) const {
    if (acct.starts_with('@')) acct.remove_prefix(1);
    const std::size_t at = acct.find('@');
    if (at != std::string_view::npos && acct.substr(at + 1) != request.host) return nullptr;
    return find_by_name(population_, "mastodon", request.host, acct.substr(0, at));
  }

  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    const auto parts = split_path(request.path);
    if (parts.size() < 3 || parts[0] != "api") return not_found();
    if (parts[2] == "instance") {
      return answer_of(
          200, json_bytes(ordered_json{{"domain", request.host}, {"version", "4.5.3"}}), json_type);
    }
    if (parts.size() == 3 && parts[2] == "accounts") return answer_many(request, now);
    if (parts[2] == "statuses" && parts.size() == 4) {
      return if_changed(cacheable(answer_status(request, parts[3], now)), request);
    }
    const SimAccount* account = account_of(request);
    if (account == nullptr) return not_found();
    const bool is_list = parts.size() > 4;
    const HttpResponse& kept = shelf_.answer(
        *account, request.http->url, now,
        [&] { return cacheable(answer_account(*account, request, parts, now)); },
        is_list ? Counters::shown : Counters::hidden);
    return if_changed(kept, request);
  }

  static HttpResponse cacheable(HttpResponse response) {
    if (response.status != 200) return response;
    response.headers.add("Cache-Control",
                         "max-age=15, public, stale-while-revalidate=30, stale-if-error=86400");
    response.headers.add("Vary", "Authorization, Origin");
    add_etag(response, /*weak=*/true);
    return response;
  }

  // /api/v1/accounts?id[]=..., at most 40; who is not here is left out. Not cached
  // by anybody.
  HttpResponse answer_many(const SimRequest& request, Instant now) const {
    std::string list = "[";
    int asked = 0;
    for (const auto& [name, id] : request.query) {
      if (name != "id[]" && name != "id") continue;
      if (++asked > 40) return error_of(422, "Too many ids");
      const SimAccount* account = by_id(request, id);
      const Spell* spell = account ? spell_at(*account, now) : nullptr;
      const bool shown = !spell || spell->kind == SpellKind::renamed ||
                         spell->kind == SpellKind::suspended || spell->kind == SpellKind::moved;
      if (!account || !shown) continue;
      if (list.size() > 1) list += ',';
      list += object_of(*account, request, now);
    }
    return answer_of(200, list + ']', json_type);
  }

  const std::string& object_of(const SimAccount& account, const SimRequest& request,
                               Instant now) const {
    const std::string address = "object of " + account.id + " at " + account.host;
    return shelf_
        .answer(
            account, address, now,
            [&] {
              return answer_of(200, json_bytes(print_account_object(account, request, now)),
                               json_type);
            },
            Counters::hidden)
        .body;
  }

  // /api/v1/accounts/lookup, /api/v1/accounts/ID, /api/v1/accounts/ID/statuses
  HttpResponse answer_account(const SimAccount& account, const SimRequest& request,
                              const std::vector<std::string_view>& parts, Instant now) const {
    const Spell* spell = spell_at(account, now);
    const bool renamed = spell && spell->kind == SpellKind::renamed;
    const bool suspended = spell && spell->kind == SpellKind::suspended;
    const bool moved = spell && spell->kind == SpellKind::moved;
    if (spell && !renamed && !suspended && !moved) return not_found();
    if (parts[3] == "lookup" && renamed) return not_found();
    if (parts.size() == 4) {
      return answer_of(200, json_bytes(print_account_object(account, request, now)), json_type);
    }
    if (parts[4] != "statuses") return not_found();
    // A suspended account's list is empty, and nothing in it says why.
    if (suspended) return answer_of(200, "[]", json_type);
    return answer_statuses(account, request, now);
  }

  HttpResponse answer_statuses(const SimAccount& account, const SimRequest& request,
                               Instant now) const {
    const Slice slice = slice_of(account, request, now);
    std::string list = "[";
    for (const SimPost* post : slice.posts) {
      if (list.size() > 1) list += ',';
      list += status_of(account, *post, request, now);
    }
    HttpResponse response = answer_of(200, list + ']', json_type);
    if (!slice.posts.empty()) response.headers.add("Link", link_of(request, slice));
    return response;
  }

  // Of a list's posts hardly any has changed since it was last asked for.
  const std::string& status_of(const SimAccount& account, const SimPost& post,
                               const SimRequest& request, Instant now) const {
    const std::string address = "status " + post.id + " at " + account.host;
    const auto render = [&] {
      const ordered_json author = print_account_object(account, request, now);
      return answer_of(200, json_bytes(print_status(account, author, post, request, now)),
                       json_type);
    };
    const auto until = [&] {
      return std::min(settled_until(account, now, Counters::hidden), counters_move(post, now));
    };
    return statuses_.answer(address, now, render, until).body;
  }

  // `next` only when the page is full (platforms-open 4.1).
  static std::string link_of(const SimRequest& request, const Slice& slice) {
    const std::string start =
        '<' + request.base + request.path + "?limit=" + std::to_string(slice.limit);
    const std::string prev = start + "&min_id=" + slice.posts.front()->id + ">; rel=\"prev\"";
    if (!slice.full()) return prev;
    return start + "&max_id=" + slice.posts.back()->id + ">; rel=\"next\", " + prev;
  }

  static bool is_wanted(const SimPost& post, const SimRequest& request, Instant now) {
    const bool pinned = post.pinned && *post.pinned <= now;
    if (is_flag(request, "pinned") && !pinned) return false;
    if (is_flag(request, "exclude_reblogs") && is_repost(post)) return false;
    if (is_flag(request, "exclude_replies") && post.surface == Surface::reply) return false;
    return !is_flag(request, "only_media") || !post.media.empty();
  }

  static Slice slice_of(const SimAccount& account, const SimRequest& request, Instant now) {
    Slice slice;
    slice.limit = static_cast<std::size_t>(number_or(request.parameter("limit"), 20, 1, 40));
    slice.posts = listing(account, now);
    const auto max_id = request.parameter("max_id");
    const auto min_id = request.parameter("min_id");
    const auto since_id = request.parameter("since_id");
    std::erase_if(slice.posts, [&](const SimPost* post) {
      return !is_wanted(*post, request, now) || (max_id && !is_below(post->id, *max_id)) ||
             (min_id && !is_below(*min_id, post->id)) ||
             (since_id && !is_below(*since_id, post->id));
    });
    if (slice.posts.size() <= slice.limit) return slice;
    // min_id pages forward from that id, and is still printed newest first.
    const auto surplus = static_cast<std::ptrdiff_t>(slice.posts.size() - slice.limit);
    if (min_id) {
      slice.posts.erase(slice.posts.begin(), slice.posts.begin() + surplus);
    } else {
      slice.posts.resize(slice.limit);
    }
    return slice;
  }

  HttpResponse answer_status(const SimRequest& request, std::string_view id, Instant now) const {
    for (const SimAccount& account : population_.accounts) {
      if (account.platform != "mastodon" || account.host != request.host) continue;
      for (const SimPost& post : account.posts) {
        if (post.id != id || !stands(post, now) || spell_at(account, now)) continue;
        return answer_of(200, status_of(account, post, request, now), json_type);
      }
    }
    return not_found();
  }

  const Population& population_;
  mutable AnswerShelf shelf_;
  mutable AnswerShelf statuses_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_mastodon(const Population& population) {
  return std::make_unique<SimMastodon>(population);
}

}  // namespace pw
