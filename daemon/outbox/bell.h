// Wakes one sleeper before its time.
#pragma once

#include <memory>
#include <optional>

#include "daemon/runtime/clock.h"

namespace pw {

class Bell {
 public:
  Bell();
  ~Bell();

  // From the sleeper's thread. Ringing before the sleep is not lost.
  void ring();

  // Until `deadline` (nothing: for ever) or until rung. One sleeper at a time.
  boost::asio::awaitable<void> sleep(Clock& clock, std::optional<Instant> deadline);

 private:
  struct Hanging;
  struct Unhook;
  std::unique_ptr<Hanging> hanging_;
};

}  // namespace pw
