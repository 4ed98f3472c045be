#include "daemon/poll/observe.h"

#include <algorithm>
#include <unordered_set>

#include "daemon/poll/comparison.h"
#include "daemon/poll/list_order.h"

namespace pw {
namespace {

constexpr Millis story_lives = std::chrono::hours(24);

// When the last list was read that had everything it should have: its posts, and
// no others, were seen then.
Instant last_list_of(const std::vector<KnownPost>& known) {
  Instant last{};
  for (const KnownPost& post : known) last = std::max(last, post.last_seen);
  return last;
}

// Known posts that must be among the posts read, if they still stand. A list
// that has been read to its end has them all. Of a longer one, newest first by
// the server's own order, those that appeared after the deepest known post
// cannot have been pushed off its end; the deepest, not the oldest, because an
// old post on top may be a pin that is not marked. Any other list proves nothing
// by leaving a post out, nor does an answer that was cut off. A story that lived its
// day ended by itself.
std::vector<const KnownPost*> missing_posts(const Before& before, const Reach& reach,
                                            Instant effective) {
  if (reach.cut_off || before.known.empty()) return {};
  const ListKind kind = order_of(before, reach);
  const bool ordered = kind == ListKind::complete || kind == ListKind::capped;
  const bool whole = reach.list_ended && kind != ListKind::capped && kind != ListKind::ranked;
  if (!whole && !ordered) return {};

  const KnownById known = known_by_id(before.known);
  std::unordered_set<std::string_view> read;
  read.reserve(reach.posts.size());
  Instant deepest = Instant::max();
  for (const Post& post : reach.posts) {
    read.insert(post.id);
    const auto it = known.find(post.id);
    if (it != known.end() && !post.pinned) deepest = it->second->appeared.start;
  }
  const Instant last_list = last_list_of(before.known);
  std::vector<const KnownPost*> missing;
  for (const KnownPost& post : before.known) {
    if (post.removed || post.last_seen != last_list || read.contains(post.id)) continue;
    if (post.erased) continue;  // nobody is told any more what becomes of it
    if (post.surface == Surface::story && post.appeared.start + story_lives <= effective) continue;
    if (whole || post.appeared.start > deepest) missing.push_back(&post);
  }
  // Each may be one of the items that could not be read.
  if (missing.size() <= static_cast<std::size_t>(reach.skipped)) missing.clear();
  return missing;
}

std::uint64_t digest_of_missing(const std::vector<const KnownPost*>& missing) {
  if (missing.empty()) return 0;
  std::vector<std::string_view> ids;
  for (const KnownPost* post : missing) ids.push_back(post->id);
  std::sort(ids.begin(), ids.end());
  std::string text;
  for (const std::string_view id : ids) (text += id) += '\0';
  return std::max<std::uint64_t>(1, mix64(text));
}

Look look_of(AccountNumber account, const Sight& sight, Outcome outcome) {
  Look look;
  look.account = account;
  look.outcome = outcome;
  look.purpose = sight.purpose;
  look.effective = sight.effective;
  look.received = sight.received;
  look.http_status = sight.http_status;
  look.clock_offset = sight.clock_offset;
  return look;
}

void remove_missing(LookCommit& commit, const std::vector<const KnownPost*>& missing,
                    const Before& before, Instant received) {
  for (const KnownPost* post : missing) {
    StoredPost removed;
    removed.account = before.account.number;
    removed.post.id = post->id;
    removed.salt = post->salt;
    removed.removed = Interval{std::max(post->last_seen, before.memory.last_with), received};
    commit.removed.push_back(std::move(removed));
  }
}

// A list that leaves something out for the first time is not yet the last list:
// what is new on it joins those of the list before, so that the missing one can
// be missed again.
void stay_on_last_list(LookCommit& commit, const std::vector<KnownPost>& known) {
  commit.seen.clear();
  for (StoredPost& post : commit.posts) post.last_seen = last_list_of(known);
}

// What only a look has shown that broke off is on no list yet: the next look has to read
// past it, to what the last list had, or what stands in between is never read.
void stay_off_lists(LookCommit& commit, const std::vector<KnownPost>& known) {
  commit.seen.clear();
  const KnownById by_id = known_by_id(known);
  for (StoredPost& post : commit.posts) {
    const auto it = by_id.find(post.post.id);
    post.last_seen = it == by_id.end() ? Instant{} : it->second->last_seen;
  }
}

// Whether the look showed one of those, which then is on a list.
bool joins_a_list(const LookCommit& commit, const std::vector<KnownPost>& known) {
  const KnownById by_id = known_by_id(known);
  return std::any_of(commit.seen.begin(), commit.seen.end(),
                     [&](const std::string& id) { return !is_on_a_list(*by_id.at(id)); });
}

enum class Loss {
  none,
  waits,      // one post is missing for the first time: the next look decides
  suspect,    // several went together, or all: a broken answer looks just so
  confirmed,  // the same posts are missing again
};

Loss loss_of(const Before& before, const Reach& reach, const std::vector<const KnownPost*>& missing,
             std::uint64_t digest) {
  const bool emptied = reach.posts.empty() && before.state.listed > 0;
  if (emptied) return Loss::suspect;  // a suspended account answers so (Mastodon): never a removal
  if (missing.empty()) return Loss::none;
  if (digest == before.memory.missing) return Loss::confirmed;
  return missing.size() == 1 ? Loss::waits : Loss::suspect;
}

// Whether the list shows something again that the last list had. A pin proves nothing,
// since it stays on top of whatever comes.
bool touches(const Before& before, const Reach& reach) {
  const KnownById known = known_by_id(before.known);
  return std::any_of(reach.posts.begin(), reach.posts.end(), [&](const Post& post) {
    const auto it = known.find(post.id);
    return !post.pinned && it != known.end() && is_on_a_list(*it->second);
  });
}

// A list that ends, and on which nothing stands that was known: what came and went
// in between, and what it pushed out, was never seen.
bool has_lost_touch(const Before& before, const Reach& reach) {
  if (!before.state.has_baseline || reach.posts.empty()) return false;
  const bool any_stands =
      std::any_of(before.known.begin(), before.known.end(),
                  [](const KnownPost& post) { return !post.removed && is_on_a_list(post); });
  return any_stands && !touches(before, reach);
}

// What the next list is compared with before anything else is: the page that every look
// reads, but all of a list that is only whole when it is whole.
std::vector<Digest> compared_part(const Before& before, const Reach& reach,
                                  std::vector<Digest> digests) {
  const auto page = static_cast<std::size_t>(reach.first_page);
  const bool whole = before.declaration.list == ListKind::whole;
  if (!whole) digests.resize(std::min(digests.size(), page));
  return digests;
}

AccountState next_state(const Before& before, const Reach& reach, const Sight& sight, Loss loss,
                        const std::vector<Digest>& digests) {
  AccountState state = before.state;
  state.etag.clear();
  state.last_modified.clear();
  state.body_digest.reset();
  state.list_digest.reset();
  state.token.clear();
  // More than is ever read of a list that has to be whole: as deep as it is, and
  // no look at it observes.
  if (sight.cut_short && !state.has_baseline && before.declaration.list == ListKind::whole) {
    state.has_baseline = true;
    state.baseline_depth = static_cast<int>(reach.posts.size());
  }
  // While something is missing, or was not read, the next answer has to be read
  // again, even if its bytes are the same.
  if (loss == Loss::waits || loss == Loss::suspect || sight.cut_short) return state;
  state.etag = sight.etag;
  state.last_modified = sight.last_modified;
  state.token = sight.token;
  state.body_digest = sight.body_digest;
  // With items that could not be read an equal list is no equal list: it is decoded
  // and compared anew, until all of it is readable again.
  if (reach.skipped == 0) state.list_digest = digest_of_list(compared_part(before, reach, digests));
  state.listed = reach.first_page;
  if (!state.has_baseline) {
    state.has_baseline = true;
    state.baseline_whole = reach.list_ended && before.declaration.list != ListKind::capped;
    state.baseline_depth = static_cast<int>(reach.posts.size());
  }
  return state;
}

Memory next_memory(const Before& before, const Sight& sight, Outcome outcome, Loss loss,
                   std::uint64_t missing, int skipped) {
  Memory memory = before.memory;
  memory.answered = std::max(memory.answered, sight.effective);
  memory.missing = loss == Loss::confirmed ? 0 : missing;
  if (memory.missing != 0 && memory.missing != before.memory.missing)
    memory.last_with = before.memory.observed;
  if (observes(outcome)) note_observed(memory, sight.effective, skipped);
  return memory;
}

Outcome outcome_of(const Comparison& found, const Sight& sight, Loss loss) {
  if (loss == Loss::suspect) return Outcome::suspect;
  if (sight.cut_short) return Outcome::truncated;
  const bool news = !found.commit.posts.empty() || loss == Loss::confirmed;
  return news ? Outcome::fresh : Outcome::unchanged;
}

}  // namespace

Interval appeared_between(const Post& post, Instant without, Instant with, Millis lag) {
  const Instant from = without == Instant{} ? without : without - lag;
  if (!post.server_at) return {from, with};
  const Interval stamp{*post.server_at, *post.server_at + post.server_precision};
  // An ad is delivered all through its stamp, however early it was noticed; what begins
  // as its day ends is no part of it.
  if (post.surface == Surface::ad)
    return {stamp.start, std::max(stamp.start, stamp.end - Millis{1})};
  const Interval both{std::max(from, stamp.start), std::min(with, stamp.end)};
  if (both.start <= both.end) return both;
  // Stamped before the look that did not show it, or after the one that did.
  return {std::min(from, stamp.start), std::max(with, stamp.end)};
}

namespace {

// An old post may stand above a new one: a ranked list is read on until a whole
// page of it holds nothing new.
bool has_news_on_last_page(const Before& before, const Reach& reach, const KnownById& known) {
  const auto page = static_cast<std::size_t>(std::max(1, before.declaration.page_size));
  const auto last =
      reach.posts.end() - static_cast<std::ptrdiff_t>(std::min(page, reach.posts.size()));
  return std::any_of(last, reach.posts.end(), [&](const Post& post) {
    const auto it = known.find(post.id);
    return it == known.end() || !is_on_a_list(*it->second);
  });
}

}  // namespace

bool wants_more(const Before& before, const Reach& reach, Purpose purpose) {
  if (reach.list_ended) return false;
  // A page may be empty and still have a successor (platforms-meta 1.5).
  if (before.declaration.list == ListKind::whole || reach.posts.empty()) return true;
  const int depth = static_cast<int>(reach.posts.size());
  // The first page is the frozen depth; but where the poster or the platform chooses
  // the order, only who knows the whole list can tell what was slipped in below.
  const ListKind kind = order_of(before, reach);
  if (!before.state.has_baseline) {
    return kind == ListKind::claimed_order || kind == ListKind::ranked;
  }
  if (purpose == Purpose::sweep || purpose == Purpose::sweep_again) {
    if (kind != before.declaration.list) return true;
    const auto standing = std::count_if(before.known.begin(), before.known.end(),
                                        [](const KnownPost& post) { return !post.removed; });
    if (depth < std::max<int>(before.state.baseline_depth, static_cast<int>(standing))) return true;
  }
  if (before.known.empty()) return false;
  // Something known that is not a pin has to come up, or a page of posts may
  // have passed unseen in between.
  if (kind == ListKind::ranked)
    return has_news_on_last_page(before, reach, known_by_id(before.known));
  return !touches(before, reach);
}

void note_observed(Memory& memory, Instant effective, int skipped) {
  memory.observed = std::max(memory.observed, effective);
  memory.skipped = skipped;
  if (skipped == 0) memory.whole = std::max(memory.whole, effective);
}

bool is_stale(const Memory& memory, Instant effective) {
  return effective + std::chrono::seconds(1) < memory.answered;
}

Observation observe(const Before& before, Reach reach, const Sight& seen_so) {
  Sight sight = seen_so;
  Comparison found(before, reach, sight);
  const auto missing = missing_posts(before, reach, sight.effective);
  const std::uint64_t missing_digest = digest_of_missing(missing);
  const Loss loss = loss_of(before, reach, missing, missing_digest);
  const bool lost_touch = loss == Loss::none && has_lost_touch(before, reach);
  if (lost_touch) sight.cut_short = true;
  if (loss == Loss::confirmed) remove_missing(found.commit, missing, before, sight.received);

  Observation seen;
  const Outcome outcome = outcome_of(found, sight, loss);
  seen.look = look_of(before.account.number, sight, outcome);
  seen.look.posts_new = found.added;
  seen.look.posts_skipped = reach.skipped;
  seen.look.depth = static_cast<int>(reach.posts.size());
  if (before.state.body_digest != sight.body_digest) seen.look.digest = sight.body_digest;
  if (loss == Loss::suspect) {
    seen.look.detail = reach.posts.empty()
                           ? "an empty list after " + std::to_string(before.state.listed) + " posts"
                           : std::to_string(missing.size()) + " known posts are missing together";
  }
  if (lost_touch) seen.look.detail = "nothing that was known is on the list any more";
  if (reach.cut_off) seen.look.detail = "the answer breaks off before its end";
  seen.state = next_state(before, reach, sight, loss, found.digests);
  seen.memory = next_memory(before, sight, outcome, loss, missing_digest, reach.skipped);
  seen.edited_ids = std::move(found.edited_ids);
  seen.restored_ids = std::move(found.restored_ids);
  seen.restored = {last_without_any(before, reach) - before.declaration.lag, sight.received};
  // New posts on a truncated or suspect list are real posts; only what the list
  // leaves out is in doubt.
  if (!observes(outcome) && !lost_touch) found.commit.seen.clear();
  if (!found.commit.posts.empty() || !found.commit.removed.empty() ||
      seen.state.has_baseline != before.state.has_baseline ||
      joins_a_list(found.commit, before.known)) {
    if (loss == Loss::waits || loss == Loss::suspect) stay_on_last_list(found.commit, before.known);
    if (sight.broke_off || reach.cut_off) stay_off_lists(found.commit, before.known);
    found.commit.state = seen.state;
    for (std::size_t i = 0; i < found.depths.size(); ++i)
      found.commit.posts[i].post = std::move(reach.posts[found.depths[i]]);
    found.commit.effective = sight.effective;
    seen.news = std::make_shared<LookCommit>(std::move(found.commit));
  }
  return seen;
}

Observation observe_unchanged(AccountNumber account, const AccountState& state,
                              const Memory& memory, const Sight& sight) {
  Observation seen;
  seen.look = look_of(account, sight, Outcome::unchanged);
  seen.look.depth = state.listed;
  seen.state = state;
  seen.memory = memory;
  seen.memory.answered = std::max(seen.memory.answered, sight.effective);
  note_observed(seen.memory, sight.effective, memory.skipped);
  return seen;
}

}  // namespace pw
