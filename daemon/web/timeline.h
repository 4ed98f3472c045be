// One account's window as a drawing: what was watched, what was not, what is still
// to come. Pure.
#pragma once

#include <span>
#include <string>

#include "daemon/web/model.h"

namespace pw {

// Watched time is plain, a gap beyond the promise hatched and taller, what has not
// passed at `now` empty: nothing is claimed of it. A diamond marks a finding, hollow
// where people decided that it does not count.
std::string print_window_timeline(const AccountVerdict& verdict,
                                  std::span<const FindingModel> findings, Instant now);

}  // namespace pw
