#include "daemon/ledger/post_book.h"

#include <algorithm>

namespace pw {
namespace {

// More comings of one post than any real one has: a hostile log must not take
// memory for each. Beyond it the last interval grows, which claims less.
constexpr std::size_t comings_max = 100;

void widen(Interval& span, Interval by) {
  span = {std::min(span.start, by.start), std::max(span.end, by.end)};
}

bool can_lie_in(Interval appeared, Interval span) {
  return appeared.start < span.end && appeared.end >= span.start;
}

}  // namespace

void PostBook::note(const PostEntry& entry) {
  if (entry.event == PostEvent::removed) return;
  const auto name = parse_digest(entry.post).value_or(sha256(entry.post));
  std::vector<Seen>& posts = by_account_[entry.account];
  auto it = std::find_if(posts.begin(), posts.end(), [&](const Seen& s) { return s.name == name; });
  if (it == posts.end()) it = posts.insert(posts.end(), {name, entry.surface});
  it->surface = entry.surface;
  const bool is_known =
      std::find(it->appeared.begin(), it->appeared.end(), entry.appeared) != it->appeared.end();
  if (is_known) return;
  if (it->appeared.size() < comings_max)
    it->appeared.push_back(entry.appeared);
  else
    widen(it->appeared.back(), entry.appeared);
}

std::uint32_t PostBook::seen(AccountNumber account, Interval span, SurfaceSet surfaces) const {
  const auto posts = by_account_.find(account);
  if (posts == by_account_.end()) return 0;
  return static_cast<std::uint32_t>(
      std::count_if(posts->second.begin(), posts->second.end(), [&](const Seen& s) {
        return surfaces.has(s.surface) &&
               std::any_of(s.appeared.begin(), s.appeared.end(),
                           [&](Interval appeared) { return can_lie_in(appeared, span); });
      }));
}

}  // namespace pw
