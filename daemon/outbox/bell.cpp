#include "daemon/outbox/bell.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/outbox/nap.h"

namespace pw {

namespace asio = boost::asio;

struct Bell::Hanging {
  bool rung = false;
  asio::steady_timer* sleeper = nullptr;
};

struct Bell::Unhook {
  Hanging& hanging;
  ~Unhook() { hanging.sleeper = nullptr; }
};

Bell::Bell() : hanging_(std::make_unique<Hanging>()) {}
Bell::~Bell() = default;

void Bell::ring() {
  hanging_->rung = true;
  if (hanging_->sleeper != nullptr) hanging_->sleeper->cancel();
}

namespace {

// Does not throw, as nap() does not.
asio::awaitable<void> until_cancelled(asio::steady_timer& timer) {
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace

asio::awaitable<void> Bell::sleep(Clock& clock, std::optional<Instant> deadline) {
  if (std::exchange(hanging_->rung, false)) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max());
  hanging_->sleeper = &timer;
  const Unhook unhook{*hanging_};
  if (deadline) {
    using asio::experimental::awaitable_operators::operator||;
    co_await (nap(clock, *deadline) || until_cancelled(timer));
  } else {
    co_await until_cancelled(timer);
  }
  hanging_->rung = false;
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace pw
