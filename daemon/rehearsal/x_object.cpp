#include "daemon/rehearsal/x_object.h"

#include <algorithm>

#include "daemon/rehearsal/markup.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

// Whole seconds, printed with three digits of milliseconds.
std::string print_second(Instant t) {
  return print_rfc3339(t - t.time_since_epoch() % Millis(1000));
}

std::string newest_id(const SimPost& post, Instant now) {
  const bool edited = post.edited && *post.edited <= now;
  return edited ? mint::x_id(*post.edited, post.serial + 1) : post.id;
}

std::string quoted_id(const SimPost& post) {
  return mint::x_id(post.created - std::chrono::hours(3), post.serial + 9);
}

ordered_json references_of(const SimPost& post) {
  ordered_json list = ordered_json::array();
  const Instant then = post.created - std::chrono::hours(2);
  if (post.surface == Surface::repost) {
    list.push_back({{"type", "retweeted"}, {"id", mint::x_id(then, post.serial + 7)}});
  } else if (!post.answers.empty() || post.surface == Surface::reply) {
    list.push_back({{"type", "replied_to"}, {"id", mint::x_id(then, post.serial + 8)}});
  }
  if (post.quotes) list.push_back({{"type", "quoted"}, {"id", quoted_id(post)}});
  return list;
}

// What `fields` or its older or newer name asks for, of what there is.
ordered_json with_fields(ordered_json whole, const SimRequest& request,
                         std::initializer_list<const char*> names,
                         std::initializer_list<const char*> always) {
  std::string wanted = ",";
  for (const char* name : names) {
    if (const auto given = request.parameter(name)) wanted += std::string(*given) + ',';
  }
  ordered_json out;
  for (auto& [key, value] : whole.items()) {
    const bool is_default = std::find(always.begin(), always.end(), key) != always.end();
    if (is_default || wanted.find(',' + key + ',') != std::string::npos) out[key] = value;
  }
  return out;
}

}  // namespace

ordered_json print_x_post(const SimAccount& account, const SimPost& post, const SimRequest& request,
                          Instant now) {
  const std::string id = newest_id(post, now);
  // X sends three characters as entities.
  std::string text = escape_text(text_at(post, now));
  if (post.quotes) text += " https://t.co/q" + std::to_string(post.serial % 100'000);
  ordered_json out;
  out["id"] = id;
  out["text"] = post.surface == Surface::repost ? "RT @org: " + text : text;
  out["edit_history_tweet_ids"] = ordered_json::array({post.id});
  if (id != post.id) out["edit_history_tweet_ids"].push_back(id);
  out["author_id"] = account.id;
  out["created_at"] = print_second(id == post.id ? post.created : *post.edited);
  out["conversation_id"] = post.id;
  const ordered_json references = references_of(post);
  if (!references.empty()) out["referenced_tweets"] = references;
  if (!post.answers.empty() || post.surface == Surface::reply) {
    out["in_reply_to_user_id"] = post.answers_own ? account.id : "2222222222222222222";
  }
  out["possibly_sensitive"] = false;
  out["lang"] = "en";
  out["public_metrics"] = {{"like_count", counter_of(post, now, "likes")},
                           {"retweet_count", counter_of(post, now, "reposts")}};
  return with_fields(std::move(out), request, {"tweet.fields", "post.fields"},
                     {"id", "text", "edit_history_tweet_ids"});
}

ordered_json print_quoted_x_post(const SimPost& post) {
  const std::string id = quoted_id(post);
  return {{"id", id},
          {"text", quoted_text},
          {"edit_history_tweet_ids", ordered_json::array({id})},
          {"author_id", "2222222222222222222"}};
}

ordered_json print_x_user(const SimAccount& account, const SimRequest& request, Instant now) {
  const Spell* spell = spell_at(account, now);
  const bool renamed = spell && spell->kind == SpellKind::renamed;
  ordered_json out{{"id", account.id},
                   {"name", account.actor},
                   {"username", renamed ? spell->new_handle : account.name},
                   {"created_at", "2014-05-13T17:13:20.000Z"},
                   {"protected", spell && spell->kind == SpellKind::not_visible}};
  return with_fields(std::move(out), request, {"user.fields"}, {"id", "name", "username"});
}

ordered_json x_problem(std::string_view title, std::string_view type, std::string_view parameter,
                       std::string_view value, std::string_view detail) {
  return {{"value", value},
          {"detail", detail},
          {"title", title},
          {"resource_type", "user"},
          {"parameter", parameter},
          {"resource_id", value},
          {"type", "https://api.x.com/2/problems/" + std::string(type)}};
}

}  // namespace pw
