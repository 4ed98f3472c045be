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

Digest post_name(const std::string& name) { return parse_digest(name).value_or(sha256(name)); }

bool PostBook::Seen::came(Interval appeared) const {
  return first == appeared ||
         (again && std::find(again->begin(), again->end(), appeared) != again->end());
}

void PostBook::Seen::come(Interval appeared) {
  if (came(appeared)) return;
  if (!again) again = std::make_unique<std::vector<Interval>>();
  if (again->size() + 1 < comings_max)
    again->push_back(appeared);
  else
    widen(again->back(), appeared);
}

bool PostBook::Seen::can_have_come_in(Interval span) const {
  return can_lie_in(first, span) ||
         (again && std::any_of(again->begin(), again->end(),
                               [&](Interval appeared) { return can_lie_in(appeared, span); }));
}

void PostBook::note(const PostEntry& entry) {
  if (entry.event == PostEvent::removed) return;
  const Digest name = post_name(entry.post);
  std::vector<Seen>& posts = by_account_[entry.account];
  auto it = std::find_if(posts.begin(), posts.end(), [&](const Seen& s) { return s.name == name; });
  if (it == posts.end()) it = posts.insert(posts.end(), Seen{name, entry.appeared});
  it->surface = entry.surface;
  it->come(entry.appeared);
}

std::uint32_t PostBook::seen(AccountNumber account, Interval span, SurfaceSet surfaces) const {
  const auto posts = by_account_.find(account);
  if (posts == by_account_.end()) return 0;
  return static_cast<std::uint32_t>(std::count_if(
      posts->second.begin(), posts->second.end(),
      [&](const Seen& s) { return surfaces.has(s.surface) && s.can_have_come_in(span); }));
}

std::optional<Surface> PostBook::surface(AccountNumber account, const Digest& name) const {
  const auto posts = by_account_.find(account);
  if (posts == by_account_.end()) return std::nullopt;
  for (const Seen& post : posts->second) {
    if (post.name == name) return post.surface;
  }
  return std::nullopt;
}

}  // namespace pw
