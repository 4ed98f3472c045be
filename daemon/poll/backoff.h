// How long to leave an account alone. Pure, and random only through a seed, so
// that it is the same on every run and secret until the seed is revealed.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/core/account.h"
#include "daemon/core/time.h"

namespace pw {

struct Pace {
  Millis interval;         // planned spacing of looks
  std::uint64_t seed = 0;  // the campaign's secret seed
};

// The delay from one look to the next after `failures` looks in a row that
// observed nothing. The first failure costs one interval, which is what the
// promise reckons with; then it doubles up to eight intervals, or ten minutes
// if that is more than an interval. `turn` counts the account's looks. Jitter
// only shortens, by up to a tenth, so that no gap is longer than planned.
Millis delay_after(const Pace& pace, AccountNumber account, std::uint64_t turn, int failures);

// How long a credential, an app or a host is left alone after the platform's
// `strikes`-th refusal in a row: what the peer said, at most an hour and at least a
// second; without a word of its own a minute, doubling up to 16 minutes.
Millis block_after(std::optional<Millis> retry_after, int strikes);

// Where in its first interval an account starts: spreads all over the interval.
Millis phase_of(const Pace& pace, AccountNumber account);

}  // namespace pw
