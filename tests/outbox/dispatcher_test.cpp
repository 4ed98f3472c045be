// The loop in simulated time, over a real store and a scripted network.
#include "daemon/outbox/dispatcher.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/outbox/webhook_signature.h"
#include "tests/outbox/support/outbox_bench.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

using namespace std::chrono_literals;

Reply status(int code) { return {.status = code, .headers = {}, .body = {}, .error = {}}; }

Delivery only_delivery(Store& store) {
  const auto deliveries = *store.deliveries();
  REQUIRE(deliveries.size() == 1);
  return deliveries.front();
}

TEST_CASE("what is enqueued is sent at once, signed, in order, and logged") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 3, day_start);
  const auto keys = *parse_webhook_secrets({bench_secret});
  bench.fetcher.answer = [&](const HttpRequest& request, const Received&) {
    CHECK(request.method == "POST");
    CHECK(request.redirects == Redirects::refuse);
    CHECK(request.allowance != nullptr);
    CHECK(headers_of(request).find("content-type") == "application/json");
    const auto now = bench.clock.now();
    CHECK(verify_webhook(keys, headers_of(request), request.body, now) == WebhookCheck::genuine);
    return Reply{};
  };
  bench.start(bench_target("hook"));
  bench.run_for(1s);
  CHECK(bench.ids_received() == std::vector<std::string>{"msg_1", "msg_2", "msg_3"});
  CHECK(bench.fetcher.received[1].body == "{\"n\":2}");
  CHECK(bench.fetcher.received[2].at == day_start + 100ms);
  CHECK_FALSE(bench.fetcher.received[0].maybe_duplicate);
  for (const Delivery& delivery : bench.deliveries())
    CHECK(delivery.state == DeliveryState::delivered);

  std::vector<DeliveryEntry> entries;
  REQUIRE(bench.store->each_leaf(0, 100, [&](std::uint64_t, std::string_view leaf) {
    entries.push_back(std::get<DeliveryEntry>(*decode(leaf)));
    return true;
  }));
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].delivery == "msg_1");
  CHECK(entries[0].result == "delivered");
  CHECK(entries[0].http_status == 200);
  CHECK(entries[0].at == day_start + 50ms);
  CHECK(bench.lines_with("delivery") == 3);
  CHECK(bench.lines_with("hidden") == 0);
}

TEST_CASE("a sleeping sink is woken by new rows") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  Dispatcher& dispatcher = bench.start(bench_target("hook"));
  bench.run_for(1h);
  CHECK(bench.fetcher.received.empty());
  enqueue_rows(*bench.store, {"hook"}, 1, bench.clock.now());
  dispatcher.notify();
  bench.run_for(1s);
  REQUIRE(bench.fetcher.received.size() == 1);
  CHECK(bench.fetcher.received[0].at == day_start + 1h);
  // A bell that rings for nothing, or twice, does no harm.
  dispatcher.notify();
  dispatcher.notify();
  bench.run_for(1h);
  CHECK(bench.fetcher.received.size() == 1);
}

TEST_CASE("a row that is due later is sent then") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 1, day_start + 30min);
  bench.start(bench_target("hook"));
  bench.run_for(1h);
  REQUIRE(bench.fetcher.received.size() == 1);
  CHECK(bench.fetcher.received[0].at == day_start + 30min);
}

TEST_CASE("seventy-five hours of failures end dead after exactly the schedule") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 1, day_start);
  bench.fetcher.answer = [](const HttpRequest&, const Received&) { return status(500); };
  bench.start(bench_target("hook"));
  bench.run_for(24h * 30);

  const auto& received = bench.fetcher.received;
  REQUIRE(received.size() == scheduled_attempts);
  Instant expected = day_start;
  for (int number = 1; number <= scheduled_attempts; ++number) {
    const Received& one = received[static_cast<std::size_t>(number - 1)];
    CHECK(one.at == expected);
    CHECK(one.id == "msg_1");
    CHECK(one.body == received[0].body);
    CHECK_FALSE(one.maybe_duplicate);  // each failure was a clear one
    expected += 50ms + retry_delay("msg_1", number);
  }
  CHECK(received.back().at - day_start >= 75h + 35min + 5s);
  CHECK(only_delivery(*bench.store).state == DeliveryState::dead);
  const auto attempts = *bench.store->attempts();
  REQUIRE(attempts.size() == scheduled_attempts);
  CHECK(attempts.front().result == "retry");
  CHECK(attempts.back().result == "dead");
  CHECK(*bench.store->leaf_count() == scheduled_attempts);
  CHECK(bench.lines_with("result=dead") == 1);
}

