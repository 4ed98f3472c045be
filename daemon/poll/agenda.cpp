#include "daemon/poll/agenda.h"

#include <algorithm>

namespace pw {
namespace {

bool has(std::uint32_t bits, std::size_t i) { return (bits >> i & 1u) != 0; }

// The day of an actor whose zone is assumed lasts until it is over everywhere.
Instant end_of(const Window& window) { return window.possible.end; }

}  // namespace

std::optional<Purpose> purpose_at(const std::vector<Window>& windows, const SweepDelays& delays,
                                  const Agenda& agenda, bool has_baseline, Instant now) {
  if (!has_baseline) return Purpose::baseline;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Instant end = end_of(windows[i]);
    if (!has(agenda.swept, i) && now >= end + delays.sweep) return Purpose::sweep;
    if (!has(agenda.swept_again, i) && now >= end + delays.sweep_again) return Purpose::sweep_again;
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (!has(agenda.swept, i)) return Purpose::routine;
  }
  return std::nullopt;
}

std::optional<Instant> next_change(const std::vector<Window>& windows, const SweepDelays& delays,
                                   const Agenda& agenda, Instant now) {
  std::optional<Instant> next;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Instant end = end_of(windows[i]);
    const bool pending[2] = {!has(agenda.swept, i), !has(agenda.swept_again, i)};
    const Instant due[2] = {end + delays.sweep, end + delays.sweep_again};
    for (int k = 0; k < 2; ++k) {
      if (pending[k]) next = std::min(next.value_or(Instant::max()), std::max(due[k], now));
    }
  }
  return next;
}

void note_sweep(Agenda& agenda, const std::vector<Window>& windows, const SweepDelays& delays,
                Purpose purpose, Instant at) {
  for (std::size_t i = 0; i < windows.size() && i < windows_max; ++i) {
    const Instant end = end_of(windows[i]);
    if (purpose == Purpose::routine || purpose == Purpose::baseline || at < end) continue;
    agenda.swept |= 1u << i;
    if (purpose == Purpose::sweep_again && at >= end + delays.sweep) agenda.swept_again |= 1u << i;
  }
}

}  // namespace pw
