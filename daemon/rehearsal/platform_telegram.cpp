// Telegram's Bot API for a bot that every channel made an administrator
// (platforms-open 9.3): one stream of updates, kept for a day, without deletions.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t first_update = 812'345'001;
constexpr Millis kept_for = std::chrono::hours(24);

HttpResponse json_of(int status, const ordered_json& body) {
  return answer_of(status, json_bytes(body), "application/json");
}

HttpResponse refuse(int status, std::string_view description) {
  return json_of(status, {{"ok", false}, {"error_code", status}, {"description", description}});
}

HttpResponse slow_down(Millis wait) {
  const std::int64_t seconds = std::max<std::int64_t>(1, wait.count() / 1000);
  return json_of(429, {{"ok", false},
                       {"error_code", 429},
                       {"description", "Too Many Requests: retry after " + std::to_string(seconds)},
                       {"parameters", {{"retry_after", seconds}}}});
}

// Something that a bot is told of.
struct Update {
  enum class Kind { posted, edited, removed, returned };
  Instant at{};
  const SimAccount* account = nullptr;
  const SimPost* post = nullptr;  // null: the bot itself came or went
  Kind kind = Kind::posted;
};

std::string_view name_of(Update::Kind kind) {
  if (kind == Update::Kind::posted) return "channel_post";
  return kind == Update::Kind::edited ? "edited_channel_post" : "my_chat_member";
}

ordered_json print_chat(const SimAccount& account, Instant now) {
  const Spell* spell = spell_at(account, now);
  const bool renamed = spell && spell->kind == SpellKind::renamed;
  return {{"id", std::stoll(account.id)},
          {"title", account.actor},
          {"username", renamed ? spell->new_handle : account.name},
          {"type", "channel"}};
}

ordered_json print_message(const Update& update) {
  const SimPost& post = *update.post;
  const ordered_json chat = print_chat(*update.account, update.at);
  ordered_json out{{"message_id", std::stoll(post.id)},
                   {"sender_chat", chat},
                   {"chat", chat},
                   {"date", ms_of(post.created) / 1000}};
  const bool edited = update.kind == Update::Kind::edited;
  if (edited) out["edit_date"] = ms_of(update.at) / 1000;
  if (post.surface == Surface::repost) {
    out["forward_origin"] = {
        {"type", "channel"},
        {"chat", {{"id", -1009999999999}, {"username", "org"}, {"type", "channel"}}},
        {"message_id", 4711},
        {"date", ms_of(post.created) / 1000 - 7200}};
  }
  const bool media = post.media == "image" || post.media == "video";
  if (media) out[post.media == "image" ? "photo" : "video"] = ordered_json::array();
  out[media ? "caption" : "text"] = edited ? post.edited_text : post.text;
  return out;
}

ordered_json print_membership(const Update& update) {
  const auto standing = [](bool inside) {
    return ordered_json{{"user", {{"id", 12345}, {"is_bot", true}, {"username", "watch_bot"}}},
                        {"status", inside ? "administrator" : "left"}};
  };
  const bool inside = update.kind == Update::Kind::returned;
  return {{"chat", print_chat(*update.account, update.at)},
          {"from", {{"id", 4711}, {"is_bot", false}}},
          {"date", ms_of(update.at) / 1000},
          {"old_chat_member", standing(!inside)},
          {"new_chat_member", standing(inside)}};
}

