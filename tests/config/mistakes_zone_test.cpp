// Names of time zones that do not exist, and the one that was meant.
#include <catch2/catch.hpp>

#include "config/zone_name.h"
#include "tests/config/sample.h"

using namespace pw;

TEST_CASE("an unknown time zone is named with the one that was meant") {
  const auto blocks = sample::mistakes("tests/config/mistakes_zone.txt");
  CHECK(blocks.size() >= 6);
  for (const sample::Mistake& block : blocks) {
    INFO(block.replacement);
    const auto loaded = sample::load(sample::campaign_with(block.piece, block.replacement));
    CHECK_FALSE(loaded.config);
    CHECK(loaded.issues == block.lines);
  }
}

TEST_CASE("a city finds its zone, a typo its neighbour, nonsense nothing") {
  CHECK(nearest_zone("london", "") == "Europe/London");
  CHECK(nearest_zone("new_york", "") == "America/New_York");
  CHECK(nearest_zone("Asia/Calcuta", "") == "Asia/Calcutta");
  CHECK(nearest_zone("acto", "actor") == "actor");
  CHECK(nearest_zone("the moon, near the flag", "").empty());
  CHECK(nearest_zone("", "").empty());
}
