// The only network that loops see. The HTTP client implements it, and so does
// the rehearsal's simulated network.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/core/http.h"
#include "daemon/core/result.h"

namespace pw {

class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Performs one exchange, following redirects as the request says, and fills
  // `response` (reused: its buffers keep their capacity). Any HTTP status is a
  // success here. Errors: `transient` no or no whole answer in time, `refused`
  // the address guard or TLS verification said no, `malformed` the answer broke
  // HTTP or a limit. Both arguments outlive the call. Cancellation throws.
  virtual boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                                     HttpResponse& response) = 0;
};

}  // namespace pw
