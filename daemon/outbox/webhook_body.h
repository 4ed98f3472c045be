// A finding as the JSON that receivers read.
#pragma once

#include <string>

#include "daemon/outbox/message.h"

namespace pw {

inline constexpr std::size_t webhook_body_bytes_max = 20'000;

// {"type":"pledgewatch.finding","timestamp":<found_at>,"data":{...}}, the payload
// that Standard Webhooks 1.0.0 recommends, at most webhook_body_bytes_max bytes of
// valid UTF-8. `data` begins with the post's address and the log's index. Texts
// that are cut end in "…" and are named in `data.cut`; an address that is too long
// is left out, since half of one leads elsewhere.
//
// The words claim what was seen and no more: that a post appeared in the window,
// never that somebody broke a pledge. What needs people says so first.
std::string webhook_body(const Message& message);

}  // namespace pw
