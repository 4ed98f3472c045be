// At the end nothing new is sent; what is under way may finish, for a while.
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "daemon/runtime/task_group.h"
#include "tests/outbox/support/outbox_bench.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// Two rows for a sink that answers after `takes`; a second into the first attempt
// the group is asked to end.
struct Stopped {
  explicit Stopped(const std::string& path, Millis takes)
      : bench(path), group(bench.io.get_executor()) {
    enqueue_rows(*bench.store, {"hook"}, 2, day_start);
    bench.fetcher.answer = [takes](const HttpRequest&, const Received&) {
      return Reply{.takes = takes, .error = {}};
    };
    auto made =
        Dispatcher::make(bench_target("hook"), *bench.store, bench.fetcher, bench.clock, bench.log);
    REQUIRE(made);
    dispatcher = *std::move(made);
    group.spawn("sink", dispatcher->run(),
                [this] { dispatcher->end_by(bench.clock.now() + stop_grace); });
    asio::co_spawn(bench.io, group.join(), [this](std::exception_ptr error) {
      failure = error;
      ended = bench.clock.now();
    });
    bench.run_for(1s);
    group.stop();
    bench.run_for(1h);
  }

  OutboxBench bench;
  TaskGroup group;
  std::unique_ptr<Dispatcher> dispatcher;
  std::exception_ptr failure;
  Instant ended{};
};

TEST_CASE("an attempt that is under way at the end is heard out, and no other begins") {
  TempFolder folder;
  Stopped day(folder.file("store"), 4s);
  CHECK(day.ended == day_start + 4s);
  CHECK_FALSE(day.failure);
  CHECK(day.bench.ids_received() == std::vector<std::string>{"msg_1"});
  const auto deliveries = day.bench.deliveries();
  CHECK(deliveries[0].state == DeliveryState::delivered);
  CHECK_FALSE(deliveries[0].maybe_duplicate);
  CHECK(deliveries[1].state == DeliveryState::ready);
  CHECK(deliveries[1].attempts == 0);
}

TEST_CASE("one that takes longer is cut off after five seconds, and on record as unknown") {
  TempFolder folder;
  Stopped day(folder.file("store"), 19s);
  CHECK(day.ended == day_start + 6s);
  CHECK_FALSE(day.failure);
  const auto deliveries = day.bench.deliveries();
  CHECK(deliveries[0].state == DeliveryState::ready);
  CHECK(deliveries[0].maybe_duplicate);
  CHECK(deliveries[1].attempts == 0);
  const auto attempts = *day.bench.store->attempts();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].result == "unknown");
  CHECK(attempts[0].ended == day_start + 6s);
  CHECK(attempts[0].detail.find("cut off without an answer: the daemon ends") != std::string::npos);
}

TEST_CASE("a sink that rests ends at once, and its timeout still counts while it is heard out") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  Dispatcher& dispatcher = bench.start(bench_target("hook"));
  bench.run_for(1min);
  dispatcher.end_by(bench.clock.now() + stop_grace);
  bench.run_for(1ms);
  enqueue_rows(*bench.store, {"hook"}, 1, bench.clock.now());
  dispatcher.notify();
  bench.run_for(1h);
  CHECK(bench.fetcher.received.empty());

  TempFolder other;
  OutboxBench impatient(other.file("store"));
  enqueue_rows(*impatient.store, {"hook"}, 1, day_start);
  impatient.fetcher.answer = [](const HttpRequest&, const Received&) {
    return Reply{.takes = 1h, .error = {}};
  };
  SinkTarget target = bench_target("hook");
  target.timeout = 2s;
  Dispatcher& short_one = impatient.start(target);
  impatient.run_for(1s);
  short_one.end_by(impatient.clock.now() + stop_grace);
  impatient.run_for(1h);
  const auto attempts = *impatient.store->attempts();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].ended == day_start + 2s);
  CHECK(attempts[0].detail.find("no answer within 2 s") != std::string::npos);
}

}  // namespace
}  // namespace pw
