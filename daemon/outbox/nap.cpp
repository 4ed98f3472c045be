#include "daemon/outbox/nap.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace pw {

boost::asio::awaitable<void> nap(Clock& clock, Instant deadline) {
  try {
    co_await clock.sleep_until(deadline);
  } catch (const boost::system::system_error& error) {
    if (error.code() != boost::asio::error::operation_aborted) throw;
  }
}

}  // namespace pw
