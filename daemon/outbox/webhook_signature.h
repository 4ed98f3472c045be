// Signing and verifying as Standard Webhooks 1.0.0 says: over
// "{id}.{timestamp}.{body}", HMAC-SHA-256 as `v1`, Ed25519 as `v1a`.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/core/result.h"
#include "daemon/core/time.h"
#include "daemon/outbox/webhook_key.h"

namespace pw {

// webhook-id, webhook-timestamp (whole seconds, of this attempt) and
// webhook-signature: one entry per key, all `v1` first, since few receivers know
// `v1a`. Without keys there is no signature: a sink may have been configured so.
// `malformed`: an id that is empty, longer than 256 bytes, or has a '.' or anything
// but visible ASCII; or keys of which none can sign.
Result<std::vector<HttpHeader>> sign_webhook(const std::vector<WebhookKey>& keys,
                                             std::string_view id, Instant at,
                                             std::string_view body);

enum class WebhookCheck {
  genuine,
  header_missing,
  bad_timestamp,  // no whole number of seconds
  too_old,        // beyond 300 s
  too_new,
  no_match,  // no entry of a known version fits any key
};
inline constexpr std::array<std::string_view, 6> webhook_check_names = {
    "genuine", "header_missing", "bad_timestamp", "too_old", "too_new", "no_match"};
constexpr std::string_view name_of(WebhookCheck check) {
  return webhook_check_names[static_cast<std::size_t>(check)];
}

// What a receiver does. Entries of unknown versions are passed over; comparing
// takes the same time whatever differs. At most 64 entries are looked at.
WebhookCheck verify_webhook(const std::vector<WebhookKey>& keys, const HttpHeaders& headers,
                            std::string_view body, Instant now);

}  // namespace pw
