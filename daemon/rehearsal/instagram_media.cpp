#include "daemon/rehearsal/instagram_media.h"

#include <algorithm>
#include <array>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/graph_answer.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

// '@' is stripped unless the caller administers the account (platforms-meta 2.4).
std::string caption_of(const SimPost& post, Instant now) {
  std::string caption = text_at(post, now);
  std::erase(caption, '@');
  return caption;
}

std::string media_type(const SimPost& post) {
  if (post.media == "album") return "CAROUSEL_ALBUM";
  return post.media == "video" ? "VIDEO" : "IMAGE";
}

std::string shortcode_of_post(const SimPost& post) {
  return mint::shortcode(post.declared, post.serial);
}

std::string permalink_of(const SimPost& post) {
  const std::string kind = post.surface == Surface::reel ? "reel" : "p";
  return "https://www.instagram.com/" + kind + '/' + shortcode_of_post(post) + '/';
}

// Signed and short-lived, so it changes with the hour.
std::string cdn_link(const SimPost& post, Instant now) {
  const std::int64_t hour = ms_of(now) / 3'600'000;
  return "https://scontent.example-cdn.net/" + post.id +
         ".jpg?sig=" + print_hex(sha256(post.id + std::to_string(hour))).substr(0, 12);
}

ordered_json children_of(const SimPost& post) {
  ordered_json data = ordered_json::array();
  for (int i = 0; i < 2; ++i) {
    // Child times may be a second off the parent's (platforms-meta 2.4).
    data.push_back({{"id", mint::media_id(post.serial * 7 + 1 + static_cast<unsigned>(i))},
                    {"media_type", "IMAGE"},
                    {"timestamp", print_graph_time(post.declared - std::chrono::seconds(1))}});
  }
  return {{"data", data}};
}

struct MediaRow {
  std::string_view name;
  // Null: this medium does not have the field, and it is left out.
  ordered_json (*print)(const SimAccount&, const SimPost&, Instant);
};

// The fields that Business Discovery shows (platforms-meta 2.4).
constexpr std::array media_rows = {
    MediaRow{"caption",
             [](const SimAccount&, const SimPost& post, Instant now) {
               std::string caption = caption_of(post, now);
               return caption.empty() ? ordered_json() : ordered_json(std::move(caption));
             }},
    MediaRow{"media_type", [](const SimAccount&, const SimPost& post,
                              Instant) { return ordered_json(media_type(post)); }},
    MediaRow{"media_product_type",
             [](const SimAccount&, const SimPost& post, Instant) {
               return ordered_json(post.surface == Surface::reel ? "REELS" : "FEED");
             }},
    MediaRow{"permalink", [](const SimAccount&, const SimPost& post,
                             Instant) { return ordered_json(permalink_of(post)); }},
    MediaRow{"shortcode", [](const SimAccount&, const SimPost& post,
                             Instant) { return ordered_json(shortcode_of_post(post)); }},
    MediaRow{"timestamp", [](const SimAccount&, const SimPost& post,
                             Instant) { return ordered_json(print_graph_time(post.declared)); }},
    MediaRow{"username", [](const SimAccount& account, const SimPost&,
                            Instant) { return ordered_json(account.name); }},
    // Absent for copyrighted audio and flagged media.
    MediaRow{"media_url",
             [](const SimAccount&, const SimPost& post, Instant now) {
               return post.serial % 5 == 0 ? ordered_json() : ordered_json(cdn_link(post, now));
             }},
    MediaRow{"thumbnail_url",
             [](const SimAccount&, const SimPost& post, Instant now) {
               return post.media == "video" ? ordered_json(cdn_link(post, now)) : ordered_json();
             }},
    // Absent when the owner hides likes.
    MediaRow{"like_count",
             [](const SimAccount&, const SimPost& post, Instant now) {
               return post.serial % 7 == 0 ? ordered_json()
                                           : ordered_json(counter_of(post, now, "likes"));
             }},
    MediaRow{"comments_count",
             [](const SimAccount&, const SimPost& post, Instant now) {
               return ordered_json(counter_of(post, now, "comments"));
             }},
    MediaRow{"view_count",
             [](const SimAccount&, const SimPost& post, Instant now) {
               return post.media == "video" ? ordered_json(counter_of(post, now, "views") * 10)
                                            : ordered_json();
             }},
    MediaRow{"is_shared_to_feed",
             [](const SimAccount&, const SimPost& post, Instant) {
               return post.surface == Surface::reel ? ordered_json(true) : ordered_json();
             }},
    MediaRow{"children",
             [](const SimAccount&, const SimPost& post, Instant) {
               return post.media == "album" ? children_of(post) : ordered_json();
             }},
};

std::optional<ordered_json> print_medium(const SimAccount& account, const GraphField& edge,
                                         const SimPost& post, Instant now, std::string& unknown) {
  ordered_json out;
  out["id"] = post.id;
  for (const GraphField& field : edge.fields) {
    if (field.name == "id") continue;
    const auto row = std::find_if(media_rows.begin(), media_rows.end(),
                                  [&](const MediaRow& r) { return r.name == field.name; });
    if (row == media_rows.end()) {
      unknown = field.name;
      return std::nullopt;
    }
    if (ordered_json value = row->print(account, post, now); !value.is_null()) {
      out[field.name] = std::move(value);
    }
  }
  return out;
}

std::vector<const SimPost*> slice_of(const SimAccount& account, const MediaSlice& slice,
                                     Instant now) {
  std::vector<const SimPost*> posts = listing(account, now);
  std::erase_if(posts, [&](const SimPost* post) {
    return (slice.since && post->declared < *slice.since) ||
           (slice.until && post->declared > *slice.until);
  });
  return posts;
}

}  // namespace

std::optional<ordered_json> print_media_edge(const SimAccount& account, const GraphField& edge,
                                             const MediaSlice& slice, Instant now,
                                             std::string& unknown) {
  const std::vector<const SimPost*> posts = slice_of(account, slice, now);
  std::size_t first = 0;
  if (!slice.after.empty()) {
    const auto it = std::find_if(posts.begin(), posts.end(),
                                 [&](const SimPost* post) { return post->id == slice.after; });
    // Cursors die when what they point to is deleted (platforms-meta 1.5).
    if (it == posts.end()) return std::nullopt;
    first = static_cast<std::size_t>(it - posts.begin()) + 1;
  }
  if (posts.empty() && !slice.since) return ordered_json();
  const std::size_t end = std::min(posts.size(), first + static_cast<std::size_t>(slice.limit));
  ordered_json out;
  out["data"] = ordered_json::array();
  for (std::size_t i = first; i < end; ++i) {
    auto medium = print_medium(account, edge, *posts[i], now, unknown);
    if (!medium) return std::nullopt;
    out["data"].push_back(*std::move(medium));
  }
  // First page only `after`, a middle page both, the last only `before`.
  if (first > 0 && end > first)
    out["paging"]["cursors"]["before"] = mint::graph_cursor(posts[first]->id);
  if (end < posts.size() && end > first)
    out["paging"]["cursors"]["after"] = mint::graph_cursor(posts[end - 1]->id);
  return out;
}

}  // namespace pw
