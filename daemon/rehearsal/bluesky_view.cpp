#include "daemon/rehearsal/bluesky_view.h"

#include <algorithm>

#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

ordered_json facets_of(const std::string& text) {
  ordered_json facets = ordered_json::array();
  for (std::size_t i = text.find('#'); i != std::string::npos; i = text.find('#', i + 1)) {
    const std::size_t end = std::min(text.find_first_of(" .,!?", i + 1), text.size());
    if (end == i + 1) continue;
    ordered_json feature{{"$type", "app.bsky.richtext.facet#tag"},
                         {"tag", text.substr(i + 1, end - i - 1)}};
    facets.push_back({{"index", {{"byteStart", i}, {"byteEnd", end}}},
                      {"features", ordered_json::array({feature})}});
  }
  return facets;
}

ordered_json reference(const std::string& uri, std::uint64_t serial) {
  return {{"uri", uri}, {"cid", mint::cid(serial)}};
}

std::string stranger_post(const SimPost& post) {
  return "at://" + mint::did(post.serial + 3) + "/app.bsky.feed.post/" +
         mint::tid(post.created - std::chrono::hours(2), post.serial);
}

std::string quoted_post(const SimPost& post) {
  return "at://" + mint::did(post.serial + 5) + "/app.bsky.feed.post/" +
         mint::tid(post.created - std::chrono::hours(3), post.serial);
}

ordered_json quoted_record(const SimPost& post) {
  return {{"$type", "app.bsky.feed.post"},
          {"createdAt", print_rfc3339(post.created - std::chrono::hours(3))},
          {"text", quoted_text}};
}

// As the AppView shows it: the quoted record whole, and its author.
ordered_json quoted_view(const SimPost& post) {
  ordered_json author{{"did", mint::did(post.serial + 5)},
                      {"handle", "coalition.example.org"},
                      {"labels", ordered_json::array()}};
  ordered_json record{{"$type", "app.bsky.embed.record#viewRecord"},
                      {"uri", quoted_post(post)},
                      {"cid", mint::cid(post.serial + 5)},
                      {"author", std::move(author)},
                      {"value", quoted_record(post)},
                      {"indexedAt", print_rfc3339(post.created - std::chrono::hours(3))}};
  return {{"$type", "app.bsky.embed.record#view"}, {"record", std::move(record)}};
}

ordered_json not_found_view(const std::string& uri) {
  return {{"$type", "app.bsky.feed.defs#notFoundPost"}, {"uri", uri}, {"notFound", true}};
}

std::string created_at(const SimPost& post) {
  // A client stamps the record before the server has it.
  const bool claims = post.declared != post.created;
  return print_rfc3339(claims ? post.declared : post.created - Millis(120));
}

ordered_json record_of(const SimPost& post, Instant now) {
  const std::string& text = text_at(post, now);
  ordered_json record{{"$type", "app.bsky.feed.post"},
                      {"createdAt", created_at(post)},
                      {"langs", ordered_json::array({"en"})},
                      {"text", text}};
  if (ordered_json facets = facets_of(text); !facets.empty()) record["facets"] = std::move(facets);
  if (post.surface == Surface::reply) {
    const std::string uri = stranger_post(post);
    record["reply"] = {{"root", reference(uri, post.serial + 1)},
                       {"parent", reference(uri, post.serial + 1)}};
  } else if (post.answers_own) {
    record["reply"] = {{"root", reference(post.answers, post.serial + 1)},
                       {"parent", reference(post.answers, post.serial + 1)}};
  }
  if (post.media == "image") {
    ordered_json image{{"alt", ""},
                       {"image",
                        {{"$type", "blob"},
                         {"ref", {{"$link", mint::blob_cid(post.serial)}}},
                         {"mimeType", "image/jpeg"},
                         {"size", 301222}}}};
    record["embed"] = {{"$type", "app.bsky.embed.images"},
                       {"images", ordered_json::array({image})}};
  }
  if (post.quotes) {
    record["embed"] = {{"$type", "app.bsky.embed.record"},
                       {"record", reference(quoted_post(post), post.serial + 5)}};
  }
  return record;
}

void add_counters(ordered_json& view, const SimPost& post, Instant now) {
  view["bookmarkCount"] = 0;
  view["replyCount"] = counter_of(post, now, "replies");
  view["repostCount"] = counter_of(post, now, "reposts");
  view["likeCount"] = counter_of(post, now, "likes");
  view["quoteCount"] = 0;
}

ordered_json own_view(const SimAccount& account, const SimPost& post, Instant now) {
  const bool edited = post.edited && *post.edited <= now;
  ordered_json view{{"uri", post.id},
                    {"cid", mint::cid(post.serial + (edited ? 1u << 20 : 0u))},
                    {"author", print_author(account, now)},
                    {"record", record_of(post, now)}};
  if (post.quotes) view["embed"] = quoted_view(post);
  add_counters(view, post, now);
  view["indexedAt"] = print_rfc3339(post.created);
  view["labels"] = ordered_json::array();
  return view;
}

// The reposted post is somebody else's, and older.
ordered_json foreign_view(const SimPost& post, Instant now) {
  const Instant then = post.created - std::chrono::hours(5);
  ordered_json author{{"did", mint::did(post.serial + 3)},
                      {"handle", "campaign.example.org"},
                      {"labels", ordered_json::array()}};
  ordered_json record{{"$type", "app.bsky.feed.post"},
                      {"createdAt", print_rfc3339(then)},
                      {"text", text_at(post, now)}};
  ordered_json view{{"uri", stranger_post(post)},
                    {"cid", mint::cid(post.serial + 2)},
                    {"author", author},
                    {"record", record}};
  add_counters(view, post, now);
  view["indexedAt"] = print_rfc3339(then + Millis(640));
  view["labels"] = ordered_json::array();
  return view;
}

}  // namespace

ordered_json print_author(const SimAccount& account, Instant now) {
  const Spell* spell = spell_at(account, now);
  const bool renamed = spell && spell->kind == SpellKind::renamed;
  return {{"did", account.id},
          {"handle", renamed ? spell->new_handle : account.name},
          {"displayName", account.actor},
          {"labels", ordered_json::array()},
          {"createdAt", "2023-07-01T09:00:00.000Z"}};
}

ordered_json print_kept_record(const SimPost& post, Instant now) {
  const bool edited = post.edited && *post.edited <= now;
  ordered_json item{{"uri", post.id}, {"cid", mint::cid(post.serial + (edited ? 1u << 20 : 0u))}};
  if (post.surface == Surface::repost) {
    item["value"] = {{"$type", "app.bsky.feed.repost"},
                     {"subject", reference(stranger_post(post), post.serial + 2)},
                     {"createdAt", created_at(post)}};
  } else {
    item["value"] = record_of(post, now);
  }
  return item;
}

ordered_json print_feed_item(const SimAccount& account, const SimPost& post, Instant now) {
  ordered_json item;
  if (post.surface != Surface::repost) {
    item["post"] = own_view(account, post, now);
    if (post.surface == Surface::reply) {
      const std::string uri = stranger_post(post);
      item["reply"] = {{"root", not_found_view(uri)}, {"parent", not_found_view(uri)}};
    }
    return item;
  }
  item["post"] = foreign_view(post, now);
  item["reason"] = {{"$type", "app.bsky.feed.defs#reasonRepost"},
                    {"by", print_author(account, now)},
                    {"uri", post.id},
                    {"cid", mint::cid(post.serial)},
                    {"indexedAt", print_rfc3339(post.created)}};
  return item;
}

}  // namespace pw
