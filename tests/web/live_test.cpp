// Events: bounded for all, resumed by their numbers, healed by a snapshot.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/web/live.h"
#include "tests/web/sample_backend.h"

using namespace pw;
using namespace pw::test;

TEST_CASE("a place in the stream is read back, anything else is none") {
  const auto place = parse_event_place("k3f9-17");
  REQUIRE(place);
  CHECK(place->run == "k3f9");
  CHECK(place->after == 17);
  for (const char* text :
       {"", "17", "-17", "k3f9-", "k3f9-x", "K-1", "k-01", "k-99999999999999999999", "k 3-1"}) {
    INFO(text);
    CHECK_FALSE(parse_event_place(text));
  }
}

TEST_CASE("readers go on where they were; who is too slow is told how much is gone") {
  EventRing ring("run", {.events_max = 4, .bytes_max = 10'000});
  CHECK(ring.read(0, Role::reader, 1000).text.empty());
  for (int i = 1; i <= 4; ++i) ring.push("board", std::to_string(i), Role::reader);
  CHECK(ring.newest() == 4);
  const auto all = ring.read(0, Role::reader, 1000);
  CHECK(all.after == 4);
  CHECK(all.text.find("event: board\nid: run-1\ndata: 1\n\n") == 0);
  const auto part = ring.read(0, Role::reader, 1);  // at least one event at a time
  CHECK(part.after == 1);
  CHECK(ring.read(part.after, Role::reader, 1000).text.find("id: run-2") != std::string::npos);
  ring.push("board", "5", Role::reader);
  CHECK(ring.read(1, Role::reader, 1000).dropped == 0);
  const auto slow = ring.read(0, Role::reader, 1000);
  CHECK(slow.dropped == 1);
  CHECK(slow.text.empty());
  CHECK(slow.after == 5);
  CHECK(ring.read(99, Role::reader, 1000).dropped == 1);  // a place nobody was given
}

TEST_CASE("what is for readers is not told to everybody, and costs them nothing") {
  EventRing ring("run");
  ring.push("board", "names", Role::reader);
  ring.push("public", "counts", Role::everybody);
  const auto batch = ring.read(0, Role::everybody, 1000);
  CHECK(batch.text.find("names") == std::string::npos);
  CHECK(batch.text.find("counts") != std::string::npos);
  CHECK(batch.after == 2);
}

TEST_CASE("the ring is bounded in bytes; one event larger than it still arrives") {
  EventRing ring("run", {.events_max = 1000, .bytes_max = 1000});
  for (int i = 0; i < 100; ++i) ring.push("e", std::string(90, 'x'), Role::reader);
  CHECK(ring.bytes() <= 1000);
  ring.push("e", std::string(5000, 'y'), Role::reader);
  const auto batch = ring.read(ring.newest() - 1, Role::reader, 100);
  CHECK(batch.text.size() > 5000);
}

TEST_CASE("only what changed is told, and a snapshot heals what was missed") {
  SampleBackend backend;
  Live live("run", {.events_max = 3, .bytes_max = 100'000});
  CHECK(live.tell(backend.board()));
  CHECK_FALSE(live.tell(backend.board()));
  const std::uint64_t before = live.ring().newest();
  backend.change(CellState::broken);
  CHECK(live.tell(backend.board()));
  const auto batch = live.ring().read(before, Role::reader, 100'000);
  CHECK(batch.text.find("event: cells") == 0);
  CHECK(batch.text.find(R"("changes":[[0,"x"]])") != std::string::npos);
  CHECK(live.ring().read(0, Role::reader, 1000).dropped > 0);
  const std::string snapshot = live.snapshot(backend.board(), Role::reader, 3);
  const auto data = nlohmann::json::parse(snapshot.substr(snapshot.find("data: ") + 6));
  CHECK(data["dropped"] == 3);
  CHECK(data["cells"] == "x");
  CHECK(snapshot.find("id: run-" + std::to_string(live.ring().newest())) != std::string::npos);
  const std::string open = live.snapshot(backend.board(), Role::everybody, 0);
  CHECK(open.find("\"cells\"") == std::string::npos);
}
