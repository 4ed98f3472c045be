// The machine's clock.
#pragma once

#include "daemon/runtime/clock.h"

namespace pw {

// How long to sleep before looking at the clocks again, at most a minute: no longer
// than the wall clock says, and after it went back no longer than was meant.
Millis sleep_slice(Millis wall_left, Millis steady_left);

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Millis steady() const override;
  boost::asio::awaitable<void> sleep_until(Instant deadline) override;
};

}  // namespace pw
