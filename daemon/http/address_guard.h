// Which numeric addresses the daemon may connect to, whoever named the host.
#pragma once

#include <string_view>

#include "daemon/core/result.h"

namespace pw {

// Fine for a public unicast address; `refused`, naming the block, for everything
// else: loopback, private, link-local, shared, documentation, benchmarking,
// multicast, reserved, cloud metadata; IPv6 outside 2000::/3; whatever embeds
// such an IPv4 address (mapped, compatible, NAT64, 6to4); scoped addresses
// ("fe80::1%eth0"); text that is no numeric address.
Result<Done> check_address(std::string_view numeric);

}  // namespace pw
