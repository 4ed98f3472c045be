// The Bluesky AppView's public XRPC calls (platforms-open 3).
#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/answer_shelf.h"
#include "daemon/rehearsal/bluesky_home.h"
#include "daemon/rehearsal/bluesky_view.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view json_type = "application/json; charset=utf-8";

HttpResponse error_of(int status, std::string_view name, std::string_view message) {
  return answer_of(status, json_bytes(ordered_json{{"error", name}, {"message", message}}),
                   json_type);
}

HttpResponse invalid(std::string_view message) { return error_of(400, "InvalidRequest", message); }

void add_limit_headers(HttpResponse& response, const LimitState& state) {
  const std::int64_t window = state.rule.window.count() / 1000;
  response.headers.add("RateLimit-Limit", std::to_string(state.rule.requests));
  response.headers.add("RateLimit-Remaining", std::to_string(state.remaining()));
  response.headers.add("RateLimit-Reset", std::to_string((ms_of(state.resets_at) + 999) / 1000));
  response.headers.add("RateLimit-Policy",
                       std::to_string(state.rule.requests) + ";w=" + std::to_string(window));
}

HttpResponse too_many(const LimitState& state, Instant now) {
  HttpResponse response = error_of(429, "RateLimitExceeded", "Rate Limit Exceeded");
  add_limit_headers(response, state);
  const std::int64_t wait =
      std::max<std::int64_t>(1, (ms_of(state.resets_at) - ms_of(now) + 999) / 1000);
  response.headers.add("Retry-After", std::to_string(wait));
  return response;
}

// "<epoch ms of sortAt>__<cid>"
struct Cursor {
  Instant at;
  std::string cid;
};

std::optional<Cursor> parse_cursor(std::string_view text) {
  const std::size_t mark = text.find("__");
  if (mark == std::string_view::npos) return std::nullopt;
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + mark, ms);
  if (error != std::errc{} || end != text.data() + mark) return std::nullopt;
  return Cursor{instant_of_ms(ms), std::string(text.substr(mark + 2))};
}

std::string print_cursor(const SimAccount& account, const SimPost& post) {
  return std::to_string(ms_of(sorted_by(account, post))) + "__" + mint::cid(post.serial);
}

bool is_wanted(const SimPost& post, std::string_view filter) {
  if (filter == "posts_no_replies") return post.surface != Surface::reply;
  if (filter == "posts_and_author_threads") return post.surface != Surface::reply;
  if (filter == "posts_with_media") return !post.media.empty() && post.surface == Surface::post;
  if (filter == "posts_with_video") return post.media == "video";
  return true;
}

// Under another name, or on another server.
bool is_somewhere(const Spell& spell) {
  return spell.kind == SpellKind::renamed || spell.kind == SpellKind::moved;
}

class SimBluesky final : public SimPlatform {
 public:
  explicit SimBluesky(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest&) const override {
    return {{"bluesky", population_.limits.bluesky, population_.limits.bluesky_window}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    std::optional<std::string_view> actor;
    for (const std::string_view name : {"actor", "handle", "repo", "did"}) {
      if (!actor) actor = request.parameter(name);
    }
    if (!actor && request.path.starts_with("/did:"))
      actor = std::string_view(request.path).substr(1);
    if (!actor) return nullptr;
    return actor->starts_with("did:") ? find_by_id(population_, "bluesky", "", *actor)
                                      : find_by_name(population_, "bluesky", "", *actor);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    if (usage.front().exceeded()) return too_many(usage.front(), now);
    HttpResponse response = answer_within(request, now);
    add_limit_headers(response, usage.front());
    return response;
  }

  HttpResponse refusal(const SimRequest&, FaultKind kind, Instant until,
                       Instant now) const override {
    if (kind == FaultKind::closed) {
      return error_of(401, "AuthMissing", "Authentication Required");
    }
    const LimitRule rule{"bluesky", population_.limits.bluesky, population_.limits.bluesky_window};
    return too_many({rule, rule.requests + 1, until}, now);
  }

 private:
  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (request.path.starts_with("/did:")) {
      return answer_directory(account_of(request), request.base, now);
    }
    constexpr std::string_view prefix = "/xrpc/";
    if (!request.path.starts_with(prefix)) return answer_of(404, "Not Found", "text/plain");
    const std::string_view call = std::string_view(request.path).substr(prefix.size());
    if (call == "com.atproto.identity.resolveHandle") return resolve(request, now);
    if (call == "app.bsky.feed.getAuthorFeed") return author_feed(request, now);
    if (call == "app.bsky.actor.getProfile") return profile(request, now);
    const SimAccount* account = account_of(request);
    constexpr std::string_view revision = "com.atproto.sync.getLatestCommit";
    if (call == revision && account != nullptr) {
      return shelf_.answer(*account, request.http->url, now,
                           [&] { return *answer_home(call, account, request, now); });
    }
    auto kept = answer_home(call, account, request, now);
    return kept ? *std::move(kept)
                : error_of(501, "MethodNotImplemented", "Method Not Implemented");
  }

