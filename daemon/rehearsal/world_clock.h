// The world's own time beside a daemon whose clock is stepped: platforms and
// people go on by it. It outlives nothing but the SimClock it reads.
#pragma once

#include "daemon/runtime/sim_clock.h"

namespace pw {

class WorldClock final : public Clock {
 public:
  explicit WorldClock(SimClock& daemon) : daemon_(daemon) {}

  Instant now() const override { return daemon_.now() - daemon_.stepped(); }
  Millis steady() const override { return daemon_.steady(); }
  boost::asio::awaitable<void> sleep_until(Instant deadline) override {
    return daemon_.sleep_until(deadline + daemon_.stepped());
  }

 private:
  SimClock& daemon_;
};

}  // namespace pw
