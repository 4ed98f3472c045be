#include "daemon/rehearsal/listing.h"

#include <algorithm>

#include "daemon/rehearsal/mint.h"

namespace pw {
namespace {

// Pins lead on Instagram (platforms-meta 2.5: no field marks them), on Reddit's
// profiles and Tumblr's blogs (platforms-open 9) and as sticky posts of sites; Mastodon and Bluesky
// list them apart (platforms-open 1.6).
bool leads(const SimAccount& account, const SimPost& post, Instant now) {
  const bool in_list = account.platform == "instagram" || account.platform == "feed" ||
                       account.platform == "reddit" || account.platform == "tumblr";
  return in_list && post.pinned && *post.pinned <= now;
}

// Between posts of one time the order is arbitrary, but always the same: by id on
// Mastodon, by cid on Bluesky, whose cursors count on it.
bool wins_tie(const SimAccount& account, const SimPost& a, const SimPost& b) {
  if (account.platform == "mastodon") return a.id > b.id;
  if (account.platform == "bluesky") return mint::cid(a.serial) > mint::cid(b.serial);
  return a.serial > b.serial;
}

}  // namespace

Instant sorted_by(const SimAccount& account, const SimPost& post) {
  // By id, which only GoToSocial makes of a time that the author may choose.
  if (account.platform == "mastodon")
    return post.declared == Instant{} ? post.created : post.declared;
  // getAuthorFeed: min(createdAt, indexedAt) (platforms-open 3.3).
  if (account.platform == "bluesky") return std::min(post.declared, post.created);
  // A site sorts a post without a date by when it was added.
  return post.declared == Instant{} ? post.created : post.declared;
}

std::vector<const SimPost*> listing(const SimAccount& account, Instant now) {
  std::vector<const SimPost*> posts;
  for (const SimPost& post : account.posts) {
    if (stands(post, now)) posts.push_back(&post);
  }
  std::stable_sort(posts.begin(), posts.end(), [&](const SimPost* a, const SimPost* b) {
    const bool a_leads = leads(account, *a, now);
    if (a_leads != leads(account, *b, now)) return a_leads;
    const Instant at = sorted_by(account, *a);
    const Instant bt = sorted_by(account, *b);
    return at != bt ? at > bt : wins_tie(account, *a, *b);
  });
  return posts;
}

std::size_t rank_of(const SimAccount& account, const SimPost& post, Instant now) {
  const std::vector<const SimPost*> posts = listing(account, now);
  const auto it = std::find(posts.begin(), posts.end(), &post);
  return static_cast<std::size_t>(it - posts.begin());
}

}  // namespace pw
