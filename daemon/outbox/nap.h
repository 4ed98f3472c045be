// A sleep that may end early without throwing, for use beside something else.
#pragma once

#include "daemon/runtime/clock.h"

namespace pw {

// Until `deadline`, or until cancelled; the caller asks which. It does not throw,
// because `a || b` of Boost 1.81 waits for the first success: with a sleeper that
// throws, it would wait for the other side.
boost::asio::awaitable<void> nap(Clock& clock, Instant deadline);

}  // namespace pw
