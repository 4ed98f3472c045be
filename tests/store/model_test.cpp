// Random operations, on SQLite and on plain containers: both say the same, over
// restarts too.
#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/dump.h"
#include "tests/store/support/memory_store.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

// The same numbers on every machine from a seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  int below(int n) {
    return static_cast<int>(mix64(std::to_string(++thrown_), seed_) % static_cast<unsigned>(n));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t thrown_ = 0;
};

std::string outcome(const Result<Done>& result) {
  return result ? "done" : "error " + std::to_string(static_cast<int>(result.error().code));
}

// One random step; what it answered, as text. Equal dice, equal steps.
class Walker {
 public:
  explicit Walker(std::uint64_t seed) : dice_(seed) {}

  std::string step(Store& store) {
    now_ += dice_.below(20);
    switch (dice_.below(10)) {
      case 0:
        return enrol(store);
      case 1:
      case 2:
      case 3:
        return look(store);
      case 4:
        return screen(store);
      case 5:
        return review(store);
      case 6:
      case 7:
        return lease(store);
      case 8:
        return end_attempt(store);
      default:
        return other(store);
    }
  }

 private:
  std::string enrol(Store& store) {
    auto accounts = sample_accounts(dice_.below(6));
    if (!accounts.empty()) accounts.back().id = "pin" + std::to_string(dice_.below(3));
    std::string said = outcome(store.enrol(accounts, {}));
    for (const Account& account : accounts)
      said += ' ' + std::to_string(account.number) + account.id;
    return said;
  }

  std::string look(Store& store) {
    std::vector<LookCommit> looks;
    for (int i = dice_.below(3); i >= 0; --i) looks.push_back(one_look());
    std::vector<const LookCommit*> together;
    for (const LookCommit& look : looks) together.push_back(&look);
    return outcome(store.commit_looks(together));
  }

