// The rehearsal's dice: the same throws from the same seed on every machine,
// which the standard library's distributions do not promise.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/core/hash.h"

namespace pw {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
// generators", 2014). Never for secrets.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  // Independent of this one's later throws: a new account does not change what
  // the others do.
  Dice fork(std::string_view name) const { return Dice(mix64(name, state_)); }

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // Both ends included. The remainder's bias is below 2^-40 for the ranges used.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    assert(least <= most);
    const auto span = static_cast<std::uint64_t>(most - least) + 1;
    return least + static_cast<std::int64_t>(span == 0 ? next() : next() % span);
  }

  bool chance(int percent) { return between(1, 100) <= percent; }

  template <class T>
  const T& pick(std::span<const T> of) {
    assert(!of.empty());
    return of[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(of.size()) - 1))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace pw
