// A kill at every transaction boundary and at every arrival at a receiver, then a
// restart: every row that was committed arrives, always with the same id and body.
#include <csignal>
#include <fstream>
#include <map>
#include <set>

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/outbox/support/outbox_bench.h"
#include "tests/store/support/child.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

using namespace std::chrono_literals;

constexpr int rows_each = 3;

struct Kill {
  std::uint64_t at_commit = 0;   // 0: never
  std::uint64_t at_arrival = 0;  // likewise
};

// What a receiver saw is on its own disk, whatever becomes of us.
void note_arrival(const std::string& journal, const HttpRequest& request, const Received& one) {
  const std::string line = request.url.substr(8, 1) + ' ' + one.id + ' ' + one.body +
                           (one.maybe_duplicate ? " maybe\n" : "\n");
  const int file = ::open(journal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (::write(file, line.data(), line.size()) < 0) std::abort();
  ::close(file);
}

// One life of the process. Rows are enqueued one by one between deliveries; each
// that was confirmed is noted, as what has to arrive.
void live(const std::string& path, const std::string& journal, Instant start, Kill kill) {
  OutboxBench bench(path, start);
  std::uint64_t arrivals = 0;
  bench.fetcher.answer = [&](const HttpRequest& request, const Received& one) {
    note_arrival(journal, request, one);
    if (++arrivals == kill.at_arrival) ::raise(SIGKILL);
    Reply reply;
    if (arrivals % 3 == 2) reply.status = 503;
    return reply;
  };
  bench.store->on_commit([&](std::uint64_t number) {
    if (number == kill.at_commit) ::raise(SIGKILL);
  });
  Dispatcher& a = bench.start(bench_target("a"));
  Dispatcher& b = bench.start(bench_target("b"));
  for (int count = 1; count <= rows_each; ++count) {
    enqueue_rows(*bench.store, {"a", "b"}, count, start);  // the earlier are there already
    std::ofstream(journal + ".promised", std::ios::app) << count << std::endl;
    a.notify();
    b.notify();
    bench.run_for(20ms);
  }
  bench.run_for(24h);
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// True when the first life ended by itself.
bool check_life(const std::string& path, Kill kill) {
  const std::string journal = path + ".journal";
  const ChildEnd end = in_child([&] {
    live(path, journal, day_start, kill);
    return 0;
  });
  CHECK((end.signal == SIGKILL || end.exit_code == 0));
  const auto arrived_before = lines_of(journal).size();
  std::size_t enqueued = 0;
  {
    OutboxBench bench(path, day_start + 48h);
    enqueued = bench.store->deliveries()->size();
    CHECK(enqueued >= 2 * lines_of(journal + ".promised").size());
    bench.fetcher.answer = [&](const HttpRequest& request, const Received& one) {
      note_arrival(journal, request, one);
      return Reply{};
    };
    bench.start(bench_target("a"));
    bench.start(bench_target("b"));
    bench.run_for(24h);
    for (const Delivery& delivery : bench.deliveries())
      CHECK(delivery.state == DeliveryState::delivered);
    // No more arrivals than attempts on record.
    CHECK(bench.store->attempts()->size() >= lines_of(journal).size());
    CHECK(bench.fetcher.received.size() + arrived_before == lines_of(journal).size());
  }
  std::map<std::string, std::string> bodies;
  for (const std::string& line : lines_of(journal)) {
    const std::string key = line.substr(0, line.find(' ', 2));
    const std::string body = line.substr(key.size() + 1, line.find('}') - key.size());
    CHECK(bodies.try_emplace(key, body).first->second == body);
  }
  CHECK(bodies.size() == enqueued);
  return end.exit_code == 0;
}

TEST_CASE("killed after any commit, nothing that was promised is lost or changed") {
  TempFolder folder;
  int n = 1;  // the first commit, of release_leases, is made before anybody counts
  for (bool ended = false; !ended;) {
    INFO("killed after commit " << ++n);
    Kill kill;
    kill.at_commit = static_cast<std::uint64_t>(n);
    ended = check_life(folder.file("store" + std::to_string(n)), kill);
    REQUIRE(n < 200);
  }
  CHECK(n > 20);
}

TEST_CASE("killed while a receiver reads, the repeat says that it may be one") {
  TempFolder folder;
  int n = 0;
  for (bool ended = false; !ended;) {
    INFO("killed at arrival " << ++n);
    const std::string path = folder.file("store" + std::to_string(n));
    Kill kill;
    kill.at_arrival = static_cast<std::uint64_t>(n);
    ended = check_life(path, kill);
    if (ended) break;
    const auto lines = lines_of(path + ".journal");
    const std::string killed = lines[static_cast<std::size_t>(n - 1)];
    const std::string key = killed.substr(0, killed.find(' ', 2));
    const bool repeated = std::any_of(lines.begin() + n, lines.end(), [&](const std::string& line) {
      return line.starts_with(key + ' ') && line.ends_with("maybe");
    });
    CHECK(repeated);
    REQUIRE(n < 200);
  }
  CHECK(n > 2 * rows_each);
}

}  // namespace
}  // namespace pw
