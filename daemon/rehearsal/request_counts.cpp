#include "daemon/rehearsal/request_counts.h"

namespace pw {

LimitState RequestCounts::take(const LimitRule& rule, Instant now) {
  const Instant aligned = now - now.time_since_epoch() % rule.window;
  const Instant since = rule.rolling ? now - rule.window + Millis{1} : aligned;
  std::deque<Instant>& taken = taken_[rule.key];
  while (!taken.empty() && taken.front() < since) taken.pop_front();
  const std::size_t kept_max = static_cast<std::size_t>(rule.requests) * 10 + 10;
  if (taken.size() < kept_max) taken.push_back(now);
  LimitState state{rule, static_cast<int>(taken.size())};
  state.resets_at = rule.rolling ? taken.front() + rule.window : aligned + rule.window;
  return state;
}

}  // namespace pw
