// The loop on a disk that is full for a while, or broken for good.
#include <catch2/catch.hpp>

#include "daemon/outbox/dispatcher.h"
#include "tests/outbox/support/outbox_bench.h"
#include "tests/store/support/faulty_disk.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a full disk delays a delivery and does not lose it") {
  TempFolder folder;
  FaultyDisk disk;
  bool ended = false;
  for (int n = 1; !ended; ++n) {
    INFO("full from write " << n);
    OutboxBench bench(folder.file("store" + std::to_string(n)));
    enqueue_rows(*bench.store, {"hook"}, 2, day_start);
    disk.arm(DiskFault::full, n, /*lasting=*/true);
    bench.start(bench_target("hook"));
    bench.run_for(1min);
    ended = !disk.struck();
    disk.heal();
    bench.run_for(10min);
    CHECK_FALSE(bench.ended);
    for (const Delivery& delivery : bench.deliveries())
      CHECK(delivery.state == DeliveryState::delivered);
    CHECK(bench.lines_with("outbox_waits") == (ended ? 0 : 1));
    // Nothing that was recorded is sent again.
    CHECK(bench.fetcher.received.size() == 2);
    REQUIRE(n < 100);
  }
}

TEST_CASE("a broken disk ends the loop: what cannot be recorded is not sent") {
  TempFolder folder;
  FaultyDisk disk;
  bool ended = false;
  for (int n = 1; !ended; ++n) {
    INFO("broken at sync " << n);
    const std::string path = folder.file("store" + std::to_string(n));
    {
      OutboxBench bench(path);
      enqueue_rows(*bench.store, {"hook"}, 2, day_start);
      disk.arm(DiskFault::sync_error, n, /*lasting=*/false);
      bench.start(bench_target("hook"));
      bench.run_for(100h);
      ended = !disk.struck();
      disk.heal();
      CHECK(static_cast<bool>(bench.ended) == !ended);
      if (bench.ended) CHECK_THROWS_AS(std::rethrow_exception(bench.ended), OutboxFailure);
    }
    OutboxBench bench(path, day_start + 200h);
    bench.start(bench_target("hook"));
    bench.run_for(1min);
    for (const Delivery& delivery : bench.deliveries())
      CHECK(delivery.state == DeliveryState::delivered);
    REQUIRE(n < 100);
  }
}

}  // namespace
}  // namespace pw
