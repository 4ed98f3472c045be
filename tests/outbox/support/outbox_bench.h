// An outbox over a real store, with simulated time and a scripted network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/outbox/dispatcher.h"
#include "daemon/runtime/sim_clock.h"
#include "tests/outbox/support/fake_fetcher.h"

namespace pw {

inline const Instant day_start = instant_of_ms(1'600'214'400'000);
inline const std::string bench_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

SinkTarget bench_target(const std::string& name);
// "delivery <n>" for each sink, enqueued in one transaction, due at once.
void enqueue_rows(Store& store, const std::vector<std::string>& sinks, int count, Instant due);

class OutboxBench {
 public:
  explicit OutboxBench(const std::string& path, Instant start = day_start);
  ~OutboxBench();  // as a crash ends it: nothing more is recorded

  Dispatcher& start(SinkTarget target);
  void run_for(Millis span) { clock.advance(io, span); }
  std::vector<std::string> ids_received() const;
  std::vector<Delivery> deliveries() const;
  // Of the log, by event name.
  int lines_with(std::string_view text) const;

  boost::asio::io_context io;
  SimClock clock;
  FakeFetcher fetcher;
  std::vector<std::string> lines;
  Log log;
  std::unique_ptr<Store> store;
  std::exception_ptr ended;  // what a dispatcher threw

 private:
  std::vector<std::unique_ptr<Dispatcher>> dispatchers_;
  std::vector<std::unique_ptr<boost::asio::cancellation_signal>> stops_;
};

}  // namespace pw
