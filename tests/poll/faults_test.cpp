// What each fault of a platform makes of the looks that meet it, and that the first
// look after it observes again (platforms-open 12).
#include "tests/poll/support/day.h"

using namespace pw;

namespace {

SimAccount on(const std::string& platform) {
  if (platform == "bluesky") {
    SimAccount account = brandco();
    for (int i = 30; i > 0; --i)
      account.posts.push_back(post(std::uint64_t(100 - i), noon - i * 1h));
    return account;
  }
  SimAccount account;
  account.platform = platform;
  account.handle = "brandco@m.example";
  account.name = "brandco";
  account.host = "m.example";
  account.id = "109500000000000001";
  account.actor = "BrandCo";
  for (int i = 30; i > 0; --i) {
    SimPost made = post(std::uint64_t(100 - i), noon - i * 1h);
    made.id = mint::snowflake(made.created, made.serial);
    account.posts.push_back(std::move(made));
  }
  return account;
}

struct Row {
  const char* platform;
  FaultKind kind;
  Outcome outcome;  // of every look that begins in it
};

constexpr Row rows[] = {
    {"mastodon", FaultKind::outage, Outcome::unreachable},
    {"mastodon", FaultKind::reset, Outcome::unreachable},
    {"mastodon", FaultKind::hang, Outcome::unreachable},
    {"mastodon", FaultKind::slow, Outcome::unchanged},
    {"mastodon", FaultKind::cut, Outcome::unreachable},
    {"mastodon", FaultKind::truncated, Outcome::malformed},
    {"mastodon", FaultKind::html, Outcome::malformed},
    {"mastodon", FaultKind::garbled, Outcome::malformed},
    {"mastodon", FaultKind::login_redirect, Outcome::refused},
    {"mastodon", FaultKind::login_page, Outcome::refused},
    {"mastodon", FaultKind::rate_limited, Outcome::rate_limited},
    {"mastodon", FaultKind::closed, Outcome::refused},
    // A cache that says 304 for ever is asked for the whole list once an hour.
    {"mastodon", FaultKind::unmodified, Outcome::unchanged},
    {"bluesky", FaultKind::outage, Outcome::unreachable},
    {"bluesky", FaultKind::reset, Outcome::unreachable},
    {"bluesky", FaultKind::hang, Outcome::unreachable},
    {"bluesky", FaultKind::slow, Outcome::unchanged},
    {"bluesky", FaultKind::cut, Outcome::unreachable},
    {"bluesky", FaultKind::truncated, Outcome::malformed},
    {"bluesky", FaultKind::html, Outcome::malformed},
    {"bluesky", FaultKind::garbled, Outcome::malformed},
    {"bluesky", FaultKind::login_redirect, Outcome::refused},
    {"bluesky", FaultKind::login_page, Outcome::refused},
    {"bluesky", FaultKind::rate_limited, Outcome::rate_limited},
    {"bluesky", FaultKind::closed, Outcome::refused},
};

}  // namespace

TEST_CASE("a fault makes of looks what its row says, and nothing that outlives it") {
  for (const Row& row : rows) {
    INFO(row.platform << ' ' << name_of(row.kind));
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(row.platform), 200, {{row.kind, span, row.platform}});
    day.pass(5min);
    REQUIRE(day.looks.size() >= 4);
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
    const std::size_t before = day.looks.size();
    day.pass(9min);
    REQUIRE(day.looks.size() > before);
    // A look that began before it, or read with the second's grace of a date, may
    // stand first.
    std::size_t met = 0;
    for (std::size_t i = before; i < day.looks.size(); ++i) {
      met += day.looks[i].outcome == row.outcome ? 1 : 0;
      INFO(name_of(day.looks[i].outcome) << ' ' << day.looks[i].detail);
      CHECK((day.looks[i].outcome == row.outcome || i <= before + 1));
    }
    CHECK(met >= 1);
    const std::size_t posts = day.stored().size();
    day.pass(40min);
    CHECK(observes(day.looks.back().outcome));
    CHECK(day.stored().size() == posts);
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("an account that its server suspended is told from one that is empty") {
  SimAccount account = on("mastodon");
  account.spells.push_back({SpellKind::suspended, {noon + 5min, noon + 30min}, ""});
  Day day(std::move(account));
  day.pass(20min);
  CHECK(day.looks.back().outcome == Outcome::suspended);
  for (const Look& look : day.looks) CHECK(look.outcome != Outcome::suspect);
  day.pass(30min);
  CHECK(observes(day.looks.back().outcome));
  for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
}

TEST_CASE("who deleted everything is suspect, since an answer without posts proves nothing") {
  SimAccount account = on("mastodon");
  for (SimPost& one : account.posts) one.deleted = noon + 5min;
  Day day(std::move(account));
  day.pass(20min);
  CHECK(day.looks.back().outcome == Outcome::suspect);
}

TEST_CASE("an old answer covers no time after it, however often it comes") {
  for (const char* platform : {"mastodon", "bluesky"}) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(platform), 200, {{FaultKind::stale, span, platform}});
    day.pass(14min);
    for (const Look& look : day.looks) CHECK(look.effective <= span.start + 1s);
    day.pass(10min);
    CHECK(day.looks.back().effective > span.end);
  }
}