  HttpResponse resolve(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    const bool gone =
        spell && (spell->kind == SpellKind::deleted || spell->kind == SpellKind::renamed);
    if (account == nullptr || gone) return invalid("Unable to resolve handle");
    return answer_of(200, json_bytes(ordered_json{{"did", account->id}}), json_type);
  }

  HttpResponse profile(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    if (account == nullptr) return invalid("Profile not found");
    if (spell && spell->kind == SpellKind::suspended) {
      return error_of(400, "AccountTakedown", "Account has been suspended");
    }
    if (spell && !is_somewhere(*spell)) {
      return error_of(400, "AccountDeactivated", "Account is deactivated");
    }
    return answer_of(200, json_bytes(print_author(*account, now)), json_type);
  }

  HttpResponse author_feed(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    if (account == nullptr || (spell && !is_somewhere(*spell))) {
      return invalid("Profile not found");
    }
    const auto given = request.parameter("cursor");
    const auto cursor = given ? parse_cursor(*given) : std::nullopt;
    if (given && !cursor) return invalid("Malformed cursor");
    return print_feed(*account, request, cursor, now);
  }

  static HttpResponse print_feed(const SimAccount& account, const SimRequest& request,
                                 const std::optional<Cursor>& cursor, Instant now) {
    std::vector<const SimPost*> posts = listing(account, now);
    const std::string_view filter = request.parameter("filter").value_or("posts_with_replies");
    ordered_json feed = ordered_json::array();
    if (!cursor && request.parameter("includePins") == "true") pin_first(account, posts, feed, now);
    // Items at the cursor's own time sort by cid, descending.
    std::erase_if(posts, [&](const SimPost* post) {
      const Instant at = sorted_by(account, *post);
      const bool passed = cursor && (at > cursor->at ||
                                     (at == cursor->at && mint::cid(post->serial) >= cursor->cid));
      return passed || !is_wanted(*post, filter);
    });
    const auto limit = static_cast<std::size_t>(number_or(request.parameter("limit"), 50, 1, 100));
    const bool more = posts.size() > limit;
    if (more) posts.resize(limit);
    for (const SimPost* post : posts) feed.push_back(print_feed_item(account, *post, now));
    ordered_json out;
    if (more) out["cursor"] = print_cursor(account, *posts.back());
    out["feed"] = std::move(feed);
    return answer_of(200, json_bytes(out), json_type);
  }

  // The pinned post leads and leaves its normal place.
  static void pin_first(const SimAccount& account, std::vector<const SimPost*>& posts,
                        ordered_json& feed, Instant now) {
    const auto pinned = std::find_if(posts.begin(), posts.end(), [&](const SimPost* post) {
      return post->pinned && *post->pinned <= now;
    });
    if (pinned == posts.end()) return;
    ordered_json item = print_feed_item(account, **pinned, now);
    item["reason"] = {{"$type", "app.bsky.feed.defs#reasonPin"}};
    feed.push_back(std::move(item));
    posts.erase(pinned);
  }

  const Population& population_;
  mutable AnswerShelf shelf_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_bluesky(const Population& population) {
  return std::make_unique<SimBluesky>(population);
}

}  // namespace pw