  LookCommit one_look() {
    const auto account = static_cast<AccountNumber>(1 + dice_.below(6));
    LookCommit look = sample_look(account, {});
    look.effective = at_second(now_);
    for (int i = dice_.below(3); i > 0; --i) {
      StoredPost post = sample_post(account, id());
      post.first_seen = at_second(now_);
      post.appeared.start = at_second(dice_.below(100));
      post.baseline = dice_.below(2) == 0;
      look.posts.push_back(post);
    }
    for (int i = dice_.below(3); i > 0; --i) look.seen.push_back(id());
    if (dice_.below(3) == 0) {
      StoredPost gone;
      gone.account = account;
      gone.post.id = id();
      gone.removed = Interval{at_second(now_ - 5), at_second(now_)};
      look.removed.push_back(gone);
    }
    if (dice_.below(20) == 0) look.leaves.emplace_back(70'000, 'x');
    return look;
  }

  std::string screen(Store& store) {
    ScreenCommit commit;
    const auto posts = store.unscreened(3);
    for (const StoredPost& post : *posts) {
      commit.screened.emplace_back(post.account, post.post.id);
      commit.findings.push_back(sample_finding(post.account, post.post.id));
      commit.outbox.push_back(sample_row(sink(), id(), at_second(now_ + dice_.below(50))));
      commit.leaves.push_back(post.post.id);
      commit.held.push_back({sink(), dice_.below(2) == 0 ? "group" : "other",
                             commit.findings.back().id, id(), at_second(now_)});
    }
    return outcome(store.commit_screening(commit));
  }

  std::string review(Store& store) {
    const auto findings = *store.findings();
    Review review{"nobody", "ana", FindingState::excused, "why", at_second(now_)};
    if (!findings.empty())
      review.finding =
          findings[static_cast<std::size_t>(dice_.below(static_cast<int>(findings.size())))].id;
    ReviewCommit commit{review};
    commit.state = static_cast<FindingState>(dice_.below(4));
    commit.outbox = {sample_row(sink(), id(), at_second(now_))};
    commit.outbox[0].finding = review.finding;
    if (dice_.below(3) == 0) commit.outbox[0].also = {"f1", id()};
    if (dice_.below(5) == 0) commit.outbox[0].withheld = "silenced";
    commit.withdrawn = {{sink(), id()}};
    commit.unheld = dice_.below(2) == 0;
    commit.leaves = {"review"};
    return outcome(store.commit_review(commit));
  }

  std::string lease(Store& store) {
    const auto leased = store.lease_delivery(sink(), at_second(now_), at_second(now_ + 15));
    if (!*leased) return "nothing to lease";
    held_ = **leased;
    if (dice_.below(4) == 0) return held_.row.id;
    return held_.row.id + ' ' + outcome(store.begin_attempt(held_, at_second(now_)));
  }

  std::string end_attempt(Store& store) {
    constexpr DeliveryState states[] = {DeliveryState::ready, DeliveryState::delivered,
                                        DeliveryState::dead};
    constexpr const char* results[] = {"retry", "delivered", "unknown"};
    AttemptCommit commit;
    commit.delivery = held_.row.id;
    commit.sink = held_.row.sink;
    commit.fence = held_.fence - (dice_.below(5) == 0 ? 1 : 0);
    commit.state = states[dice_.below(3)];
    commit.not_before = at_second(now_ + dice_.below(30));
    commit.attempt.delivery = commit.delivery;
    commit.attempt.sink = commit.sink;
    commit.attempt.number = held_.attempts + 1;
    commit.attempt.started = at_second(now_);
    commit.attempt.ended = at_second(now_ + 1);
    commit.attempt.result = results[dice_.below(3)];
    const auto held = store.commit_attempt(commit);
    if (!held) return "error " + std::to_string(static_cast<int>(held.error().code));
    return *held ? "held" : "fenced";
  }

  std::string other(Store& store) {
    if (dice_.below(3) == 0) return outcome(store.set_value("a", id()));
    if (dice_.below(3) == 0) return outcome(store.release_leases(at_second(now_)));
    return outcome(store.checkpoint());
  }

  std::string id() { return std::to_string(dice_.below(12)); }
  std::string sink() { return dice_.below(2) == 0 ? "chat" : "hook"; }

  Dice dice_;
  int now_ = 0;
  Delivery held_{};
};

// A restart of something without a disk: what it was lives on beside it.
class Restartable final : public MemoryStore {
 public:
  explicit Restartable(std::shared_ptr<MemoryStore> kept)
      : MemoryStore(*kept), kept_(std::move(kept)) {}
  ~Restartable() override { *kept_ = static_cast<const MemoryStore&>(*this); }

 private:
  std::shared_ptr<MemoryStore> kept_;
};

TEST_CASE("the model itself keeps the contract") {
  const auto fresh = []() -> OpenStore {
    auto kept = std::make_shared<MemoryStore>();
    return [kept] { return std::make_unique<Restartable>(kept); };
  };
  check_contract(fresh);
  check_finding_contract(fresh);
  check_erasure(fresh);
  check_delivery_contract(fresh);
  check_notice_contract(fresh);
}

TEST_CASE("SQLite says what plain containers say, after any operations") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    TempFolder folder;
    const std::string path = folder.file("store");
    MemoryStore model;
    auto store = *open_sqlite(path, OpenMode::read_write);
    Walker on_model(seed);
    Walker on_store(seed);
    for (int i = 0; i < 250; ++i) {
      INFO("step " << i);
      REQUIRE(on_store.step(*store) == on_model.step(model));
      if (i % 50 != 49) continue;
      REQUIRE(dump(*store) == dump(model));
      store.reset();
      store = *open_sqlite(path, OpenMode::read_write);
    }
    CHECK(*store->leaf_count() > 20);
    CHECK(store->attempts()->size() > 3);
  }
}

}  // namespace
}  // namespace pw
