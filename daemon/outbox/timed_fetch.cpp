#include "daemon/outbox/timed_fetch.h"

#include <algorithm>
#include <exception>
#include <optional>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "daemon/outbox/nap.h"

namespace pw {
namespace {

namespace asio = boost::asio;

struct Ending {
  std::optional<Result<Done>> result;
  std::exception_ptr thrown;
};

// Does not throw: `||` waits for the first success (Boost 1.81), so a failure
// would last as long as the timeout.
asio::awaitable<void> keep_ending(Fetcher& fetcher, const HttpRequest& request,
                                  HttpResponse& response, Ending& ending) {
  try {
    ending.result = co_await fetcher.fetch(request, response);
  } catch (...) {
    ending.thrown = std::current_exception();
  }
}

bool is_cancellation(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

// Until the fetch has had its time. Does not throw, as nap() does not.
asio::awaitable<void> wait_out(Clock& clock, Instant deadline, Hurry* hurry) {
  if (hurry == nullptr) {
    co_await nap(clock, deadline);
    co_return;
  }
  try {
    for (;;) {
      const Instant until = std::min(deadline, hurry->by_.value_or(deadline));
      if (clock.now() >= until) co_return;
      co_await hurry->bell_.sleep(clock, until);
    }
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
  }
}

asio::awaitable<Result<Done>> fetch_within(Fetcher& fetcher, Clock& clock, Millis timeout,
                                           const HttpRequest& request, HttpResponse& response,
                                           Hurry* hurry) {
  using asio::experimental::awaitable_operators::operator||;
  Ending ending;
  const Instant deadline = clock.now() + timeout;
  co_await (keep_ending(fetcher, request, response, ending) || wait_out(clock, deadline, hurry));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  if (ending.result) co_return *std::move(ending.result);
  if (!is_cancellation(ending.thrown)) std::rethrow_exception(ending.thrown);
  if (hurry != nullptr && hurry->by() && *hurry->by() < deadline)
    co_return Error{Errc::transient, "cut off without an answer: the daemon ends"};
  co_return Error{Errc::transient, "no answer within " + print_duration(timeout)};
}

}  // namespace pw