class SimTelegram final : public SimPlatform {
 public:
  explicit SimTelegram(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"telegram " + request.token, population_.limits.telegram, std::chrono::seconds(1)}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    std::string_view name = request.parameter("chat_id").value_or("");
    if (name.starts_with('-')) return find_by_id(population_, "telegram", "", name);
    if (name.starts_with('@')) name.remove_prefix(1);
    return find_by_name(population_, "telegram", "", name);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    if (usage.front().exceeded()) return slow_down(std::chrono::seconds(1));
    if (request.token.empty()) return refuse(404, "Not Found");
    if (!is_welcome(request, population_)) return refuse(401, "Unauthorized");
    if (request.path == "/getChat") return answer_chat(request, now);
    if (request.path == "/getUpdates") return answer_updates(request, now);
    if (request.path == "/getMe") {
      return json_of(
          200,
          {{"ok", true}, {"result", {{"id", 12345}, {"is_bot", true}, {"username", "watch_bot"}}}});
    }
    return refuse(404, "Not Found");
  }

  HttpResponse refusal(const SimRequest&, FaultKind kind, Instant until,
                       Instant now) const override {
    if (kind == FaultKind::token_expired) return refuse(401, "Unauthorized");
    if (kind == FaultKind::closed) {
      return refuse(409, "Conflict: can't use getUpdates method while webhook is active");
    }
    return slow_down(until - now);
  }

 private:
  HttpResponse answer_chat(const SimRequest& request, Instant now) const {
    const SimAccount* account = account_of(request);
    const Spell* spell = account ? spell_at(*account, now) : nullptr;
    if (account == nullptr || (spell && spell->kind != SpellKind::not_visible)) {
      return refuse(400, "Bad Request: chat not found");
    }
    return json_of(200, {{"ok", true}, {"result", print_chat(*account, now)}});
  }

  // Everything that ever reaches the bot, in order: an update's number is its place.
  // Made once: every look at every channel asks for it.
  const std::vector<Update>& all_updates() const {
    if (updates_.empty()) updates_ = make_updates();
    return updates_;
  }

  std::vector<Update> make_updates() const {
    std::vector<Update> updates;
    for (const SimAccount& account : population_.accounts) {
      if (account.platform != "telegram") continue;
      for (const Spell& spell : account.spells) {
        if (spell.kind == SpellKind::renamed) continue;
        updates.push_back({spell.span.start, &account, nullptr, Update::Kind::removed});
        updates.push_back({spell.span.end, &account, nullptr, Update::Kind::returned});
      }
      for (const SimPost& post : account.posts) {
        add(updates, {post.created, &account, &post, Update::Kind::posted});
        if (post.edited) add(updates, {*post.edited, &account, &post, Update::Kind::edited});
      }
    }
    std::stable_sort(updates.begin(), updates.end(),
                     [](const Update& a, const Update& b) { return a.at < b.at; });
    return updates;
  }

  // Not while the bot is out, and no edit of what is gone.
  static void add(std::vector<Update>& updates, Update update) {
    const Spell* spell = spell_at(*update.account, update.at);
    const bool out = spell && spell->kind != SpellKind::renamed;
    if (!out && stands(*update.post, update.at)) updates.push_back(update);
  }

  HttpResponse answer_updates(const SimRequest& request, Instant now) const {
    const std::vector<Update>& all = all_updates();
    const std::string_view kinds = request.parameter("allowed_updates").value_or("");
    std::vector<std::size_t> kept;
    const auto later = [](Instant at, const Update& update) { return at < update.at; };
    const auto from = std::upper_bound(all.begin(), all.end(), now - kept_for, later);
    for (auto it = from; it != all.end() && it->at <= now; ++it) {
      const bool wanted = kinds.empty() || kinds.find(name_of(it->kind)) != kinds.npos;
      if (wanted) kept.push_back(static_cast<std::size_t>(it - all.begin()));
    }
    // A negative offset counts from the end.
    const int offset = number_or(request.parameter("offset"), 0, -1000, 2'000'000'000);
    if (offset < 0 && kept.size() > static_cast<std::size_t>(-offset)) {
      kept.erase(kept.begin(), kept.end() + offset);
    }
    std::erase_if(kept, [&](std::size_t i) {
      return offset > 0 && first_update + static_cast<std::int64_t>(i) < offset;
    });
    const auto most = static_cast<std::size_t>(number_or(request.parameter("limit"), 100, 1, 100));
    kept.resize(std::min(kept.size(), most));
    ordered_json result = ordered_json::array();
    for (const std::size_t i : kept) {
      const Update& update = all[i];
      ordered_json item{{"update_id", first_update + static_cast<std::int64_t>(i)}};
      item[std::string(name_of(update.kind))] =
          update.post ? print_message(update) : print_membership(update);
      result.push_back(std::move(item));
    }
    return json_of(200, {{"ok", true}, {"result", std::move(result)}});
  }

  const Population& population_;
  mutable std::vector<Update> updates_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_telegram(const Population& population) {
  return std::make_unique<SimTelegram>(population);
}

}  // namespace pw
