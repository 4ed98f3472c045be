#include "daemon/ledger/habit.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace pw {
namespace {

std::optional<Instant> time_of(const Post& post) {
  return post.server_at ? post.server_at : post.claimed_at;
}

}  // namespace

HabitEntry habit_of(AccountNumber account, std::span<const Post* const> list, SurfaceSet surfaces,
                    Millis span, Instant at) {
  HabitEntry habit;
  habit.account = account;
  habit.at = at;
  habit.span = span;
  habit.known = {at, at};
  std::vector<Instant> counted;
  for (const Post* const post : list) {
    const auto time = time_of(*post);
    // Nobody knows where this one belongs, nor how far the list reaches.
    if (!time) return habit;
    if (*time > at) continue;
    if (surfaces.has(post->surface)) counted.push_back(*time);
    if (!post->pinned) habit.known.start = std::min(habit.known.start, *time);
  }
  if (span <= Millis{0}) return habit;
  std::sort(counted.begin(), counted.end(), std::greater<>());
  auto next = counted.begin();
  for (Instant end = at; habit.spans < habit_spans_max; end -= span) {
    const Interval one{end - span, end};
    if (one.start < habit.known.start) break;
    ++habit.spans;
    while (next != counted.end() && *next >= one.end) ++next;
    const bool posted = next != counted.end() && one.contains(*next);
    habit.silent += posted ? 0 : 1;
  }
  return habit;
}

}  // namespace pw
