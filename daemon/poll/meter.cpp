#include "daemon/poll/meter.h"

#include <algorithm>
#include <limits>

namespace pw {
namespace {

std::int64_t us(Millis span) { return span.count() * 1000; }

}  // namespace

Meter::Meter(Budget budget) {
  if (budget.requests <= 0) return;
  const std::int64_t burst = std::max(1, budget.requests / 20);
  const std::int64_t steady = std::max<std::int64_t>(1, budget.requests - burst);
  // Rounded up: slower by a microsecond rather than over the budget.
  spacing_us_ = (us(budget.window) + steady - 1) / steady;
  burst_us_ = (burst - 1) * spacing_us_;
  next_us_ = std::numeric_limits<std::int64_t>::min() / 2;
}

Tick Meter::free_at() const {
  if (spacing_us_ == 0) return blocked_until_;
  // Up to the next whole millisecond.
  const std::int64_t allowed_us = next_us_ - burst_us_;
  const Tick allowed{allowed_us >= 0 ? (allowed_us + 999) / 1000 : allowed_us / 1000};
  return std::max(allowed, blocked_until_);
}

void Meter::take(Tick now) {
  if (spacing_us_ == 0) return;
  next_us_ = std::max(next_us_, us(now)) + spacing_us_;
}

void Meter::block(Tick until) { blocked_until_ = std::max(blocked_until_, until); }

double Meter::hourly() const {
  return spacing_us_ == 0 ? 1e12 : 3.6e9 / static_cast<double>(spacing_us_);
}

}  // namespace pw
