#include "daemon/runtime/sim_clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;

asio::awaitable<void> SimClock::sleep_until(Instant deadline) {
  const Instant due = deadline - step_;
  if (due <= now_) co_return;
  Sleeper self{{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()}};
  const auto place = sleepers_.emplace(due, &self);
  co_await self.gate.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!self.woken) sleepers_.erase(place);

  // advance() and a real cancellation both abort the wait; only one is an exit.
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

void SimClock::advance(asio::io_context& io, Millis span) { advance_until(io, now_ + span); }

void SimClock::advance_until(asio::io_context& io, Instant end) {
  settle(io);
  while (!sleepers_.empty() && sleepers_.begin()->first <= end) {
    const auto [due, sleeper] = *sleepers_.begin();
    sleepers_.erase(sleepers_.begin());
    now_ = due;
    sleeper->woken = true;
    sleeper->gate.cancel();
    settle(io);
  }
  if (end > now_) now_ = end;
}

void SimClock::settle(asio::io_context& io) {
  io.restart();
  io.poll();
}

}  // namespace pw
