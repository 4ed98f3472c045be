// Requests a second of the HTTP client over kept connections, one thread:
//   http_bench URL CONNECTIONS SECONDS
// To be read beside `wrk -t1 -c CONNECTIONS` on the same server. Also prints how
// often the steady state allocates.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/http/client.h"
#include "daemon/http/target.h"
#include "daemon/runtime/system_clock.h"

namespace {

std::atomic<std::uint64_t> allocations = 0;

}  // namespace

// Asio takes coroutine frames and operations from here, not from operator new.
extern "C" void* __libc_memalign(std::size_t, std::size_t);
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

struct Count {
  std::uint64_t answers = 0;
  std::uint64_t failures = 0;
  std::uint64_t bytes = 0;
};

asio::awaitable<void> ask_until(pw::Fetcher& fetcher, const pw::HttpRequest& request,
                                Steady::time_point end, Count& count) {
  pw::HttpResponse response;
  while (Steady::now() < end) {
    const auto done = co_await fetcher.fetch(request, response);
    if (done && response.status == 200) {
      ++count.answers;
      count.bytes += response.body.size();
    } else if (++count.failures == 1) {
      std::printf("first failure: %s\n", done ? "status" : done.error().detail.c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: http_bench URL CONNECTIONS SECONDS\n"), 2;
  const std::size_t connections = std::strtoul(argv[2], nullptr, 10);
  const std::chrono::seconds span(std::strtoul(argv[3], nullptr, 10));

  asio::io_context io{1};
  const pw::SystemClock clock;
  pw::HttpOptions options;
  options.user_agent = "pledgewatch-bench/0 (+https://example.org)";
  options.pool.per_place_max = connections;
  auto client = pw::HttpClient::make(io, clock, std::move(options));
  if (!client) return std::fprintf(stderr, "%s\n", client.error().detail.c_str()), 1;

  pw::Allowance allowance{.hosts = {"127.0.0.1"}};
  for (unsigned port = 1024; port < 65536; ++port) {
    allowance.ports.push_back(static_cast<std::uint16_t>(port));
  }
  const auto target = pw::parse_target(argv[1], &allowance);
  if (!target) return std::fprintf(stderr, "%s\n", target.error().detail.c_str()), 2;
  allowance.ports = {target->port};
  pw::HttpRequest request;
  request.url = argv[1];
  request.allowance = &allowance;

  Count count;
  const auto begin = Steady::now();
  for (std::size_t i = 0; i < connections; ++i) {
    asio::co_spawn(io, ask_until(**client, request, begin + span, count),
                   [](std::exception_ptr error) {
                     if (error) std::rethrow_exception(error);
                   });
  }
  const std::uint64_t before = allocations;
  io.run();
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  const auto answers = static_cast<double>(count.answers);
  std::printf(
      "%.0f requests/s, %.1f allocations/request, %llu failures, %llu connections, %.1f MB/s\n",
      answers / seconds, static_cast<double>(allocations - before) / answers,
      static_cast<unsigned long long>(count.failures),
      static_cast<unsigned long long>((*client)->counters().connections),
      static_cast<double>(count.bytes) / seconds / 1e6);
  return count.failures == 0 ? 0 : 1;
}
