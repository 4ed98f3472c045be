// What a time that somebody chose, or that stands at the very edge, makes of a look
// (platforms-open 1.2 and 12).
#include "daemon/core/pledge.h"
#include "tests/poll/support/people.h"

using namespace pw;

namespace {

// GoToSocial's ids: 48 bits of milliseconds, and 80 of chance.
std::string ulid(Instant t, std::uint64_t serial) {
  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string id = "0000000000AAAAAAAAAAAAAA" + std::to_string(10 + serial % 90);
  for (auto [ms, at] = std::pair{ms_of(t), 10}; at > 0; ms /= 32)
    id[--at] = digits[static_cast<std::size_t>(ms % 32)];
  return id;
}

// Mastodon's interface, and ids of the time that the author claims.
SimAccount on_gotosocial() {
  SimAccount account = on("mastodon");
  for (SimPost& one : account.posts) one.id = ulid(one.declared, one.serial);
  account.id = ulid(noon - 24h * 900, 11);
  return account;
}

enum class Dated { by_looks, by_sweep };

struct Row {
  const char* platform;
  Millis declared;  // after noon; never: without a date
  Dated dated;
};

constexpr Millis never = 24h * 10'000;
const Instant public_at = noon + 70min;

constexpr Row rows[] = {
    {"bluesky", -90min, Dated::by_looks},
    {"bluesky", -24h * 365, Dated::by_looks},
    {"bluesky", 48h, Dated::by_looks},
    {"feed", -90min, Dated::by_looks},
    {"feed", 48h, Dated::by_looks},
    {"feed", never, Dated::by_looks},
    {"feed", -8h, Dated::by_looks},
    {"youtube", -90min, Dated::by_looks},
    {"youtube", -24h * 365, Dated::by_looks},  // a page has fifty
    {"tumblr", -90min, Dated::by_looks},
    // Below the first page nobody can tell since when it has been there.
    {"tumblr", -24h * 365, Dated::by_sweep},
    {"gotosocial", -90min, Dated::by_looks},
    {"gotosocial", -24h * 365, Dated::by_sweep},
};

SimAccount with_dated(const Row& row) {
  const bool gotosocial = row.platform == std::string("gotosocial");
  SimAccount account = gotosocial ? on_gotosocial() : on(row.platform);
  SimPost one = account.posts.back();
  one.created = public_at;
  one.declared = row.declared == never ? Instant{} : noon + row.declared;
  one.serial = 7000;
  one.text = "post 7000";
  one.id = gotosocial ? ulid(one.declared, one.serial)
           : std::string_view(row.platform) == "bluesky"
               ? post(7000, one.declared).id  // under a key of that time
               : one.id.substr(0, one.id.size() - 1) + '7';
  account.posts.push_back(std::move(one));
  return account;
}

void check_dated(const Row& row) {
  INFO(row.platform << ' ' << row.declared.count());
  Day day(with_dated(row));
  day.pass(140min);  // past the sweep, five minutes after the window's end
  const std::vector<StoredPost> stored = day.stored();
  const auto it = std::find_if(stored.begin(), stored.end(), [](const StoredPost& one) {
    return one.post.text.starts_with("post 7000");
  });
  REQUIRE(it != stored.end());
  CHECK_FALSE(it->baseline);
  CHECK(it->appeared.end >= public_at);
  const Ternary covered = covers(day.window, it->appeared);
  if (row.dated == Dated::by_sweep) {
    CHECK(it->appeared.start == Instant{});
    CHECK(covered == Ternary::unknown);
  } else {
    CHECK(it->appeared.start <= public_at);
    CHECK(it->appeared.start >= public_at - day.connector->declaration().lag - 2min);
    CHECK(it->appeared.end <= public_at + 2min);
    CHECK(covered == Ternary::yes);
  }
  const auto seen = std::find_if(day.looks.begin(), day.looks.end(),
                                 [](const Look& look) { return look.posts_new > 0; });
  REQUIRE(seen != day.looks.end());
  CHECK(seen->outcome == Outcome::fresh);
  for (const StoredPost& one : stored) CHECK_FALSE(one.removed);
}

}  // namespace

TEST_CASE("a post is dated by the looks, whatever time it claims") {
  for (const Row& row : rows) check_dated(row);
}

// [start, end): what is stamped with the first moment is inside, with the last is not.
TEST_CASE("a stamp of the window's first moment is inside, one of its end is not") {
  for (const char* platform : {"mastodon", "x", "instagram", "reddit", "threads", "telegram"}) {
    SimAccount account = on(platform, 2);
    const std::size_t size = account.posts.size();
    for (const auto& [place, at] : {std::pair{size - 2, noon + 1h}, {size - 1, noon + 2h}}) {
      SimPost& one = account.posts[place];
      one.created = one.declared = at;
      one.serial = 6000 + 6 * place;
      if (platform == std::string("mastodon")) one.id = mint::snowflake(at, 0);
      if (platform == std::string("x")) one.id = mint::x_id(at, 0);
    }
    const std::string first = account.posts[size - 2].id;
    const std::string last = account.posts[size - 1].id;
    Day day(std::move(account));
    day.pass(140min);
    int met = 0;
    for (const StoredPost& one : day.stored()) {
      INFO(platform << ' ' << one.post.id << ' ' << print_rfc3339(one.appeared.start));
      if (one.post.id == first) CHECK(covers(day.window, one.appeared) == Ternary::yes);
      if (one.post.id == last) CHECK(covers(day.window, one.appeared) == Ternary::no);
      met += one.post.id == first || one.post.id == last ? 1 : 0;
    }
    CHECK(met == 2);
  }
}

// Only what was read to its end shows what an author dated back.
TEST_CASE("a sweep of a list that its server does not stamp proves nothing unless it is whole") {
  for (const int pages_max : {1, 5}) {
    SimAccount account = on_gotosocial();
    Day day(std::move(account), pages_max);
    day.pass(140min);
    bool swept = false;
    for (const Look& look : day.looks) {
      if (look.purpose != Purpose::sweep) continue;
      swept = true;
      CHECK(look.outcome == (pages_max == 1 ? Outcome::truncated : Outcome::unchanged));
    }
    CHECK(swept);
  }
}

TEST_CASE("a leap second is the last moment of its day, and hides no post") {
  for (const std::string& platform : words(lists)) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(platform), 200, {{FaultKind::leap_second, span, platform}});
    day.pass(40min);
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
    for (const StoredPost& one : day.stored()) {
      CHECK_FALSE(one.removed);
      CHECK(one.baseline);
    }
  }
}
