// The poller at a Bluesky account's own server: one request while nothing is
// written, the whole list when something is, and no half of one for a first list.
#include "tests/poll/support/day.h"

using namespace pw;

namespace {

SimAccount with_history(int posts) {
  SimAccount account = brandco();
  for (int i = posts; i > 0; --i)
    account.posts.push_back(
        post(static_cast<std::uint64_t>(1000 - i), noon - std::chrono::hours(i)));
  return account;
}

constexpr std::string_view commit = "com.atproto.sync.getLatestCommit";
constexpr std::string_view list = "com.atproto.repo.listRecords";

}  // namespace

TEST_CASE("a first list is whole, and then one request a look proves that it stands") {
  Day day(with_history(250));
  day.pass(30s);
  CHECK(day.state().has_baseline);
  CHECK(day.state().baseline_whole);
  CHECK(day.state().home == site + "bluesky");
  CHECK(day.state().token != "");
  CHECK(day.stored().size() == 250);
  CHECK(day.count("document") == 1);
  CHECK(day.count(list) == 5);  // three pages of posts, an empty one, no repost
  day.pass(30min);
  CHECK(day.count(list) == 5);
  CHECK(day.count(commit) >= 30);
  for (const Look& look : day.looks) CHECK(observes(look.outcome));
  CHECK(day.news == 1);
}

TEST_CASE("a post under an old key is new all the same, and dated by the looks") {
  SimAccount account = with_history(150);
  account.posts.push_back(post(2000, noon + 10min + 20s, "2aaaaaaaaaaaa"));
  Day day(std::move(account));
  day.pass(20min);
  const std::vector<StoredPost> posts = day.stored();
  const auto found = std::find_if(posts.begin(), posts.end(), [](const StoredPost& one) {
    return one.post.id.ends_with("2aaaaaaaaaaaa");
  });
  REQUIRE(found != posts.end());
  CHECK_FALSE(found->baseline);
  CHECK(found->appeared.start >= noon + 9min);
  CHECK(found->appeared.start <= noon + 10min + 20s);
  CHECK(found->appeared.end >= noon + 10min + 20s);
  CHECK(found->appeared.end <= noon + 12min);
}

TEST_CASE("a first list that breaks off is none: every step may fail") {
  for (int fails_at = 2; fails_at <= 8; ++fails_at) {
    INFO("exchange " << fails_at << " fails");
    Day day(with_history(250));
    day.fetcher.fails_at = fails_at;
    day.pass(20min);
    CHECK(day.state().baseline_whole);
    const std::vector<StoredPost> posts = day.stored();
    CHECK(posts.size() == 250);
    CHECK(std::all_of(posts.begin(), posts.end(), [](const StoredPost& p) { return p.baseline; }));
    CHECK(observes(day.looks.back().outcome));
  }
}

TEST_CASE("an account with more records than are read never counts as observed") {
  Day day(with_history(450), /*pages_max=*/2);
  day.pass(10min);
  CHECK(day.state().has_baseline);
  CHECK_FALSE(day.state().baseline_whole);
  CHECK(day.state().token.empty());
  for (const Look& look : day.looks) CHECK(look.outcome == Outcome::truncated);
}

TEST_CASE("a deletion is believed when it is seen twice, under one revision") {
  SimAccount account = with_history(20);
  account.posts[3].deleted = noon + 5min;
  Day day(std::move(account));
  day.pass(15min);
  int removed = 0;
  for (const StoredPost& one : day.stored()) removed += one.removed ? 1 : 0;
  CHECK(removed == 1);
  const int lists = day.count(list);
  day.pass(15min);
  CHECK(day.count(list) == lists);
}

TEST_CASE("news of a stream brings the look forward") {
  SimAccount account = with_history(3);
  account.posts.push_back(post(2000, noon + 10min + 5s));
  Day day(std::move(account));
  day.pass(10min + 6s);
  const std::size_t looks = day.looks.size();
  HeardNews news;
  news.post = Post{.id = day.population.accounts[0].posts.back().id};
  day.poller->hear(day.number, news);
  day.pass(1s);
  REQUIRE(day.looks.size() > looks);
  CHECK(day.looks.back().outcome == Outcome::fresh);
  CHECK(day.stored().size() == 4);
  day.pass(10min);
  for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
}

TEST_CASE("what was heard and is gone when the look comes is recorded as both") {
  Day day(with_history(3));
  day.pass(10min);
  HeardNews news;
  news.post = Post{.id = "at://" + mint::did(1) + "/app.bsky.feed.post/gone"};
  news.post->text = "for a second";
  day.poller->hear(day.number, news);
  day.pass(2min);
  const std::vector<StoredPost> posts = day.stored();
  const auto found = std::find_if(posts.begin(), posts.end(), [](const StoredPost& one) {
    return one.post.text == "for a second";
  });
  REQUIRE(found != posts.end());
  REQUIRE(found->removed);
  CHECK(found->appeared.end <= noon + 10min + 1s);
  CHECK(found->appeared.start >= noon + 8min);
  CHECK(found->removed->end >= found->appeared.end);
}

TEST_CASE("who moves to another server is found there, with all that was known") {
  const std::string there = "https://morel.us-east.host.bsky.network";
  SimAccount account = with_history(120);
  account.posts.push_back(post(2000, noon + 20min));
  account.spells.push_back({SpellKind::moved, {noon + 5min, noon + 24h}, there});
  Day day(std::move(account));
  day.pass(4min);
  CHECK(day.state().home == site + "bluesky");
  day.pass(10min);
  // The old server says that it has the account no more, which is asked after at once.
  const auto lost = std::count_if(day.looks.begin(), day.looks.end(),
                                  [](const Look& look) { return !observes(look.outcome); });
  CHECK(lost == 1);
  CHECK(day.state().home == there);
  CHECK(observes(day.looks.back().outcome));
  CHECK(day.stored().size() == 120);
  day.pass(10min);
  const std::vector<StoredPost> stored = day.stored();
  CHECK(stored.size() == 121);
  for (const StoredPost& one : stored) {
    CHECK_FALSE(one.removed);
    CHECK(one.baseline == (one.post.text != "post 2000"));
  }
}

TEST_CASE("who is renamed, taken down or gone is not observed, and is found again") {
  struct Row {
    SpellKind kind;
    Outcome outcome;
  };
  for (const Row row :
       {Row{SpellKind::suspended, Outcome::suspended},
        Row{SpellKind::not_visible, Outcome::not_visible},
        Row{SpellKind::deleted, Outcome::not_visible}, Row{SpellKind::renamed, Outcome::renamed}}) {
    SimAccount account = with_history(3);
    account.spells.push_back({row.kind, {noon + 5min, noon + 2h}, "new.example.com"});
    Day day(std::move(account));
    day.pass(4min);
    CHECK(observes(day.looks.back().outcome));
    day.pass(86min);  // the directory is asked again at least every hour
    INFO(name_of(row.kind));
    CHECK(day.looks.back().outcome == row.outcome);
    day.pass(90min);
    CHECK(observes(day.looks.back().outcome));
  }
}
