#include "daemon/outbox/webhook_signature.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::int64_t tolerance_seconds = 300;
constexpr std::size_t id_bytes_max = 256;
constexpr std::size_t entries_max = 64;
constexpr std::size_t ed25519_signature_bytes = 64;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string signed_content(std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string content;
  content.reserve(id.size() + timestamp.size() + body.size() + 2);
  content.append(id).append(".").append(timestamp).append(".").append(body);
  return content;
}

std::optional<std::string> ed25519_sign(const WebhookKey& key, std::string_view content) {
  const Key pkey(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(key.bytes), key.bytes.size()),
      EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(ed25519_signature_bytes, '\0');
  std::size_t size = signature.size();
  const bool done =
      pkey && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     raw(content), content.size()) == 1;
  if (!done) return std::nullopt;
  return signature;
}

Key public_key_of(const WebhookKey& key) {
  const bool is_public = key.kind == WebhookKey::Kind::ed25519_public;
  const auto make = is_public ? EVP_PKEY_new_raw_public_key : EVP_PKEY_new_raw_private_key;
  return {make(EVP_PKEY_ED25519, nullptr, raw(key.bytes), key.bytes.size()), EVP_PKEY_free};
}

bool ed25519_fits(const WebhookKey& key, std::string_view content, std::string_view signature) {
  const Key pkey = public_key_of(key);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return pkey && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(content),
                          content.size()) == 1;
}

bool hmac_fits(const WebhookKey& key, std::string_view content, std::string_view signature) {
  const Digest expected = hmac_sha256(key.bytes, content);
  return signature.size() == expected.size() &&
         CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

// One "version,base64" of the header's list.
bool entry_fits(const std::vector<WebhookKey>& keys, std::string_view entry,
                std::string_view content) {
  const bool is_hmac = entry.starts_with("v1,");
  const bool is_ed25519 = entry.starts_with("v1a,");
  if (!is_hmac && !is_ed25519) return false;
  const auto signature = parse_base64(entry.substr(entry.find(',') + 1));
  if (!signature) return false;
  return std::any_of(keys.begin(), keys.end(), [&](const WebhookKey& key) {
    if ((key.kind == WebhookKey::Kind::hmac) != is_hmac) return false;
    return is_hmac ? hmac_fits(key, content, *signature) : ed25519_fits(key, content, *signature);
  });
}

bool any_entry_fits(const std::vector<WebhookKey>& keys, std::string_view list,
                    std::string_view content) {
  for (std::size_t i = 0; i < entries_max && !list.empty(); ++i) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (entry_fits(keys, list.substr(0, end), content)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= id_bytes_max &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f && c != '.'; });
}

std::int64_t seconds_of(Instant t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

}  // namespace

Result<std::vector<HttpHeader>> sign_webhook(const std::vector<WebhookKey>& keys,
                                             std::string_view id, Instant at,
                                             std::string_view body) {
  if (!is_id(id)) return Error{Errc::malformed, "webhook: this cannot be a message's id"};
  const std::string timestamp = std::to_string(seconds_of(at));
  const std::string content = signed_content(id, timestamp, body);
  std::string list;
  const auto add = [&list](std::string_view version, std::string_view signature) {
    if (!list.empty()) list += ' ';
    list.append(version).append(",").append(print_base64(signature));
  };
  for (const WebhookKey& key : keys) {
    if (key.kind == WebhookKey::Kind::hmac) add("v1", bytes_of(hmac_sha256(key.bytes, content)));
  }
  for (const WebhookKey& key : keys) {
    if (key.kind != WebhookKey::Kind::ed25519_private) continue;
    if (const auto signature = ed25519_sign(key, content)) add("v1a", *signature);
  }
  if (list.empty() && !keys.empty())
    return Error{Errc::malformed, "webhook: none of the keys can sign"};
  std::vector<HttpHeader> headers{{"webhook-id", std::string(id)},
                                  {"webhook-timestamp", timestamp}};
  if (!list.empty()) headers.push_back({"webhook-signature", list});
  return headers;
}

WebhookCheck verify_webhook(const std::vector<WebhookKey>& keys, const HttpHeaders& headers,
                            std::string_view body, Instant now) {
  const auto id = headers.find("webhook-id");
  const auto timestamp = headers.find("webhook-timestamp");
  const auto list = headers.find("webhook-signature");
  const bool whole =
      id && timestamp && list && !id->empty() && !timestamp->empty() && !list->empty();
  if (!whole) return WebhookCheck::header_missing;
  const auto seconds = parse_seconds(*timestamp);
  if (!seconds) return WebhookCheck::bad_timestamp;
  const std::int64_t ours = seconds_of(now);
  if (*seconds < ours - tolerance_seconds) return WebhookCheck::too_old;
  if (*seconds > ours + tolerance_seconds) return WebhookCheck::too_new;
  const std::string content = signed_content(*id, *timestamp, body);
  return any_entry_fits(keys, *list, content) ? WebhookCheck::genuine : WebhookCheck::no_match;
}

}  // namespace pw
