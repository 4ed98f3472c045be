// One attempt's request, from what waits in the outbox. Pure.
#pragma once

#include <vector>

#include "daemon/outbox/message.h"
#include "daemon/outbox/webhook_key.h"
#include "daemon/store/store.h"

namespace pw {

// `keys` sign webhooks; other services read `target.secrets`. `malformed`: an id
// that cannot stand in a header, or a body that is none of ours.
Result<HttpRequest> delivery_request(const SinkTarget& target, const std::vector<WebhookKey>& keys,
                                     const Delivery& delivery, Instant now);

}  // namespace pw
