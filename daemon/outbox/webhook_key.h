// The secrets of Standard Webhooks 1.0.0: `whsec_` and the base64 of 24 to 64
// bytes is an HMAC key; `whsk_` a private and `whpk_` a public Ed25519 key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace pw {

struct WebhookKey {
  enum class Kind { hmac, ed25519_private, ed25519_public };
  Kind kind = Kind::hmac;
  std::string bytes;  // 24 to 64; a seed of 32; a public key of 32
};

// A text without a known prefix is read as HMAC key in base64, as the reference
// libraries do; padding may be missing. The error's text shows nothing of it.
Result<WebhookKey> parse_webhook_secret(std::string_view secret);
Result<std::vector<WebhookKey>> parse_webhook_secrets(const std::vector<std::string>& secrets);

}  // namespace pw
