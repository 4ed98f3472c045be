// Stores of the size that a large campaign makes: what must hold there too, with
// the time it took for whoever reads the output.
#include <chrono>
#include <iostream>

#include <catch2/catch.hpp>

#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

double ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

TEST_CASE(
    "a hundred thousand accounts are read back whole, and their looks are stored one by one") {
  TempFolder folder;
  auto store = *open_sqlite(folder.file("store"), OpenMode::read_write);
  auto accounts = sample_accounts(100'000);
  REQUIRE(store->enrol(accounts, {}));

  auto start = std::chrono::steady_clock::now();
  CHECK(store->states()->size() == 100'000);
  const double states_ms = ms_since(start);

  constexpr int looks = 2000;
  start = std::chrono::steady_clock::now();
  for (int i = 0; i < looks; ++i) {
    const auto account = static_cast<AccountNumber>(1 + i * 37 % 100'000);
    LookCommit look = sample_look(account, {sample_post(account, std::to_string(i))});
    look.leaves = {std::string(200, 'x'), std::string(200, 'y')};
    REQUIRE(store->commit_look(look));
  }
  const double look_ms = ms_since(start) / looks;
  std::cout << "states of 100,000 accounts: " << states_ms
            << " ms; a look with one new post: " << look_ms << " ms\n";
}

TEST_CASE("ten thousand deliveries are leased in order, each once") {
  TempFolder folder;
  auto store = *open_sqlite(folder.file("store"), OpenMode::read_write);
  ScreenCommit commit;
  for (int i = 0; i < 10'000; ++i)
    commit.outbox.push_back(sample_row("hook", std::to_string(i), at_second(0)));
  REQUIRE(store->commit_screening(commit));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) {
    const auto leased = store->lease_delivery("hook", at_second(0), at_second(60));
    REQUIRE((*leased)->row.id == std::to_string(i));
    REQUIRE(store->begin_attempt(**leased, at_second(0)));
    AttemptCommit end;
    end.delivery = (*leased)->row.id;
    end.sink = "hook";
    end.fence = (*leased)->fence;
    end.state = DeliveryState::delivered;
    end.attempt.delivery = end.delivery;
    end.attempt.sink = end.sink;
    end.attempt.number = 1;
    end.attempt.ended = at_second(1);
    end.attempt.result = "delivered";
    REQUIRE(*store->commit_attempt(end));
    CHECK(store->next_delivery("hook")->has_value() == (i + 1 < 10'000));
  }
  const double each_ms = ms_since(start) / 10'000;
  std::cout << "a delivery's three transactions: " << each_ms << " ms\n";
}

TEST_CASE("of ten thousand findings a page is read in its own time") {
  TempFolder folder;
  auto store = *open_sqlite(folder.file("store"), OpenMode::read_write);
  auto accounts = sample_accounts(100);
  REQUIRE(store->enrol(accounts, {}));
  ScreenCommit commit;
  for (int i = 0; i < 10'000; ++i) {
    const auto account = static_cast<AccountNumber>(1 + i % 100);
    commit.findings.push_back(sample_finding(account, std::to_string(i)));
    commit.findings.back().id = "f" + std::to_string(i);
    commit.findings.back().state = i % 50 == 0 ? FindingState::open : FindingState::confirmed;
    commit.findings.back().mode = Mode::alert;
  }
  REQUIRE(store->commit_screening(commit));
  const auto timed = [](const auto& question, std::size_t expected) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) CHECK(question()->size() == expected);
    return ms_since(start) / 20;
  };
  const double all = timed([&] { return store->findings(); }, 10'000);
  const double page =
      timed([&] { return store->findings({.beyond = "f5000", .limit = 100}); }, 100);
  const double open =
      timed([&] { return store->findings({.state = FindingState::open, .limit = 100}); }, 100);
  const double queue = timed([&] { return store->waiting_findings("ana", "", 50); }, 50);
  const double of_account = timed([&] { return store->findings({.account = 7}); }, 100);
  const double amnesty =
      timed([&] { return store->findings_removed_within(std::chrono::minutes(5)); }, 0);
  std::cout << "10,000 findings: all " << all << " ms; a page of 100 " << page
            << ", of the open ones " << open << ", a queue of 50 " << queue << ", of one account "
            << of_account << ", removed in time " << amnesty << " ms\n";
  CHECK(page < all / 4);
  CHECK(of_account < all / 4);
}

}  // namespace
}  // namespace pw
