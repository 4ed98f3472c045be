// Time that moves only when its owner says so, one sleeper at a time, so that
// every run takes the same path. The rehearsal and the tests live on it.
#pragma once

#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/runtime/clock.h"

namespace pw {

class SimClock final : public Clock {
 public:
  explicit SimClock(Instant start) : now_(start), start_(start) {}

  Instant now() const override { return now_ + step_; }
  Millis steady() const override { return now_ - start_; }
  boost::asio::awaitable<void> sleep_until(Instant deadline) override;

  // Runs `io` through the next `span` of simulated time.
  void advance(boost::asio::io_context& io, Millis span);

  // Runs `io` until no sleeper is left or `end` is reached.
  void advance_until(boost::asio::io_context& io, Instant end);

  // A step of the wall clock, as an operator or a bad NTP server makes it:
  // now() jumps, steady() does not, sleepers keep their distance.
  void step(Millis by) { step_ += by; }
  // By how much the wall clock is wrong.
  Millis stepped() const { return step_; }

 private:
  static void settle(boost::asio::io_context& io);

  Instant now_;
  Instant start_;
  Millis step_{0};
  struct Sleeper {
    boost::asio::steady_timer gate;
    bool woken = false;  // no longer among the sleepers
  };
  std::multimap<Instant, Sleeper*> sleepers_;
};

}  // namespace pw
