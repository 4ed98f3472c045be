// What becomes of a list whose items or pages are not as they should be, while that
// lasts and after it (platforms-open 12).
#include <numeric>

#include "daemon/ledger/coverage.h"
#include "tests/poll/support/people.h"

using namespace pw;

namespace {

// Such a list would be read without end; and what stood behind it when it broke off must
// not be passed over by the next look, which meets posts again at once.
void check_circle(FaultKind kind, const std::string& platform) {
  INFO(name_of(kind) << ' ' << platform);
  constexpr int burst = 260;
  const Interval span{noon + 5min + 1s, noon + 15min};
  Day day(on(platform, burst), 200, {{kind, span, platform}});
  day.population.limits.facebook = 100'000;  // a dozen requests for a list of ads
  day.pass(5min);
  const std::size_t before = day.looks.size();
  const std::size_t known = day.stored().size();
  day.pass(9min);
  const bool met =
      std::any_of(day.looks.begin() + static_cast<std::ptrdiff_t>(before), day.looks.end(),
                  [](const Look& look) { return look.outcome == Outcome::truncated; });
  CHECK(met);
  CHECK(day.looks.back().outcome == Outcome::truncated);
  CHECK(day.asked.size() < 100);
  day.pass(40min);
  CHECK(observes(day.looks.back().outcome));
  int new_ones = 0;
  int dated = 0;
  for (const StoredPost& one : day.stored()) {
    CHECK_FALSE(one.removed);
    if (!one.baseline) ++new_ones;
    if (!one.baseline && one.appeared.start >= noon + 4min) ++dated;
  }
  CHECK(new_ones == burst);
  CHECK(day.stored().size() >= known + burst);
  // Where the poster chooses the order, what lies deep may have lain there before.
  const ListKind list = day.connector->declaration().list;
  if (list == ListKind::complete || list == ListKind::capped) CHECK(dated == burst);
}

// What the judge makes of the looks so far, of a window from noon on.
Coverage coverage_of(const Day& day, Instant now) {
  CoverageMeter meter({noon + 2min, noon + 1h}, day.connector->declaration().lag, 5min);
  for (const Look& look : day.looks) meter.add(look);
  return meter.coverage(now);
}

}  // namespace

