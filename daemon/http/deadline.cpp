#include "daemon/http/deadline.h"

#include <cassert>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace pw {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using Timer =
    asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, asio::io_context::executor_type>;

struct DeadlineQueue::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, Millis of_each) : span(of_each), timer(io.get_executor()) {}

  // Waits for the oldest; without one there is no wait, so that io.run() can end.
  void arm() {
    is_armed = !open.empty();
    if (!is_armed) {
      timer.cancel();
      return;
    }
    timer.expires_at(open.front()->at_);
    timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (self && !error) self->pass_due();
    });
  }

  void pass_due() {
    const auto now = Steady::now();
    while (!open.empty() && open.front()->at_ <= now) {
      Deadline* deadline = open.front();
      open.pop_front();
      deadline->pass();
    }
    arm();
  }

  Millis span;
  Timer timer;
  bool is_armed = false;
  std::list<Deadline*> open;   // oldest first
  std::list<Deadline*> spare;  // list nodes to use again
};

DeadlineQueue::DeadlineQueue(asio::io_context& io, Millis span)
    : state_(std::make_shared<State>(io, span)) {}
DeadlineQueue::~DeadlineQueue() { assert(state_->open.empty()); }
Millis DeadlineQueue::span() const { return state_->span; }

Deadline::Deadline(DeadlineQueue& queue) : queue_(*queue.state_), at_(Steady::now() + queue_.span) {
  if (queue_.spare.empty()) queue_.spare.push_back(nullptr);
  queue_.open.splice(queue_.open.end(), queue_.spare, queue_.spare.begin());
  place_ = std::prev(queue_.open.end());
  *place_ = this;
  // An armed timer is due no later than this; it looks again when it fires.
  if (!queue_.is_armed) queue_.arm();
}

Deadline::~Deadline() {
  if (has_passed_) return;
  queue_.spare.splice(queue_.spare.begin(), queue_.open, place_);
  if (queue_.open.empty()) queue_.arm();
}

void Deadline::pass() {
  has_passed_ = true;
  if (waiter_) waiter_->stop();
}

Deadline::Watch::Watch(Deadline& deadline, Stoppable& waiter)
    : deadline_(deadline), before_(std::exchange(deadline.waiter_, &waiter)) {
  if (deadline.has_passed_) waiter.stop();
}

Deadline::Watch::~Watch() { deadline_.waiter_ = before_; }

asio::awaitable<void> throw_if_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

}  // namespace pw
