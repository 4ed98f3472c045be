#include "daemon/runtime/system_clock.h"

#include <algorithm>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

Millis SystemClock::steady() const {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

asio::awaitable<void> SystemClock::sleep_until(Instant deadline) {
  // In slices of a minute on the steady timer, so that after a step of the wall
  // clock a sleeper is wrong by a minute at most.
  constexpr Millis slice_max = std::chrono::minutes(1);
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (Millis left = deadline - now(); left > Millis{0}; left = deadline - now()) {
    timer.expires_after(std::min(left, slice_max));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace pw
