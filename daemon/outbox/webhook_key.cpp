#include "daemon/outbox/webhook_key.h"

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::size_t hmac_bytes_min = 24;
constexpr std::size_t hmac_bytes_max = 64;
constexpr std::size_t ed25519_bytes = 32;

Error refused(const char* why) { return {Errc::malformed, std::string("webhook secret: ") + why}; }

std::optional<std::string> decoded(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  return parse_base64(padded);
}

}  // namespace

Result<WebhookKey> parse_webhook_secret(std::string_view secret) {
  using Kind = WebhookKey::Kind;
  Kind kind = Kind::hmac;
  if (secret.starts_with("whsk_")) kind = Kind::ed25519_private;
  if (secret.starts_with("whpk_")) kind = Kind::ed25519_public;
  if (secret.starts_with("whsec_")) secret.remove_prefix(6);
  if (kind != Kind::hmac) secret.remove_prefix(5);
  if (secret.empty()) return refused("it is empty");
  auto bytes = decoded(secret);
  if (!bytes) return refused("it is not base64");
  if (kind == Kind::hmac) {
    const bool fits = bytes->size() >= hmac_bytes_min && bytes->size() <= hmac_bytes_max;
    if (!fits) return refused("a key has 24 to 64 bytes");
    return WebhookKey{kind, *std::move(bytes)};
  }
  // Some print a private key as seed and public key together.
  if (kind == Kind::ed25519_private && bytes->size() == 2 * ed25519_bytes)
    bytes->resize(ed25519_bytes);
  if (bytes->size() != ed25519_bytes) return refused("an Ed25519 key has 32 bytes");
  return WebhookKey{kind, *std::move(bytes)};
}

Result<std::vector<WebhookKey>> parse_webhook_secrets(const std::vector<std::string>& secrets) {
  std::vector<WebhookKey> keys;
  for (const std::string& secret : secrets) {
    auto key = parse_webhook_secret(secret);
    if (!key) return key.error();
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace pw
