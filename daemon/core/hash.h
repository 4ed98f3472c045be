// Digests and the text forms of bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pw {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
Digest sha256(std::string_view first, std::string_view second);  // one after the other
// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(std::string_view key, std::string_view bytes);

// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(std::string_view bytes);
  Digest finish();  // and starts anew

 private:
  void* context_;  // EVP_MD_CTX; the header shows no OpenSSL
};

// Lower-case hexadecimal; both ways.
std::string print_hex(std::span<const std::uint8_t> bytes);
std::optional<std::string> parse_hex(std::string_view text);
std::optional<Digest> parse_digest(std::string_view hex);

// RFC 4648 section 4, padded; parsing refuses anything else.
std::string print_base64(std::string_view bytes);
std::optional<std::string> parse_base64(std::string_view text);

// RFC 4648 section 6 in lower case, without padding.
std::string print_base32(std::span<const std::uint8_t> bytes);

inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// A well-mixed number from bytes, the same on every machine: for phases and
// jitter, never against an adversary (FNV-1a, then splitmix64's finaliser).
std::uint64_t mix64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace pw
