#include "daemon/core/hash.h"

#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace pw {
namespace {

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// OpenSSL 3 looks an algorithm up by name at each EVP_sha256() use; fetched
// once, a digest costs only its hashing.
const EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex2(context_of(context_), sha256_algorithm(), nullptr);
}
Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }
Sha256::Sha256(Sha256&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
Sha256& Sha256::operator=(Sha256&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size());
}

Digest Sha256::finish() {
  Digest digest;
  EVP_DigestFinal_ex(context_of(context_), digest.data(), nullptr);
  EVP_DigestInit_ex2(context_of(context_), sha256_algorithm(), nullptr);
  return digest;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  hasher.add(bytes);
  return hasher.finish();
}

Digest sha256(std::string_view first, std::string_view second) {
  thread_local Sha256 hasher;
  hasher.add(first);
  hasher.add(second);
  return hasher.finish();
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest;
  unsigned int size = digest.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(bytes), bytes.size(),
       digest.data(), &size);
  return digest;
}

std::string print_hex(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  char* to = text.data();
  for (const std::uint8_t byte : bytes) {
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
  }
  return text;
}

std::optional<std::string> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = value(text[i]);
    const int low = value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::optional<Digest> parse_digest(std::string_view hex) {
  const auto bytes = parse_hex(hex);
  if (!bytes || bytes->size() != Digest{}.size()) return std::nullopt;
  Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>((*bytes)[i]);
  return digest;
}

std::string print_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), raw(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL counts padding as bytes and tolerates white space: cut the one and,
  // by printing back, refuse the other and every non-canonical form.
  if (text.ends_with("==")) {
    bytes.resize(bytes.size() - 2);
  } else if (text.ends_with('=')) {
    bytes.resize(bytes.size() - 1);
  }
  if (print_base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string print_base32(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  unsigned pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8 | byte) & 0xfffu;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += digits[(pending >> bits) & 31u];
    }
  }
  if (bits > 0) text += digits[(pending << (5 - bits)) & 31u];
  return text;
}

std::uint64_t mix64(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = 14695981039346656037u ^ seed;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

}  // namespace pw
