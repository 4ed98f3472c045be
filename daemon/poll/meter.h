// A request budget, spread evenly: at most `requests` in any span of `window`,
// wherever that span starts. Pure; the caller brings the time.
#pragma once

#include <cstdint>

#include "daemon/core/time.h"

namespace pw {

// Monotonic time since an arbitrary start (Clock::steady): a step of the wall
// clock neither stalls nor floods whoever counts in it.
using Tick = Millis;
inline constexpr Tick tick_never = Tick::max();

struct Budget {
  int requests = 0;  // 0: no limit
  Millis window{0};
};

// The generic cell rate algorithm. A twentieth of the budget may be taken in a
// burst, so that paging does not wait; the steady rate is lowered by as much,
// so that no span of `window` ever holds more than `requests`.
class Meter {
 public:
  explicit Meter(Budget budget);

  // When the next request may be sent; in the past: now.
  Tick free_at() const;
  // Takes one request; call it at or after free_at().
  void take(Tick now);
  // Nothing before `until`: the platform said so.
  void block(Tick until);

  // Requests per hour that this meter lets through in the long run.
  double hourly() const;

 private:
  std::int64_t spacing_us_ = 0;  // microseconds: budgets of thousands a minute stay exact
  std::int64_t burst_us_ = 0;
  std::int64_t next_us_ = 0;  // theoretical arrival time of the next request
  Tick blocked_until_ = Tick::min();
};

}  // namespace pw
