#include "daemon/rehearsal/mastodon_status.h"

#include <algorithm>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

bool is_tag_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t tag_end(std::string_view text, std::size_t after_mark) {
  std::size_t end = after_mark;
  while (end < text.size() && is_tag_part(text[end])) ++end;
  return end;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    default:
      out += c;
  }
}

std::string acct_of(const SimAccount& account, Instant now) {
  const Spell* spell = spell_at(account, now);
  return spell && spell->kind == SpellKind::renamed ? spell->new_handle : account.name;
}

std::string site_of(const SimRequest& request) { return "https://" + request.host; }

// Somebody else's status, which is repeated or quoted.
ordered_json inner_status(const SimPost& post, std::string_view text) {
  const Instant then = post.created - std::chrono::hours(5);
  const std::string uri =
      "https://other.example/users/org/statuses/" + std::to_string(post.serial % 100'000);
  return {{"id", mint::snowflake(then, post.serial)},
          {"created_at", print_rfc3339(then)},
          {"uri", uri},
          {"url", uri},
          {"visibility", "public"},
          {"content", print_html(text, "other.example")},
          {"reblog", nullptr},
          {"account", {{"id", "200"}, {"username", "org"}, {"acct", "org@other.example"}}},
          {"media_attachments", ordered_json::array()},
          {"mentions", ordered_json::array()},
          {"tags", ordered_json::array()},
          {"emojis", ordered_json::array()}};
}

// Since 4.4; who is quoted has a say in whether it shows.
ordered_json quote_of(const SimPost& post) {
  const bool pending = post.serial % 2 == 1;
  return {{"state", pending ? "pending" : "accepted"},
          {"quoted_status", pending ? ordered_json() : inner_status(post, quoted_text)}};
}

ordered_json tags_object(const std::string& text, const SimRequest& request) {
  ordered_json tags = ordered_json::array();
  for (std::string& tag : tags_of(text)) {
    std::transform(tag.begin(), tag.end(), tag.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    tags.push_back({{"name", tag}, {"url", site_of(request) + "/tags/" + tag}});
  }
  return tags;
}

void add_thread(ordered_json& out, const SimAccount& account, const SimPost& post) {
  out["in_reply_to_id"] = nullptr;
  out["in_reply_to_account_id"] = nullptr;
  if (post.answers.empty()) return;
  out["in_reply_to_id"] = post.answers;
  out["in_reply_to_account_id"] = post.answers_own ? account.id : "109500000000000999";
}

}  // namespace

std::string print_html(std::string_view text, std::string_view host) {
  std::string out = "<p>";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '#' ? tag_end(text, i + 1) : i + 1;
    if (end == i + 1) {
      append_escaped(out, text[i]);
      continue;
    }
    const std::string tag(text.substr(i + 1, end - i - 1));
    out += "<a href=\"https://" + std::string(host) + "/tags/" + tag +
           "\" class=\"mention hashtag\" rel=\"tag\">#<span>" + tag + "</span></a>";
    i = end - 1;
  }
  return out + "</p>";
}

std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  for (std::size_t i = text.find('#'); i != std::string_view::npos; i = text.find('#', i + 1)) {
    const std::size_t end = tag_end(text, i + 1);
    if (end > i + 1) tags.emplace_back(text.substr(i + 1, end - i - 1));
  }
  return tags;
}

ordered_json print_account_object(const SimAccount& account, const SimRequest& request,
                                  Instant now) {
  const Spell* spell = spell_at(account, now);
  const std::string name = acct_of(account, now);
  std::size_t standing = 0;
  Instant latest{};
  for (const SimPost& post : account.posts) {
    if (!stands(post, now)) continue;
    ++standing;
    latest = std::max(latest, post.created);
  }
  ordered_json out{{"id", account.id},
                   {"username", name},
                   {"acct", name},
                   {"display_name", account.actor},
                   {"locked", false},
                   {"bot", false},
                   {"created_at", "2022-12-12T00:00:00.000Z"},
                   {"url", site_of(request) + "/@" + name},
                   {"uri", site_of(request) + "/users/" + name},
                   {"statuses_count", standing},
                   {"followers_count", mix64(account.id) % 9'000},
                   {"following_count", 12},
                   {"emojis", ordered_json::array()},
                   {"fields", ordered_json::array()}};
  if (standing > 0) out["last_status_at"] = print_rfc3339(latest).substr(0, 10);
  if (spell && spell->kind == SpellKind::suspended) out["suspended"] = true;
  if (spell && spell->kind == SpellKind::moved) {
    out["moved"] = {{"id", mint::snowflake(spell->span.start, 11)},
                    {"username", name},
                    {"acct", spell->new_handle}};
  }
  return out;
}

ordered_json print_status(const SimAccount& account, const ordered_json& author,
                          const SimPost& post, const SimRequest& request, Instant now) {
  const bool repost = post.surface == Surface::repost;
  const std::string name = acct_of(account, now);
  const std::string uri = site_of(request) + "/users/" + name + "/statuses/" + post.id;
  const std::string& text = text_at(post, now);
  ordered_json out;
  out["id"] = post.id;
  // The id is made a few milliseconds before the row (platforms-open, section 11).
  const bool dated = post.declared != post.created && post.declared != Instant{};
  out["created_at"] = print_rfc3339(
      dated ? post.declared : post.created + Millis(static_cast<int>(post.serial % 6)));
  add_thread(out, account, post);
  out["sensitive"] = false;
  out["spoiler_text"] = "";
  out["visibility"] = "public";
  out["language"] = repost ? ordered_json() : ordered_json("en");
  out["uri"] = repost ? uri + "/activity" : uri;
  out["url"] = repost ? uri + "/activity" : site_of(request) + "/@" + name + '/' + post.id;
  out["replies_count"] = counter_of(post, now, "replies");
  out["reblogs_count"] = counter_of(post, now, "reblogs");
  out["favourites_count"] = counter_of(post, now, "favourites");
  out["quotes_count"] = 0;
  const bool edited = post.edited && *post.edited <= now;
  out["edited_at"] = edited ? ordered_json(print_rfc3339(*post.edited)) : ordered_json();
  out["content"] = print_html(text, request.host);
  out["reblog"] = repost ? inner_status(post, text) : ordered_json();
  if (!repost) out["application"] = {{"name", "Web"}, {"website", nullptr}};
  out["account"] = author;
  out["media_attachments"] = ordered_json::array();
  out["mentions"] = ordered_json::array();
  out["tags"] = tags_object(text, request);
  out["emojis"] = ordered_json::array();
  out["quote"] = post.quotes ? quote_of(post) : ordered_json();
  out["card"] = nullptr;
  out["poll"] = nullptr;
  return out;
}

}  // namespace pw
