// The machine's clock.
#pragma once

#include "daemon/runtime/clock.h"

namespace pw {

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Millis steady() const override;
  boost::asio::awaitable<void> sleep_until(Instant deadline) override;
};

}  // namespace pw