// A list whose every post is one of before would prove nothing of what it lacks: it
// is suspect where it is whole, and too short for what came where it is not.
TEST_CASE("ids that all changed observe nothing, and delete nothing") {
  struct {
    const char* platform;
    Outcome outcome;
  } constexpr changes[] = {{"instagram", Outcome::truncated},
                           {"x", Outcome::truncated},
                           {"reddit", Outcome::truncated},
                           {"youtube", Outcome::suspect}};
  for (const auto& [name, outcome] : changes) {
    const std::string platform = name;
    INFO(platform);
    SimAccount account = on(platform);
    std::vector<SimPost> again = account.posts;
    for (SimPost& one : account.posts) one.deleted = noon + 5min;
    for (SimPost& one : again) {
      one.id.back() = one.id.back() == '9' ? '8' : '9';
      one.declared = one.created;
      one.serial += 1000;
    }
    std::erase_if(again, [&](const SimPost& one) {
      return std::any_of(account.posts.begin(), account.posts.end(),
                         [&](const SimPost& other) { return other.id == one.id; });
    });
    account.posts.insert(account.posts.end(), again.begin(), again.end());
    for (std::size_t i = account.posts.size() - again.size(); i < account.posts.size(); ++i) {
      account.posts[i].created = noon + 5min;
    }
    Day day(std::move(account));
    day.pass(5min + 1s);
    const std::size_t before = day.looks.size();
    day.pass(75s);
    REQUIRE(day.looks.size() > before);
    CHECK(name_of(day.looks[before].outcome) == name_of(outcome));
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("a pin of long ago on top of the list is neither news nor the end of reading") {
  for (const char* platform : {"instagram", "reddit", "tumblr"}) {
    INFO(platform);
    SimAccount account = on(platform);
    account.posts.front().pinned = noon + 5min;
    SimPost fresh = account.posts.back();
    fresh.created = fresh.declared = noon + 10min;
    fresh.serial += 500;
    fresh.id.back() = fresh.id.back() == '7' ? '6' : '7';
    account.posts.push_back(fresh);
    Day day(std::move(account));
    day.pass(9min);
    std::size_t known = day.stored().size();
    day.pass(6min);
    int new_ones = 0;
    for (const StoredPost& one : day.stored()) {
      CHECK_FALSE(one.removed);
      if (!one.baseline) ++new_ones;
    }
    // What lay too deep for the first list may come up with the pin, as one of before.
    CHECK(day.stored().size() <= known + 2);
    CHECK(new_ones >= 1);
    CHECK(new_ones <= 2);
    CHECK(observes(day.looks.back().outcome));
  }
}

// Between two looks, with the same words: the list is as long as it was.
TEST_CASE("a post that is deleted and made again is a new one, and the old one is gone") {
  for (const char* platform : {"mastodon", "x", "threads"}) {
    INFO(platform);
    SimAccount account = on(platform);
    const std::string old_id = account.posts.back().id;
    SimPost again = account.posts.back();
    account.posts.back().deleted = noon + 6min;
    again.created = again.declared = noon + 6min + 1s;
    again.serial += 700;
    again.id.back() = again.id.back() == '7' ? '6' : '7';
    if (platform == std::string("mastodon"))
      again.id = mint::snowflake(again.created, again.serial);
    account.posts.push_back(again);
    Day day(std::move(account));
    day.pass(15min);
    for (const StoredPost& one : day.stored()) {
      INFO(one.post.id);
      // Threads' list proves no deletion.
      if (one.post.id == old_id && platform != std::string("threads")) CHECK(one.removed);
      if (one.post.id != old_id) CHECK_FALSE(one.removed);
      CHECK(one.baseline == (one.post.id != again.id));
    }
    CHECK(day.stored().back().post.id == again.id);
    CHECK(observes(day.looks.back().outcome));
  }
}

TEST_CASE("a burst above one page is read to where it meets what was known") {
  for (const char* platform : {"x", "mastodon", "tumblr"}) {
    INFO(platform);
    SimAccount account = on(platform);
    const std::size_t before = account.posts.size();
    for (int i = 0; i < 45; ++i) {
      SimPost made = post(std::uint64_t(2000 + i), noon + 5min + i * 100ms);
      made.surface = Surface::post;
      if (platform == std::string("x")) made.id = mint::x_id(made.created, made.serial);
      if (platform == std::string("mastodon")) made.id = mint::snowflake(made.created, made.serial);
      if (platform == std::string("tumblr")) made.id = mint::tumblr_id(made.serial);
      account.posts.push_back(std::move(made));
    }
    Day day(std::move(account));
    day.pass(10min);
    int new_ones = 0;
    for (const StoredPost& one : day.stored()) new_ones += one.baseline ? 0 : 1;
    CHECK(new_ones == 45);
    CHECK(day.stored().size() <= before + 45);
    CHECK(observes(day.looks.back().outcome));
  }
}

TEST_CASE("a list that leads back to its first page is truncated, and read on when that ends") {
  struct {
    FaultKind kind;
    const char* platforms;
  } constexpr circles[] = {
      {FaultKind::looped,
       "instagram mastodon youtube x reddit tumblr tiktok facebook threads facebook_ads"},
      // Tumblr's and TikTok's places are numbers, which lead nowhere else.
      {FaultKind::circled, "instagram mastodon youtube x reddit facebook threads facebook_ads"},
  };
  for (const auto& [kind, platforms] : circles) {
    for (const std::string& platform : words(platforms)) check_circle(kind, platform);
  }
}

// One that came while the list was being read has pushed it there; its two places are one
// post, and the list goes on behind them.
TEST_CASE("an item that comes on two pages is one post, and nothing behind it is lost") {
  struct {
    const char* platform;
    FaultKind kind;
    Millis apart;
  } const rows[] = {
      {"instagram", FaultKind::repeated, 100ms},
      {"mastodon", FaultKind::repeated, 100ms},
      {"youtube", FaultKind::repeated, 100ms},
      {"x", FaultKind::repeated, 100ms},
      {"reddit", FaultKind::repeated, 100ms},
      {"tiktok", FaultKind::repeated, 100ms},
      // By offset, every post that comes between two slow pages pushes one on.
      {"tumblr", FaultKind::slow, 1000ms},
  };
  for (const auto& [platform, kind, apart] : rows) {
    INFO(platform);
    constexpr int burst = 130;
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(platform, burst, apart), 200, {{kind, span, platform}});
    day.pass(14min);
    CHECK(day.asked.size() > 5);
    for (const Look& look : day.looks) {
      INFO(name_of(look.outcome) << ' ' << look.detail);
      CHECK(observes(look.outcome));
    }
    const std::vector<StoredPost> stored = day.stored();
    const auto news = std::count_if(stored.begin(), stored.end(),
                                    [](const StoredPost& one) { return !one.baseline; });
    CHECK(news == burst);
    const int told =
        std::accumulate(day.looks.begin(), day.looks.end(), 0,
                        [](int sum, const Look& look) { return sum + look.posts_new; });
    CHECK(told == burst);
    day.pass(40min);
    CHECK(day.looks.back().outcome == Outcome::unchanged);
    CHECK(day.stored().size() == stored.size());
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("texts with bytes that are no UTF-8 are mended, and whole again when they come so") {
  for (const std::string& platform : words(lists)) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(platform), 200, {{FaultKind::mangled, span, platform}});
    day.pass(5min);
    const std::size_t posts = day.stored().size();
    const auto mended = [&] {
      const std::vector<StoredPost> stored = day.stored();
      return std::count_if(stored.begin(), stored.end(), [](const StoredPost& one) {
        return one.post.text.find("\xEF\xBF\xBD") != std::string::npos;
      });
    };
    CHECK(mended() == 0);
    day.pass(9min);
    // An ad is one post for each of its days.
    CHECK(mended() == (platform == "facebook_ads" ? 2 : 1));
    // The bytes came with the validator of the whole text, and once an hour nobody is
    // asked for what has changed, but for all.
    day.pass(75min);
    CHECK(mended() == 0);
    CHECK(day.stored().size() == posts);
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("an item that cannot be read is told of, and is a gap until it can be or is gone") {
  Day day(on("mastodon"), 200,
          {{FaultKind::half_unreadable, {noon + 5min + 1s, noon + 15min}, "mastodon"}});
  day.pass(5min);
  for (const Look& look : day.looks) CHECK(look.posts_skipped == 0);
  CHECK(coverage_of(day, noon + 5min).longest_gap < 3min);
  const std::size_t before = day.looks.size();
  day.pass(9min);
  // The same bytes again are as readable as they were, which the ledger knows.
  CHECK(std::any_of(day.looks.begin() + static_cast<std::ptrdiff_t>(before), day.looks.end(),
                    [](const Look& look) {
                      return look.posts_skipped == 1 && look.outcome == Outcome::unchanged;
                    }));
  const Coverage within = coverage_of(day, noon + 14min);
  CHECK(within.longest_gap > 8min);
  CHECK(within.unreadable == day.looks.size() - before);
  day.pass(6min);
  // It went: the list is decoded anew, and covers again; what lies between stays a gap.
  CHECK(day.looks.back().posts_skipped == 0);
  CHECK(day.looks.back().outcome == Outcome::unchanged);
  const Coverage after = coverage_of(day, noon + 20min);
  CHECK(after.looks > 0);
  CHECK(after.longest_gap > 9min);
  CHECK(after.longest_gap < 13min);
  REQUIRE(after.open);
  CHECK(after.open->length() < 2min);
  CHECK(after.unreadable >= within.unreadable);
  day.pass(10min);
  CHECK(coverage_of(day, noon + 30min).unreadable == after.unreadable);
  for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
}

// Published while the newest item cannot be read: once it can be, nobody knows since when
// it stood there, but that it was not there before the first unreadable one.
TEST_CASE("an item that becomes readable may have appeared since the last list that was whole") {
  for (const char* platform :
       {"mastodon", "instagram", "x", "reddit", "tumblr", "youtube", "facebook", "threads"}) {
    INFO(platform);
    SimAccount account = on(platform, 1);
    account.posts.back().created += 2min;
    account.posts.back().declared += 2min;
    const Instant published = account.posts.back().created;
    const std::string id = account.posts.back().id;
    const Interval span{noon + 7min, noon + 15min};
    Day day(std::move(account), 200, {{FaultKind::one_unreadable, span, platform}});
    day.pass(14min);
    CHECK(day.looks.back().outcome == Outcome::unchanged);
    CHECK(coverage_of(day, noon + 14min).longest_gap > 6min);
    day.pass(10min);
    CHECK(observes(day.looks.back().outcome));
    CHECK(day.looks.back().posts_skipped == 0);
    CHECK(coverage_of(day, noon + 24min).open->length() < 2min);
    const std::vector<StoredPost> stored = day.stored();
    const auto it = std::find_if(stored.begin(), stored.end(),
                                 [&](const StoredPost& one) { return one.post.id == id; });
    REQUIRE(it != stored.end());
    CHECK_FALSE(it->baseline);
    CHECK(it->appeared.start <= published);
    CHECK(it->appeared.end >= published);
    CHECK(it->appeared.start >= noon + 5min);
    for (const StoredPost& one : stored) CHECK_FALSE(one.removed);
  }
}

// A kind that a connector does not know must not pass for a post that was taken down.
TEST_CASE("kinds that no document names take no post away") {
  for (const std::string& platform : words(lists)) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + 15min};
    SimAccount account = on(platform);
    account.posts.erase(account.posts.begin(), account.posts.end() - 8);  // one page
    Day day(std::move(account), 200, {{FaultKind::unheard, span, platform}});
    day.pass(14min);
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
    day.pass(40min);
    CHECK(observes(day.looks.back().outcome));
    for (const StoredPost& one : day.stored()) {
      CHECK_FALSE(one.removed);
      CHECK(one.baseline);
    }
  }
}

TEST_CASE(
    "what refers to others, and edits, on X are known by the newer names too are known by the "
    "newer names too") {
  SimAccount account = on("x");
  const std::size_t size = account.posts.size();
  account.posts[size - 1].surface = Surface::reply;
  account.posts[size - 2].surface = Surface::repost;
  account.posts[size - 3].quotes = true;
  account.posts[size - 4].edited = noon - 30min;
  account.posts[size - 4].edited_text = "corrected";
  const Interval span{noon + 5min + 1s, noon + 15min};
  Day day(std::move(account), 200, {{FaultKind::post_names, span, "x"}});
  day.pass(5min);
  const std::size_t before = day.looks.size();
  day.pass(9min);
  REQUIRE(day.looks.size() > before);
  for (std::size_t i = before; i < day.looks.size(); ++i)
    CHECK(day.looks[i].outcome == Outcome::unchanged);
}

// Whoever is quoted made a statement; the words below which it stands are no statement for it.
TEST_CASE("a quote is news like any post, with its own words alone") {
  struct {
    const char* platform;
    Surface surface;
  } constexpr quotes[] = {{"mastodon", Surface::post},
                          {"bluesky", Surface::post},
                          {"x", Surface::post},
                          {"threads", Surface::post},
                          {"tumblr", Surface::repost}};
  for (const auto& [platform, surface] : quotes) {
    for (const bool is_shown : {true, false}) {  // Mastodon: whether who is quoted agreed
      INFO(platform);
      SimAccount account = on(platform, 1);
      SimPost& quote = account.posts.back();
      quote.quotes = true;
      quote.surface = surface;
      quote.serial = is_shown ? 2000 : 2001;
      const std::string id = quote.id;
      Day day(std::move(account));
      day.pass(5min);
      const std::size_t before = day.looks.size();
      day.pass(4min);
      CHECK(std::any_of(day.looks.begin() + static_cast<std::ptrdiff_t>(before), day.looks.end(),
                        [](const Look& look) { return look.outcome == Outcome::fresh; }));
      const StoredPost one = day.stored().back();
      CHECK(one.post.id == id);
      CHECK_FALSE(one.baseline);
      CHECK(one.post.surface == surface);
      CHECK_THAT(one.post.text, Catch::StartsWith("post 2000"));
      CHECK_THAT(one.post.text, !Catch::Contains("#SilentDay"));
      CHECK(std::count(one.post.tags.begin(), one.post.tags.end(), "SilentDay") == 0);
    }
  }
}
