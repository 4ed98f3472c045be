#include "daemon/ledger/post_book.h"

#include <algorithm>

#include "daemon/ledger/note_bytes.h"

namespace pw {
namespace {

// More comings of one post than any real one has: a hostile log must not take
// room for each. Beyond it the last interval grows, which claims less.
constexpr std::size_t comings_max = 100;
// Of one account: windows of a pledge are few.
constexpr std::size_t answers_max = 16;

// Each coming counts: a restored post comes twice.
struct SeenPost {
  Surface surface = Surface::post;
  std::vector<Interval> comings{};
};

std::string print_seen(const SeenPost& seen) {
  NoteBytes note;
  note.add(seen.surface);
  for (const Interval& coming : seen.comings) note.add(coming);
  return note.bytes();
}

SeenPost read_seen(std::string_view bytes) {
  NoteReader note(bytes);
  SeenPost seen;
  note.take(seen.surface);
  while (!note.at_end()) note.take(seen.comings.emplace_back());
  return seen;
}

void widen(Interval& span, Interval by) {
  span = {std::min(span.start, by.start), std::max(span.end, by.end)};
}

bool can_lie_in(Interval appeared, Interval span) {
  return appeared.start < span.end && appeared.end >= span.start;
}

void come(SeenPost& seen, Interval appeared) {
  auto& comings = seen.comings;
  if (std::find(comings.begin(), comings.end(), appeared) != comings.end()) return;
  if (comings.size() < comings_max)
    comings.push_back(appeared);
  else
    widen(comings.back(), appeared);
}

}  // namespace

Digest post_name(const std::string& name) { return parse_digest(name).value_or(sha256(name)); }

void PostBook::note(const PostEntry& entry) {
  if (entry.event == PostEvent::removed) return;
  const Digest name = post_name(entry.post);
  const auto known = shelf_.find(Shelves::posts, entry.account, name);
  SeenPost seen = known ? read_seen(*known) : SeenPost{};
  seen.surface = entry.surface;
  come(seen, entry.appeared);
  shelf_.put(Shelves::posts, entry.account, name, print_seen(seen));
  answers_.erase(entry.account);
}

std::uint32_t PostBook::seen(AccountNumber account, Interval span, SurfaceSet surfaces) const {
  std::vector<Answer>& answers = answers_[account];
  for (const Answer& answer : answers) {
    if (answer.span == span && answer.surfaces == surfaces) return answer.count;
  }
  Answer answer{span, surfaces};
  shelf_.each(Shelves::posts, account, [&](std::string_view note) {
    const SeenPost post = read_seen(note);
    const auto inside = [&](Interval appeared) { return can_lie_in(appeared, span); };
    const bool counts =
        surfaces.has(post.surface) && std::any_of(post.comings.begin(), post.comings.end(), inside);
    answer.count += counts ? 1 : 0;
  });
  if (answers.size() >= answers_max) answers.clear();
  answers.push_back(answer);
  return answer.count;
}

std::optional<Surface> PostBook::surface(AccountNumber account, const Digest& name) const {
  const auto note = shelf_.find(Shelves::posts, account, name);
  return note ? std::optional(read_seen(*note).surface) : std::nullopt;
}

}  // namespace pw
