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

Millis sleep_slice(Millis wall_left, Millis steady_left) {
  constexpr Millis slice_max = std::chrono::minutes(1);
  return std::clamp(std::min(wall_left, steady_left), Millis{0}, slice_max);
}

asio::awaitable<void> SystemClock::sleep_until(Instant deadline) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const Millis span = deadline - now();
  const Millis begun = steady();
  for (;;) {
    const Millis slice = sleep_slice(deadline - now(), span - (steady() - begun));
    if (slice <= Millis{0}) co_return;
    timer.expires_after(slice);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace pw
