// What the looks at one account prove of one window: where somebody saw, and how
// long the longest stretch was in which nobody did. Looks are moments: a post
// that stood through no look was not seen, so the longest gap bounds what a
// verdict may claim (design, section 3.6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/core/look.h"
#include "daemon/core/time.h"

namespace pw {

// The spacing of one kind of look over one window, taken as looks come. What a
// look shows was public at some moment of `when`: from its effective time, if the
// answer's age is to be believed, to its receipt, if the server's clock is wrong.
// A gap reaches from one look's earliest moment to the next one's latest. A look
// that is not later than the newest so far adds nothing: the earlier gap stays
// as it was concluded, which claims less, never more.
class Spacing {
 public:
  // Whether the span before the look touches the window, its margins included, it
  // is returned: whole, not clipped.
  std::optional<Interval> add(Interval when, Interval window);

  bool any() const { return first_ != Instant::min(); }
  // The latest moment of the first look.
  Instant first() const { return first_; }
  Instant last() const { return last_; }
  // Of the whole spans that touch the window; empty when there is none yet.
  Interval longest() const { return longest_; }
  // A look at or after the window's end has come.
  bool closed() const { return closed_; }

 private:
  Instant first_ = Instant::min();
  Instant last_ = Instant::min();
  Interval longest_{};
  bool closed_ = false;
};

// What the meter came to.
struct Coverage {
  Interval window{};
  std::uint32_t looks = 0;                                     // observing ones inside the window
  std::uint32_t attempts = 0;                                  // all looks inside the window
  std::array<std::uint16_t, outcome_names.size()> outcomes{};  // of the attempts; stops at 65,535
  bool baseline = false;  // an observing look before the window opened
  bool closed = false;    // ... and one after its end
  bool swept = false;     // a sweep observed, after the end
  bool swept_again = false;
  std::uint32_t unreadable = 0;  // looks whose list had items that could not be read
  // The longest whole gap and, longer by the connector's lag, what it means for a
  // post: one that stood at least so long would have been seen. While the gap is
  // still open it reaches to now.
  Interval longest{};
  Millis longest_gap{0};
  // Since the last look, while none has come after the window's end.
  std::optional<Interval> open{};
  // The platform itself said, from before the window to after it, that the
  // account is not there to be seen; and the longest spacing of its saying so.
  bool unavailable = false;
  Millis unavailable_gap{0};
  bool went_away = false;  // it said so for a part of the window only
};

// Outcomes by which the platform itself says that nobody sees the account's posts.
constexpr bool says_unavailable(Outcome outcome) {
  return outcome == Outcome::protected_ || outcome == Outcome::suspended ||
         outcome == Outcome::gone;
}

// Meters one account over one window, in constant memory, so that the live board
// can hold one for each of 100,000 accounts.
class CoverageMeter {
 public:
  // `window` in our clock's time; `lag` is the connector's. A first sweep counts
  // from the window's end, the second from `sweep` after it.
  CoverageMeter(Interval window, Millis lag, Millis sweep)
      : window_(window), lag_(lag), sweep_(sweep) {}

  // Looks of this account in the log's order. Returns the gap that this look
  // closed, when it touches the window; without the lag.
  std::optional<Interval> add(const Look& look);

  Coverage coverage(Instant now) const;
  const Interval& window() const { return window_; }
  const Spacing& seen() const { return seen_; }
  // What the clock may be wrong by before edges of the window are in doubt.
  Millis margin() const;

 private:
  // The window with its margins: a look must be outside of them to be before or
  // after it for sure.
  Interval wide() const { return {window_.start - margin(), window_.end + margin()}; }
  // When what it shows was public; its lag is no part of it, gaps are longer by it.
  Interval moments_of(const Look& look) const;
  void note_sweep(const Look& look);

  Interval window_;
  Millis lag_;
  Millis sweep_;
  Spacing seen_;
  // Receipt of the first observing look: what it lists may have come until then.
  Instant first_received_ = Instant::max();
  Spacing unavailable_;
  std::uint32_t looks_ = 0;
  std::uint32_t attempts_ = 0;
  std::uint32_t unreadable_ = 0;
  std::array<std::uint16_t, outcome_names.size()> outcomes_{};
  bool unreadable_now_ = false;  // the list's last decoded form had unreadable items
  bool swept_ = false;
  bool swept_again_ = false;
  bool seen_within_ = false;  // an observing look between the first saying and the last
  bool went_away_ = false;
};
static_assert(sizeof(CoverageMeter) <= 200);

// A stretch of a window, for drawing.
struct CoverageTile {
  Interval span;
  bool is_gap = false;
  friend bool operator==(const CoverageTile&, const CoverageTile&) = default;
};

// Clips the gaps to the window, merges those that touch, and fills the rest:
// tiles are in order, none is empty, together they are the window exactly.
std::vector<CoverageTile> tiles_of(Interval window, std::span<const Interval> gaps);

}  // namespace pw
