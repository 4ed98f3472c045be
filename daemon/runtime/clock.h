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

  // Returns at `deadline` of wall time; throws operation_aborted if cancelled
  // before it. A step of the wall clock neither stalls nor floods a sleeper.
  virtual boost::asio::awaitable<void> sleep_until(Instant deadline) = 0;
};

}  // namespace pw