TEST_CASE("a receiver that throttles is left alone as long as it asks, and order is kept") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 3, day_start);
  int throttled = 3;
  bench.fetcher.answer = [&](const HttpRequest&, const Received&) {
    if (throttled-- <= 0) return status(200);
    Reply reply = status(429);
    reply.headers = {{"Retry-After", "120"}};
    return reply;
  };
  Dispatcher& dispatcher = bench.start(bench_target("hook"));
  bench.run_for(30s);
  dispatcher.notify();  // news do not break the pause
  bench.run_for(1h);
  CHECK(bench.ids_received() ==
        std::vector<std::string>{"msg_1", "msg_1", "msg_1", "msg_1", "msg_2", "msg_3"});
  CHECK(bench.fetcher.received[1].at == day_start + 120s + 50ms);
  CHECK(bench.fetcher.received[2].at == day_start + 240s + 100ms);
}

TEST_CASE("a receiver that throttles for a day loses nothing") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 2, day_start);
  bench.fetcher.answer = [&](const HttpRequest&, const Received& one) {
    if (one.at >= day_start + 24h) return status(200);
    Reply reply = status(503);
    reply.headers = {{"retry-after", "600"}};
    return reply;
  };
  bench.start(bench_target("hook"));
  bench.run_for(25h);
  for (const Delivery& delivery : bench.deliveries())
    CHECK(delivery.state == DeliveryState::delivered);
  CHECK(bench.fetcher.received.size() > 100);
}

TEST_CASE("an answer that does not come in time is unknown, and the next attempt says so") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 1, day_start);
  bench.fetcher.answer = [&](const HttpRequest&, const Received&) {
    Reply reply;
    if (bench.fetcher.received.size() == 1) reply.takes = 24h;
    return reply;
  };
  SinkTarget target = bench_target("hook");
  target.timeout = 15s;
  bench.start(target);
  bench.run_for(1min);
  REQUIRE(bench.fetcher.received.size() == 2);
  const auto& second = bench.fetcher.received[1];
  CHECK(second.at == day_start + 15s + retry_delay("msg_1", 1));
  CHECK(second.id == "msg_1");
  CHECK(second.body == bench.fetcher.received[0].body);
  CHECK(second.maybe_duplicate);
  CHECK((*bench.store->attempts())[0].result == "unknown");
  CHECK((*bench.store->attempts())[0].ended == day_start + 15s);
  CHECK(only_delivery(*bench.store).state == DeliveryState::delivered);
}

TEST_CASE("a process that ends between sending and recording sends again, and says so") {
  TempFolder folder;
  const std::string path = folder.file("store");
  std::string first_body;
  {
    OutboxBench bench(path);
    enqueue_rows(*bench.store, {"hook"}, 1, day_start);
    bench.start(bench_target("hook"));
    bench.run_for(20ms);  // sent, and not answered yet
    REQUIRE(bench.fetcher.received.size() == 1);
    first_body = bench.fetcher.received[0].body;
  }
  OutboxBench bench(path, day_start + 1min);
  bench.start(bench_target("hook"));
  bench.run_for(1s);
  REQUIRE(bench.fetcher.received.size() == 1);
  CHECK(bench.fetcher.received[0].id == "msg_1");
  CHECK(bench.fetcher.received[0].body == first_body);
  CHECK(bench.fetcher.received[0].maybe_duplicate);
  const auto attempts = *bench.store->attempts();
  REQUIRE(attempts.size() == 2);
  CHECK_FALSE(attempts[0].ended.has_value());
  CHECK(attempts[1].result == "delivered");
}

