// How looks with news share a transaction, and what stands in the log after it.
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/poll/recorder.h"
#include "tests/store/support/faulty_disk.h"

using namespace pw;

namespace {

namespace asio = boost::asio;

const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");

Observation news_of(AccountNumber account, const std::string& id) {
  Observation seen;
  seen.look.account = account;
  seen.look.outcome = Outcome::fresh;
  seen.look.effective = seen.look.received = noon;
  StoredPost post;
  post.account = account;
  post.post.id = id;
  post.digest = digest_of(post.post);
  post.salt = std::string(16, 's');
  post.appeared = {noon, noon};
  seen.news = std::make_shared<LookCommit>();
  seen.news->state.account = account;
  seen.news->state.has_baseline = true;
  seen.news->posts.push_back(post);
  return seen;
}

HabitEntry habit_of(AccountNumber account) {
  HabitEntry habit;
  habit.account = account;
  habit.spans = 1;
  return habit;
}

struct Desk {
  Desk() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    store = *open_sqlite((folder / "db").string(), OpenMode::read_write);
    std::vector<Account> accounts(5);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      accounts[i].platform = "feed";
      accounts[i].handle = "https://example.org/" + std::to_string(i);
    }
    REQUIRE(store->enrol(accounts, {}));
    store->on_commit([this](std::uint64_t) { ++commits; });
    recorder.emplace(
        *store, [](const Look&) {}, [](const StoredPost& post) { return !post.baseline; });
  }
  ~Desk() { std::filesystem::remove_all(folder); }

  // Records, and notes how many posts of the account are stored on return.
  asio::awaitable<void> record(const Observation& seen) {
    co_await recorder->record_news(seen);
    stored.push_back(store->known_posts(seen.look.account)->size());
  }
  void spawn(const Observation& seen) {
    asio::co_spawn(io, record(seen), [this](std::exception_ptr error) {
      if (error) ++failures;
    });
  }
  std::vector<std::string> leaves() {
    std::vector<std::string> all;
    REQUIRE(store->each_leaf(0, 1000, [&](std::uint64_t, std::string_view leaf) {
      all.emplace_back(leaf);
      return true;
    }));
    return all;
  }

  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("pw-recorder-" + std::to_string(::getpid()));
  asio::io_context io;
  std::unique_ptr<Store> store;
  std::optional<Recorder> recorder;
  int commits = 0;
  int failures = 0;
  std::vector<std::size_t> stored;
};

}  // namespace

TEST_CASE("all that answered meanwhile share one commit, and each returns after it") {
  Desk desk;
  std::vector<Observation> seen;
  for (AccountNumber account = 1; account <= 4; ++account) {
    seen.push_back(news_of(account, "p" + std::to_string(account)));
  }
  Look idle;
  idle.account = 5;
  idle.outcome = Outcome::unchanged;
  idle.effective = idle.received = noon;
  desk.recorder->record(idle);
  for (const Observation& one : seen) desk.spawn(one);
  desk.io.run();
  CHECK(desk.commits == 1);
  CHECK(desk.failures == 0);
  CHECK(desk.stored == std::vector<std::size_t>{1, 1, 1, 1});
  // The looks first, then what they showed, in order.
  const std::vector<std::string> leaves = desk.leaves();
  REQUIRE(leaves.size() == 5);
  const Result<Entry> looks = decode(leaves.front());
  REQUIRE(looks);
  CHECK(std::get<LooksEntry>(*looks).looks.size() == 5);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::get<PostEntry>(*decode(leaves[i + 1])).account == i + 1);
  }
}

TEST_CASE("one look alone commits at once") {
  Desk desk;
  const Observation first = news_of(1, "p1");
  desk.spawn(first);
  desk.io.run();
  CHECK(desk.commits == 1);
  const Observation second = news_of(1, "p2");
  desk.io.restart();
  desk.spawn(second);
  desk.io.run();
  CHECK(desk.commits == 2);
  CHECK(desk.stored == std::vector<std::size_t>{1, 2});
}

TEST_CASE("an entry of the log does not overtake the looks before it") {
  Desk desk;
  const Observation seen = news_of(1, "p1");
  desk.spawn(seen);
  desk.io.run_one();  // up to the wait for the others
  CHECK(desk.commits == 0);
  desk.recorder->record_entry(RunEntry{noon, "reload", "test"});
  CHECK(desk.commits == 2);
  desk.io.run();
  CHECK(desk.commits == 2);
  CHECK(desk.stored == std::vector<std::size_t>{1});
  CHECK(std::holds_alternative<RunEntry>(*decode(desk.leaves().back())));
}

