#include "daemon/poll/comparison.h"

#include "daemon/poll/list_order.h"

namespace pw {

KnownById known_by_id(const std::vector<KnownPost>& known) {
  KnownById by_id;
  by_id.reserve(known.size());
  for (const KnownPost& post : known) by_id.emplace(post.id, &post);
  return by_id;
}

bool is_on_a_list(const KnownPost& post) { return post.last_seen != Instant{}; }

Instant last_without_any(const Before& before, const Reach& reach) {
  const Memory& memory = before.memory;
  return reach.skipped < memory.skipped ? memory.whole : memory.observed;
}

Comparison::Comparison(const Before& before, const Reach& reach, const Sight& sight)
    : before_(before),
      reach_(reach),
      sight_(sight),
      order_(order_of(before, reach)),
      known_(known_by_id(before.known)) {
  for (std::size_t i = 0; i < reach.posts.size(); ++i) {
    const auto it = known_.find(reach.posts[i].id);
    if (reach.posts[i].pinned || it == known_.end()) continue;
    // What only a broken-off look has shown tells nothing of what stands below it.
    if (is_on_a_list(*it->second)) deepest_known_ = i;
  }
  // On a first list everything is new.
  if (!before.state.has_baseline) commit.posts.reserve(reach.posts.size());
  digests.reserve(reach.posts.size());
  for (const Post& post : reach.posts) digests.push_back(digest_of(post));
  for (std::size_t i = 0; i < reach.posts.size(); ++i) compare(reach.posts[i], i);
}

void Comparison::compare(const Post& post, std::size_t depth) {
  const auto it = known_.find(post.id);
  if (it == known_.end()) return add(post, depth);
  const KnownPost& known = *it->second;
  if (known.erased) return commit.seen.push_back(post.id);
  const Digest& digest = digests[depth];
  if (known.removed) restored_ids.push_back(post.id);
  if (digest != known.digest) edited_ids.push_back(post.id);
  if (known.removed || digest != known.digest) {
    store(depth, known.salt, known.appeared, /*baseline=*/false);
  } else {
    commit.seen.push_back(post.id);
  }
}

void Comparison::add(const Post& post, std::size_t depth) {
  const bool baseline = !before_.state.has_baseline || older_than_baseline(depth);
  if (!baseline) ++added;
  // Received, not effective: a post that a slow server's clock, or its lag, would
  // place before the window's end may have come after it.
  const Interval appeared = appeared_between(post, baseline ? Instant{} : last_without(depth),
                                             sight_.received, before_.declaration.lag);
  store(depth, sight_.make_salt(), appeared, baseline);
}

// A sweep that reads deeper than the baseline did meets posts that were there
// all along. Not so on a list that is short and whole as far as it goes: there
// somebody put a post below the others.
bool Comparison::older_than_baseline(std::size_t depth) const {
  return below_all_known(depth) && !before_.state.baseline_whole && !reach_.list_ended;
}

bool Comparison::below_all_known(std::size_t depth) const {
  return deepest_known_ && depth > *deepest_known_;
}

// The last look that would have shown a post at this depth. Where the poster
// chooses the order, a post beyond the first page may have hidden there from
// every routine look; and one at the end of a full list may have been there
// before, until a newer one made room.
Instant Comparison::last_without(std::size_t depth) const {
  const bool hidden = order_ == ListKind::claimed_order || order_ == ListKind::ranked;
  const bool deep = depth >= static_cast<std::size_t>(reach_.first_page);
  const bool room_made = order_ == ListKind::capped && below_all_known(depth) &&
                         reach_.first_page <= before_.state.listed;
  return (hidden && deep) || room_made ? Instant{} : last_without_any(before_, reach_);
}

void Comparison::store(std::size_t depth, std::string salt, Interval appeared, bool baseline) {
  StoredPost stored;
  stored.account = before_.account.number;
  stored.post.id = reach_.posts[depth].id;
  stored.digest = digests[depth];
  stored.salt = std::move(salt);
  stored.appeared = appeared;
  stored.baseline = baseline;
  stored.first_seen = sight_.received;
  stored.last_seen = sight_.effective;
  commit.posts.push_back(std::move(stored));
  depths.push_back(depth);
}

}  // namespace pw
