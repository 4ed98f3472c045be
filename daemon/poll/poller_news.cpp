// What came by itself: it brings a look forward, and is kept where the look comes
// too late.
#include <algorithm>

#include "daemon/poll/poller.h"

namespace pw {
namespace {

// Of one account, between two looks that observe. More would be a flood; what is
// dropped is said, and the looks go on.
constexpr std::size_t pending_max = 500;

}  // namespace

void Poller::hasten(std::uint32_t index, Tick due) {
  Slot& slot = slots_[index];
  if (!slot.active) return;
  if (!schedule_.hasten(index, due)) slot.watch.hastened = true;
  if (due < next_wake() && !parked_.empty()) parked_.front()->cancel();
}

void Poller::hear(AccountNumber account, HeardNews news) {
  if (!watches(account)) return;
  const std::uint32_t index = slot_of_[account] - 1;
  Watch& watch = slots_[index].watch;
  if (news.moved) watch.home_asked = tick_never;
  // Before the first list nothing is new.
  if (news.post && watch.state.has_baseline) {
    std::vector<Pending>& pending = pending_[account];
    if (pending.size() == pending_max) {
      parts_.log.write(LogLevel::warning, "heard_posts_dropped", "more than can be looked after",
                       {{"account", print_account(watch.account)}});
    } else {
      pending.push_back({*std::move(news.post), clock().now(), watch.memory.observed});
    }
  }
  hasten(index, std::max(soonest(slots_[index]), clock().steady()));
}

// News may come in any number, from whoever can send it: it costs no more than looking
// as often as the platform takes.
Tick Poller::soonest(const Slot& slot) const {
  return slot.watch.asked + lanes_[slot.lane].connector->declaration().interval_floor;
}

// The look has read the list since: whatever was heard before and is not known
// now appeared and went between two looks.
void Poller::record_vanished(Slot& slot, const Observation& seen) {
  const auto it = pending_.find(slot.watch.account.number);
  if (it == pending_.end()) return;
  const Result<std::vector<KnownPost>> known = parts_.store.known_posts(it->first);
  if (!known) throw StoreFailure(known.error().detail);
  bool recorded = false;
  std::vector<Pending> later;
  for (Pending& pending : it->second) {
    if (pending.heard > seen.look.effective) {
      later.push_back(std::move(pending));
      continue;
    }
    const bool is_known = std::any_of(known->begin(), known->end(), [&](const KnownPost& post) {
      return post.id == pending.post.id;
    });
    if (is_known) continue;
    StoredPost post;
    post.account = it->first;
    post.post = std::move(pending.post);
    post.digest = digest_of(post.post);
    post.salt = parts_.make_salt();
    post.appeared = {pending.without, pending.heard};
    post.first_seen = pending.heard;
    post.last_seen = pending.heard;
    post.removed = Interval{pending.heard, seen.look.effective};
    parts_.recorder.record_vanished(slot.watch.state, post);
    recorded = true;
  }
  if (later.empty())
    pending_.erase(it);
  else
    it->second = std::move(later);
  if (recorded) parts_.on_news();
}

}  // namespace pw
