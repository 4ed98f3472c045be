// Why an account is looked at now, and until when: routine looks until the last
// window has been swept, then a second sweep, then nothing. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/core/look.h"
#include "daemon/core/pledge.h"

namespace pw {

struct SweepDelays {
  Millis sweep{0};        // after a window's end
  Millis sweep_again{0};  // after a window's end
};

inline constexpr std::size_t windows_max = 32;  // of one pledge: Agenda keeps a bit for each

// Which sweeps of an account have observed. One bit per window.
struct Agenda {
  std::uint32_t swept = 0;
  std::uint32_t swept_again = 0;
};

// Why the account is looked at at `now`; nothing when there is no reason to.
// Between the first sweep of the last window and its second, nothing is due.
std::optional<Purpose> purpose_at(const std::vector<Window>& windows, const SweepDelays& delays,
                                  const Agenda& agenda, bool has_baseline, Instant now);

// When purpose_at next changes after `now`; nothing when the account is done.
std::optional<Instant> next_change(const std::vector<Window>& windows, const SweepDelays& delays,
                                   const Agenda& agenda, Instant now);

// A sweep counts once it has observed. `at` is the look's effective time: a look
// begun before the sweep was due proves nothing about what came after.
void note_sweep(Agenda& agenda, const std::vector<Window>& windows, const SweepDelays& delays,
                Purpose purpose, Instant at);

}  // namespace pw
