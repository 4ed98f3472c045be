#include "daemon/ledger/clock_doubt.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

namespace pw {
namespace {

constexpr int zero_place = 32;  // places below it are behind, above it ahead
constexpr Millis usual_max{2048};
constexpr Millis spell_min = std::chrono::minutes(5);
constexpr Millis spell_max = std::chrono::hours(2);
constexpr std::size_t spells_max = 1000;

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
  if (is_new) {
    hosts_.emplace_back();
    ever_.push_back(false);
  }
  return it->second;
}

void ClockDoubt::add(std::size_t host, Instant at, Millis offset) {
  if (is_enough(at)) close();
  Host& h = hosts_[host];
  if (h.answers++ == 0) ++heard_;
  if (!ever_[host]) ++heard_ever_;
  ever_[host] = true;
  ++h.counts[static_cast<std::size_t>(place_of(offset))];
  open_ = {std::min(open_.start, at), std::max(open_.end, at)};
}

// A spell is long enough for hosts that are asked seldom; a clock that jumps
// back ends one too.
bool ClockDoubt::is_enough(Instant at) const {
  if (heard_ == 0) return false;
  const bool is_over = at - open_.start >= spell_min || at + spell_min < open_.end;
  const bool is_heard = 2 * heard_ >= heard_ever_ || at - open_.start >= spell_max;
  return is_over && is_heard;
}

void ClockDoubt::close() {
  const Millis doubt = doubt_now();
  if (doubt > Millis{0} && doubts_.size() < spells_max) {
    doubts_.push_back({open_, doubt});
  } else if (doubt > Millis{0}) {
    Spell& last = doubts_.back();
    last.span = {std::min(last.span.start, open_.start), std::max(last.span.end, open_.end)};
    last.doubt = std::max(last.doubt, doubt);
  }
  for (Host& host : hosts_) host = {};
  heard_ = 0;
  open_ = {Instant::max(), Instant::min()};
}

Millis ClockDoubt::median(const Host& host) {
  std::uint64_t below = 0;
  for (std::size_t place = 0; place < host.counts.size(); ++place) {
    below += host.counts[place];
    if (2 * below >= host.answers) return edge_of(static_cast<int>(place));
  }
  return Millis{0};
}

Millis ClockDoubt::doubt_now() const {
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

// The clock was off by `doubt` in a spell, so the spell itself may have been
// earlier or later by as much.
Millis ClockDoubt::doubt(Interval span) const {
  const auto touches = [&](Interval spell, Millis doubt) {
    return spell.start - doubt < span.end && spell.end + doubt >= span.start;
  };
  Millis most{0};
  for (const Spell& spell : doubts_) {
    if (touches(spell.span, spell.doubt)) most = std::max(most, spell.doubt);
  }
  const Millis now = doubt_now();
  return heard_ > 0 && touches(open_, now) ? std::max(most, now) : most;
}

}  // namespace pw