TEST_CASE("a receiver that is gone switches its sink off, until the address changes") {
  TempFolder folder;
  const std::string path = folder.file("store");
  {
    OutboxBench bench(path);
    enqueue_rows(*bench.store, {"hook"}, 3, day_start);
    bench.fetcher.answer = [](const HttpRequest&, const Received&) { return status(410); };
    Dispatcher& dispatcher = bench.start(bench_target("hook"));
    bench.run_for(100h);
    CHECK(bench.fetcher.received.size() == 1);
    CHECK(dispatcher.disabled());
    CHECK(bench.lines_with("sink_disabled") == 1);
  }
  {
    OutboxBench bench(path, day_start + 101h);
    Dispatcher& dispatcher = bench.start(bench_target("hook"));
    dispatcher.notify();
    bench.run_for(1h);
    CHECK(dispatcher.disabled());
    CHECK(bench.fetcher.received.empty());
    CHECK(bench.lines_with("sink_disabled") == 1);
  }
  OutboxBench bench(path, day_start + 103h);
  SinkTarget moved = bench_target("hook");
  moved.url += "&moved";
  bench.start(moved);
  bench.run_for(1h);
  CHECK(bench.ids_received() == std::vector<std::string>{"msg_1", "msg_2", "msg_3"});
}

TEST_CASE("a receiver may end one message and keep the rest") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 2, day_start);
  bench.fetcher.answer = [](const HttpRequest&, const Received& one) {
    Reply reply = status(one.id == "msg_1" ? 400 : 200);
    reply.headers = {{"webhook-delivery", "abort-message"}};
    return reply;
  };
  bench.start(bench_target("hook"));
  bench.run_for(100h);
  CHECK(bench.ids_received() == std::vector<std::string>{"msg_1", "msg_2"});
  CHECK((*bench.store->deliveries())[0].state == DeliveryState::dead);
  CHECK((*bench.store->deliveries())[1].state == DeliveryState::delivered);
}

TEST_CASE("a dead target delays no other") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"dead", "alive"}, 50, day_start);
  bench.fetcher.answer = [](const HttpRequest& request, const Received&) {
    Reply reply;
    if (request.url.find("dead") != std::string::npos) reply.takes = 24h;
    return reply;
  };
  bench.start(bench_target("dead"));
  bench.start(bench_target("alive"));
  bench.run_for(5s);
  int alive = 0;
  for (const Delivery& delivery : bench.deliveries())
    alive += delivery.row.sink == "alive" && delivery.state == DeliveryState::delivered;
  CHECK(alive == 50);
  CHECK(bench.fetcher.received.size() == 51);
}

TEST_CASE("what a receiver repeats of our secrets is neither stored nor logged") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"hook"}, 1, day_start);
  const SinkTarget target = bench_target("hook");
  bench.fetcher.answer = [&](const HttpRequest&, const Received&) {
    Reply reply = status(400);
    reply.body = "no such hook: " + target.url + " " + bench_secret + "\n\xff\x1b[31m";
    if (bench.fetcher.received.size() > 1)
      reply.error = Error{Errc::transient, target.url + ": connection reset"};
    return reply;
  };
  bench.start(target);
  bench.run_for(10min);
  const auto attempts = *bench.store->attempts();
  REQUIRE(attempts.size() == 3);
  CHECK(attempts[0].detail.find("no such hook") != std::string::npos);
  CHECK(attempts[1].detail.find("connection reset") != std::string::npos);
  for (const AttemptRecord& attempt : attempts) {
    CHECK(attempt.detail.find("hidden") == std::string::npos);
    CHECK(attempt.detail.find("MfKQ9r8G") == std::string::npos);
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    CHECK(std::all_of(attempt.detail.begin(), attempt.detail.end(), plain));
  }
  CHECK(bench.lines_with("hidden") == 0);
}

TEST_CASE("a row that cannot be sent is dead and harms nobody") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  ScreenCommit commit;
  commit.outbox = {{"bad\r\nid: x", "hook", "", "{}", day_start},
                   {"fine", "hook", "", "{}", day_start}};
  REQUIRE(bench.store->commit_screening(commit));
  bench.start(bench_target("hook"));
  bench.run_for(1s);
  CHECK(bench.ids_received() == std::vector<std::string>{"fine"});
  CHECK((*bench.store->deliveries())[0].state == DeliveryState::dead);
}

TEST_CASE("a secret that is none is refused before anything is sent") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  SinkTarget target = bench_target("hook");
  target.secrets.push_back("whsec_short");
  const auto made = Dispatcher::make(target, *bench.store, bench.fetcher, bench.clock, bench.log);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::malformed);
  CHECK(made.error().detail.find("hook") != std::string::npos);
}

}  // namespace
}  // namespace pw
