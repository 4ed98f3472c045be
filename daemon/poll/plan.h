// What the budgets allow: how often each account can be looked at, how late a
// post can be noticed, and what gap can honestly be promised before the day.
#pragma once

#include <string>
#include <vector>

#include "daemon/core/time.h"
#include "daemon/poll/meter.h"

namespace pw {

// Accounts that share budgets, as the plan sees them.
struct LanePlan {
  std::string name;  // "instagram", "mastodon at m.example": for people
  int accounts = 0;
  int cost = 1;                   // requests per look
  Millis wish{0};                 // the operator's spacing, or the connector's default
  Millis floor{0};                // politeness
  Millis lag{0};                  // publication to visibility
  std::vector<Budget> budgets;    // one per credential, or the host's
  std::vector<std::string> apps;  // beside each budget; equal names fail together
};

struct Promise {
  Millis interval{0};       // planned spacing of looks, all accounts alike
  Millis interval_max{0};   // ... of an account that seldom posts: none is longer
  Millis degraded{0};       // ... with the largest credential group lost
  Millis gap_max{0};        // attainable with one failed look in a row, degraded
  Millis detection_max{0};  // a standing post is noticed within this, everything working
  bool one_group = false;   // nothing is left when its only credential group fails
};

// A fifth of every budget is kept for sweeps, paging and retries.
inline constexpr double budget_share = 0.8;

// `answer_max` is the longest one exchange may take.
Promise promise_of(const LanePlan& lane, Millis answer_max);

// What `gap_max` instead of the attainable one leaves to share out; it is at least
// as long as that.
void promise_gap(Promise& promise, const LanePlan& lane, Millis gap_max, Millis answer_max);

// An eighth of the window: beyond it the plan cannot promise `kept` at all.
Millis gap_ceiling(Millis window);

// In words: the bottleneck and three ways out. Empty when the promise holds.
std::string infeasible(const LanePlan& lane, const Promise& promise, Millis ceiling);

}  // namespace pw
