// Thousands of findings at once to three sinks, of which one throttles and one never
// answers: nothing is lost, each sink keeps its order, and no one waits for another.
#include <catch2/catch.hpp>

#include "tests/outbox/support/outbox_bench.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

using namespace std::chrono_literals;

constexpr int findings = 1'000;

std::vector<std::string> ids_to(const OutboxBench& bench, const std::string& sink) {
  std::vector<std::string> ids;
  for (const Received& one : bench.fetcher.received) {
    const bool repeated = !ids.empty() && ids.back() == one.id;
    if (one.url.find("//" + sink + ".") != std::string::npos && !repeated) ids.push_back(one.id);
  }
  return ids;
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (int i = 1; i <= findings; ++i) ids.push_back("msg_" + std::to_string(i));
  return ids;
}

TEST_CASE(
    "a flood reaches each sink whole and in order, beside one that throttles and one that hangs") {
  TempFolder folder;
  OutboxBench bench(folder.file("store"));
  enqueue_rows(*bench.store, {"fine", "throttled", "hung"}, findings, day_start);
  int asked = 0;
  bench.fetcher.answer = [&](const HttpRequest& request, const Received&) {
    Reply reply;
    if (request.url.find("//throttled.") != std::string::npos && ++asked % 10 == 0) {
      reply.status = 429;
      reply.headers = {{"retry-after", "7"}};
    }
    if (request.url.find("//hung.") != std::string::npos) reply.takes = 24h;
    return reply;
  };
  for (const char* sink : {"fine", "throttled", "hung"}) bench.start(bench_target(sink));
  bench.run_for(findings * 50ms);
  CHECK(ids_to(bench, "fine") == all_ids());
  bench.run_for(findings * 1s);
  CHECK(ids_to(bench, "throttled") == all_ids());
  int delivered = 0;
  int waiting = 0;
  for (const Delivery& delivery : bench.deliveries()) {
    delivered += delivery.state == DeliveryState::delivered;
    waiting += delivery.row.sink == "hung" &&
               (delivery.state == DeliveryState::ready || delivery.state == DeliveryState::leased);
  }
  CHECK(delivered == 2 * findings);
  CHECK(waiting == findings);
  // The hung sink asks again with the same id and says that it may be a repeat.
  const auto hung = ids_to(bench, "hung");
  CHECK(hung.size() > 10);
  CHECK_FALSE(bench.ended);
}

}  // namespace
}  // namespace pw
