// A simulated ad as the connector of the Ad Library reads it: not when it was made,
// but on which days it was delivered.
#pragma once

#include <string>
#include <vector>

#include "daemon/rehearsal/population.h"

namespace pw {

struct AdDay {
  std::string id;  // "LIBRARY-ID/2026-09-16"
  Interval day{};  // in UTC, as the library dates
  Instant told{};  // when the library can say so at the earliest, but for its lag
};

// Those that touch `among`, and no more than the connector ever tells of.
std::vector<AdDay> delivery_days(const SimPost& ad, const Interval& among);

}  // namespace pw
