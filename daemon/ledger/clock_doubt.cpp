#include "daemon/ledger/clock_doubt.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

namespace pw {
namespace {

constexpr int zero_place = 32;  // places below it are behind, above it ahead
constexpr Millis usual_max{2048};

int place_of(Millis offset) {
  const std::int64_t ms = std::clamp<std::int64_t>(offset.count(), -(1LL << 30), 1LL << 30);
  const auto width = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(std::abs(ms))));
  return ms < 0 ? zero_place - width : zero_place + width;
}

// The greatest magnitude that falls into a place.
Millis edge_of(int place) {
  const int width = std::abs(place - zero_place);
  const Millis magnitude{width == 0 ? 0 : 1LL << width};
  return place < zero_place ? -magnitude : magnitude;
}

}  // namespace

std::size_t ClockDoubt::number_of(const std::string& host) {
  const auto [it, is_new] = numbers_.try_emplace(host, hosts_.size());
  if (is_new) hosts_.emplace_back();
  return it->second;
}

void ClockDoubt::add(std::size_t host, Millis offset) {
  Host& h = hosts_[host];
  ++h.counts[static_cast<std::size_t>(place_of(offset))];
  ++h.answers;
}

Millis ClockDoubt::median(const Host& host) {
  std::uint64_t below = 0;
  for (std::size_t place = 0; place < host.counts.size(); ++place) {
    below += host.counts[place];
    if (2 * below >= host.answers) return edge_of(static_cast<int>(place));
  }
  return Millis{0};
}

Millis ClockDoubt::doubt() const {
  std::vector<Millis> medians;
  for (const Host& host : hosts_) {
    if (host.answers > 0) medians.push_back(median(host));
  }
  if (medians.empty()) return Millis{0};
  std::sort(medians.begin(), medians.end());
  const Millis median = medians[medians.size() / 2];
  if (median < Millis{0}) return -median;
  return median <= usual_max ? Millis{0} : median;
}

}  // namespace pw
