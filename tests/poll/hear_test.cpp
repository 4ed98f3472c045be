// News that comes by itself, in whatever number: looks come forward, but no oftener than
// the platform takes, and within the budget.
#include <catch2/catch.hpp>

#include "tests/poll/support/people.h"

using namespace pw;

namespace {

// A notice each tenth of a second, as from whoever can send them.
void flood(Day& day, Millis span) {
  for (Millis passed{0}; passed < span; passed += 100ms) {
    for (int i = 0; i < 5; ++i) day.poller->hear(day.number, {});
    day.pass(100ms);
  }
}

}  // namespace

TEST_CASE("a flood of news costs no more than looking as often as the platform takes") {
  for (const char* platform : {"x", "mastodon", "reddit", "telegram"}) {
    INFO(platform);
    Day day(on(platform));
    day.pass(5min);
    const Millis floor = day.connector->declaration().interval_floor;
    REQUIRE(floor >= 5s);
    const std::size_t before = day.looks.size();
    flood(day, 5min);
    const auto during = static_cast<std::int64_t>(day.looks.size() - before);
    CHECK(during <= 5min / floor + 1);
    CHECK(during >= 5min / floor - 2);
    for (std::size_t i = before + 1; i < day.looks.size(); ++i)
      CHECK(day.looks[i].received - day.looks[i - 1].received >= floor);
    // And none of them is anything but a look.
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
    const std::size_t after = day.looks.size();
    day.pass(5min);
    CHECK(day.looks.size() - after <= 7);
    CHECK(day.looks.size() - after >= 4);
  }
}

TEST_CASE("a flood of news stays within the budget, and starves nobody else of it") {
  SimAccount loud = on("x");
  SimAccount quiet = on("x");
  quiet.handle = quiet.name = "quiet";
  quiet.id = "2222222222222222222";
  Day day({loud, quiet}, 200, {}, Budget{12, 5min});
  day.pass(5min);
  const std::size_t asked = day.asked.size();
  const std::size_t looked = day.looks.size();
  flood(day, 10min);
  CHECK(day.asked.size() - asked <= 26);
  const auto of_quiet =
      std::count_if(day.looks.begin() + static_cast<std::ptrdiff_t>(looked), day.looks.end(),
                    [&](const Look& look) { return look.account != day.number; });
  CHECK(of_quiet >= 4);
}
