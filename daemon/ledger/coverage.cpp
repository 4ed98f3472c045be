#include "daemon/ledger/coverage.h"

#include <algorithm>
#include <limits>

namespace pw {
namespace {

// Our clock and the platform's agree to within this, or the window's edges are
// in doubt; of a short window (a rehearsal) a hundredth.
constexpr Millis margin_max{5000};

}  // namespace

std::optional<Interval> Spacing::add(Interval when, Interval window) {
  if (any() && when.start <= last_) return std::nullopt;
  const bool is_first = !any();
  const Interval gap{is_first ? std::min(window.start, when.start) : last_, when.end};
  if (is_first) first_ = when.end;
  last_ = when.start;
  if (closed_ || when.end <= window.start) return std::nullopt;
  closed_ = when.start >= window.end;
  if (gap.length() > longest_.length()) longest_ = gap;
  return gap;
}

Millis CoverageMeter::margin() const { return std::min(margin_max, window_.length() / 100); }

Interval CoverageMeter::moments_of(const Look& look) const {
  return {look.effective, std::max(look.effective, look.received - lag_)};
}

std::optional<Interval> CoverageMeter::add(const Look& look) {
  const bool inside = window_.contains(look.effective);
  if (inside) {
    ++attempts_;
    auto& count = outcomes_[static_cast<std::size_t>(look.outcome)];
    if (count < std::numeric_limits<std::uint16_t>::max()) ++count;
  }
  if (says_unavailable(look.outcome)) {
    unavailable_.add(moments_of(look), wide());
    went_away_ = went_away_ || inside;
    return std::nullopt;
  }
  if (!observes(look.outcome)) return std::nullopt;
  // An unchanged list is as readable as it was when it was last decoded; other bytes
  // than those of the last answer were decoded.
  if (look.outcome == Outcome::fresh || look.posts_skipped > 0 || look.digest) {
    unreadable_now_ = look.posts_skipped > 0;
  }
  if (look.effective < wide().start) unavailable_ = Spacing();
  seen_within_ = seen_within_ || (look.effective >= wide().start && !unavailable_.closed());
  if (unreadable_now_) {
    if (inside) ++unreadable_;
    return std::nullopt;
  }
  if (inside) ++looks_;
  note_sweep(look);
  if (!seen_.any()) first_received_ = look.received;
  return seen_.add(moments_of(look), wide());
}

void CoverageMeter::note_sweep(const Look& look) {
  const bool sweeps = look.purpose == Purpose::sweep || look.purpose == Purpose::sweep_again;
  if (!sweeps || look.effective < wide().end) return;
  swept_ = true;
  if (look.purpose == Purpose::sweep_again && look.effective >= window_.end + sweep_) {
    swept_again_ = true;
  }
}

Coverage CoverageMeter::coverage(Instant now) const {
  Coverage c;
  c.window = window_;
  c.looks = looks_;
  c.attempts = attempts_;
  c.outcomes = outcomes_;
  c.baseline = first_received_ <= wide().start;
  c.closed = seen_.closed();
  c.swept = swept_;
  c.swept_again = swept_again_;
  c.unreadable = unreadable_;
  c.longest = seen_.longest();
  if (!c.closed && now > window_.start) {
    c.open = Interval{seen_.any() ? seen_.last() : window_.start, now};
    if (c.open->length() > c.longest.length()) c.longest = *c.open;
  }
  c.longest_gap = c.longest.length() + lag_;
  c.unavailable = unavailable_.any() && unavailable_.first() <= wide().start &&
                  unavailable_.closed() && !seen_within_;
  c.unavailable_gap = unavailable_.longest().length() + lag_;
  c.went_away = went_away_;
  return c;
}

std::vector<CoverageTile> tiles_of(Interval window, std::span<const Interval> gaps) {
  std::vector<Interval> inside;
  for (const Interval& gap : gaps) {
    const Interval part = intersect(window, gap);
    if (!part.empty()) inside.push_back(part);
  }
  std::sort(inside.begin(), inside.end(),
            [](const Interval& a, const Interval& b) { return a.start < b.start; });
  std::vector<CoverageTile> tiles;
  Instant at = window.start;
  for (const Interval& gap : inside) {
    if (gap.start > at) tiles.push_back({{at, gap.start}, false});
    const Instant start = std::max(at, gap.start);
    if (gap.end <= start) continue;
    if (!tiles.empty() && tiles.back().is_gap) {
      tiles.back().span.end = gap.end;
    } else {
      tiles.push_back({{start, gap.end}, true});
    }
    at = gap.end;
  }
  if (at < window.end) tiles.push_back({{at, window.end}, false});
  return tiles;
}

}  // namespace pw
