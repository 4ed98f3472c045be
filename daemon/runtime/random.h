// The only source of randomness: salts and the campaign's secret seed. Passed in
// like time, so that a simulation can repeat itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace pw {

using Random = std::function<std::string(std::size_t bytes)>;

// The kernel's generator (getrandom(2)).
std::string system_random(std::size_t bytes);

// `bytes` at a time, a few hundred such draws from one of `random`'s. No draw is given
// twice, by copies of the function neither: they share what was drawn.
std::function<std::string()> drawn_together(Random random, std::size_t bytes);

// The same bytes from the same seed, on every machine; for rehearsals and tests.
Random seeded_random(std::uint64_t seed);

}  // namespace pw
