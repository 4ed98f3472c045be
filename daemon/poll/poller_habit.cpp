// Looks shared out by posting habit. While a budget of the lane is lost everybody is
// looked at alike and who has waited longest first, which is what the promise of the
// lane reckons with.
#include <algorithm>

#include "daemon/poll/habit.h"
#include "daemon/poll/poller.h"

namespace pw {
namespace {

// Habits come in with the first lists, many at once.
constexpr Millis share_again_after = std::chrono::minutes(1);

}  // namespace

Millis Poller::interval_of(const Slot& slot) const {
  const Lane& lane = lanes_[slot.lane];
  const bool even = slot.watch.interval == Millis{0} || lane.lost_until > clock().steady();
  return even ? lane.interval : slot.watch.interval;
}

void Poller::note_habit(Slot& slot, const std::vector<StoredPost>& posts) {
  Lane& lane = lanes_[slot.lane];
  if (!lane.share.shares()) return;
  slot.watch.posts_per_day = posts_per_day(times_of(posts), clock().now());
  lane.habits_changed = true;
}

void Poller::share_out(std::uint32_t index) {
  Lane& lane = lanes_[index];
  const Tick now = clock().steady();
  if (!lane.habits_changed || now < lane.share_due) return;
  lane.habits_changed = false;
  lane.share_due = now + share_again_after;
  std::vector<double> habits;
  for (const std::uint32_t member : lane.members)
    habits.push_back(slots_[member].watch.posts_per_day);
  // Who has left the lane keeps a share: it stays free for the others' retries.
  const std::vector<Millis> intervals = share_looks(lane.share, habits);
  for (std::size_t i = 0; i < intervals.size(); ++i)
    slots_[lane.members[i]].watch.interval = intervals[i];
}

void Poller::even_out(std::uint32_t index, Tick until) {
  Lane& lane = lanes_[index];
  if (!lane.share.shares()) return;
  const bool lost_already = lane.lost_until > clock().steady();
  lane.lost_until = std::max(lane.lost_until, until);
  if (lost_already) return;
  for (const std::uint32_t member : lane.members) {
    const Slot& slot = slots_[member];
    if (!slot.active || slot.watch.failures > 0 || slot.watch.interval == Millis{0}) continue;
    schedule_.move(member, slot.watch.asked + lane.interval);
  }
}

}  // namespace pw
