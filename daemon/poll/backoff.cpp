#include "daemon/poll/backoff.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "daemon/core/hash.h"

namespace pw {
namespace {

std::uint64_t mixed(std::uint64_t seed, std::uint64_t account, std::uint64_t turn) {
  std::array<char, 16> bytes;
  std::memcpy(bytes.data(), &account, 8);
  std::memcpy(bytes.data() + 8, &turn, 8);
  return mix64({bytes.data(), bytes.size()}, seed);
}

}  // namespace

Millis delay_after(const Pace& pace, AccountNumber account, std::uint64_t turn, int failures) {
  Millis delay = pace.interval;
  if (failures > 1) {
    const Millis cap =
        std::max(pace.interval, std::min(pace.interval * 8, Millis(std::chrono::minutes(10))));
    delay = std::min(pace.interval * (1 << std::min(failures - 1, 3)), cap);
  }
  const Millis jitter_max = delay / 10;
  if (jitter_max.count() == 0) return delay;
  const auto jitter =
      mixed(pace.seed, account, turn) % static_cast<std::uint64_t>(jitter_max.count() + 1);
  return delay - Millis(static_cast<std::int64_t>(jitter));
}

Millis block_after(std::optional<Millis> retry_after, int strikes) {
  constexpr Millis least = std::chrono::seconds(1);
  constexpr Millis most = std::chrono::hours(1);
  if (retry_after) return std::clamp(*retry_after, least, most);
  return std::chrono::minutes(1 << std::clamp(strikes - 1, 0, 4));
}

Millis phase_of(const Pace& pace, AccountNumber account) {
  if (pace.interval.count() <= 0) return Millis{0};
  return Millis(static_cast<std::int64_t>(mixed(pace.seed, account, ~std::uint64_t{0}) %
                                          static_cast<std::uint64_t>(pace.interval.count())));
}

}  // namespace pw
