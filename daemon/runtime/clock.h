// The only source of time. main() passes SystemClock; tests and rehearsals
// pass SimClock.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/core/time.h"

namespace pw {

class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time: compared with posts, written to the log; it may jump.
  virtual Instant now() const = 0;

  // Monotonic time from an arbitrary start: the spacing of looks, timeouts.
  virtual Millis steady() const = 0;

  // Returns when as much time has passed as `deadline` was ahead, or within a minute
  // of a step of the wall clock beyond it; throws operation_aborted if cancelled
  // before. After a step back the wall is short of `deadline`: whoever waits for a
  // time of day asks again.
  virtual boost::asio::awaitable<void> sleep_until(Instant deadline) = 0;
};

}  // namespace pw
