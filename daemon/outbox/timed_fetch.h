// A fetch that may not last longer than its sink allows.
#pragma once

#include <optional>

#include "daemon/outbox/bell.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

// How a fetch under way learns that it must be over sooner. One fetch at a time.
class Hurry {
 public:
  // From the fetch's thread; before it begins or while it lasts.
  void be_done_by(Instant when) {
    by_ = when;
    bell_.ring();
  }
  const std::optional<Instant>& by() const { return by_; }

 private:
  friend boost::asio::awaitable<void> wait_out(Clock&, Instant, Hurry*);
  std::optional<Instant> by_{};
  Bell bell_;
};

// As Fetcher::fetch; `transient` once `timeout` has passed, or what `hurry` (may be
// null) leaves of it. All of it is over when
// this returns: nothing still writes into `response`.
boost::asio::awaitable<Result<Done>> fetch_within(Fetcher& fetcher, Clock& clock, Millis timeout,
                                                  const HttpRequest& request,
                                                  HttpResponse& response, Hurry* hurry = nullptr);

}  // namespace pw
