// Randomness that is drawn in portions.
#include <catch2/catch.hpp>
#include <set>

#include "daemon/runtime/random.h"

using namespace pw;

TEST_CASE("what is drawn together is what would be drawn, never twice, in few calls") {
  int calls = 0;
  const Random seeded = seeded_random(7);
  const auto draw = drawn_together(
      [&](std::size_t bytes) {
        ++calls;
        return seeded(bytes);
      },
      16);
  std::set<std::string> drawn;
  REQUIRE(drawn.insert(draw()).second);
  for (int i = 1; i < 1000; ++i) {
    // Every look has a copy of the daemon's.
    const auto copy = draw;
    const std::string salt = i % 3 == 0 ? draw() : copy();
    REQUIRE(salt.size() == 16);
    REQUIRE(drawn.insert(salt).second);
  }
  CHECK(calls == 4);
  CHECK(drawn.contains(seeded_random(7)(16)));
}
