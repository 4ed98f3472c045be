// Several findings in one message: a group, what went over a limit, a reminder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/outbox/notice.h"
#include "daemon/outbox/pace.h"

namespace pw {

enum class Together {
  group,
  over_limit,  // of `flood`
  reminder,
};

// `bodies` are the frozen messages that each would be alone, at least one: notices,
// or a webhook's JSON where `webhook`. A webhook's answer is
// {"type":"pledgewatch.findings","timestamp":...,"data":{"reason":"group",...}} with
// the first findings in `findings`, the ids of the next 300 in `also`, and `more`
// counting the rest; at most webhook_body_bytes_max.
std::string together_body(bool webhook, Together why, const std::vector<std::string>& bodies,
                          const std::optional<Flood>& flood, Instant at);

}  // namespace pw