TEST_CASE("what is said beside looks shares a commit too, and is on disk when it returns") {
  Desk desk;
  std::vector<std::size_t> on_disk;
  const auto say = [&](AccountNumber account) -> asio::awaitable<void> {
    const Entry entry = habit_of(account);
    desk.recorder->record_soon({&entry, 1});
    co_await desk.recorder->commit_soon();
    on_disk.push_back(desk.leaves().size());
  };
  for (AccountNumber account = 1; account <= 3; ++account) {
    asio::co_spawn(desk.io, say(account), asio::detached);
  }
  const Observation seen = news_of(4, "p4");
  desk.spawn(seen);
  desk.io.run();
  CHECK(desk.commits == 1);
  CHECK(on_disk == std::vector<std::size_t>{5, 5, 5});
  const std::vector<std::string> leaves = desk.leaves();
  REQUIRE(leaves.size() == 5);
  CHECK(std::holds_alternative<LooksEntry>(*decode(leaves[0])));
  for (std::size_t i = 1; i <= 3; ++i) {
    CHECK(std::get<HabitEntry>(*decode(leaves[i])).account == i);
  }
  CHECK(std::holds_alternative<PostEntry>(*decode(leaves[4])));
}

TEST_CASE("what is said beside news is in its commit, after the posts") {
  Desk desk;
  const Observation seen = news_of(1, "p1");
  const Entry habit = habit_of(1);
  std::size_t on_disk = 0;
  const auto record = [&]() -> asio::awaitable<void> {
    co_await desk.recorder->record_news(seen, {&habit, 1});
    on_disk = desk.leaves().size();
  };
  asio::co_spawn(desk.io, record(), asio::detached);
  desk.io.run();
  CHECK(desk.commits == 1);
  CHECK(on_disk == 3);
  const std::vector<std::string> leaves = desk.leaves();
  REQUIRE(leaves.size() == 3);
  CHECK(std::holds_alternative<LooksEntry>(*decode(leaves[0])));
  CHECK(std::holds_alternative<PostEntry>(*decode(leaves[1])));
  CHECK(std::get<HabitEntry>(*decode(leaves[2])).account == 1);
}

TEST_CASE("what is said beside a look does not wait for another") {
  Desk desk;
  const Entry entry = habit_of(1);
  desk.recorder->record_soon({&entry, 1});
  CHECK(desk.commits == 0);
  desk.recorder->flush();
  CHECK(desk.commits == 1);
  // Nothing is left to be said: looks go on waiting for their second.
  Look idle;
  idle.account = 1;
  idle.outcome = Outcome::unchanged;
  desk.recorder->record(idle);
  asio::co_spawn(desk.io, desk.recorder->commit_soon(), asio::detached);
  desk.io.run();
  CHECK(desk.commits == 1);
  desk.recorder->flush();
  CHECK(desk.commits == 2);
  CHECK(desk.leaves().size() == 2);
}

TEST_CASE("what the store refuses reaches everybody of the group") {
  Desk desk;
  const Observation good = news_of(1, "p1");
  const Observation stranger = news_of(9, "p1");
  desk.spawn(good);
  desk.spawn(stranger);
  desk.io.run();
  CHECK(desk.failures == 2);
  CHECK(desk.store->known_posts(1)->empty());
  CHECK(desk.leaves().empty());
}

TEST_CASE("what a full disk refused stands in the log once when it is tried again") {
  FaultyDisk disk;
  Desk desk;
  disk.arm(DiskFault::full, 1, /*lasting=*/true);
  const Observation seen = news_of(1, "p1");
  desk.spawn(seen);
  desk.io.run();
  CHECK(desk.failures == 1);
  CHECK(desk.leaves().empty());
  disk.heal();
  desk.recorder->flush();
  const std::vector<std::string> leaves = desk.leaves();
  REQUIRE(leaves.size() == 2);
  CHECK(std::holds_alternative<LooksEntry>(*decode(leaves[0])));
  CHECK(std::holds_alternative<PostEntry>(*decode(leaves[1])));
}

TEST_CASE("a post of before the watch that no rule reads is stored as screened") {
  Desk desk;
  Observation seen = news_of(1, "before");
  seen.news->posts.front().baseline = true;
  const Observation other = news_of(2, "new");
  desk.spawn(seen);
  desk.spawn(other);
  desk.io.run();
  const auto unscreened = desk.store->unscreened(10);
  REQUIRE(unscreened->size() == 1);
  CHECK(unscreened->front().post.id == "new");
}
