// A fetch that may not last longer than its sink allows.
#pragma once

#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

// As Fetcher::fetch; `transient` once `timeout` has passed. All of it is over when
// this returns: nothing still writes into `response`.
boost::asio::awaitable<Result<Done>> fetch_within(Fetcher& fetcher, Clock& clock, Millis timeout,
                                                  const HttpRequest& request,
                                                  HttpResponse& response);

}  // namespace pw
