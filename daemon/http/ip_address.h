// Numeric IP addresses and blocks of them, as values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pw {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  // network order; IPv4 uses the first four
  bool v6 = false;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// Four decimal parts without leading zeros, or RFC 4291 section 2.2. No brackets,
// no zone, no one-part, octal or hexadecimal IPv4.
std::optional<IpAddress> parse_ip(std::string_view text);
// The canonical form (RFC 5952 for IPv6).
std::string print_ip(const IpAddress& address);

struct IpBlock {
  IpAddress first;
  int bits = 0;
};

// "10.0.0.0/8", "fe80::/10", or one address alone.
std::optional<IpBlock> parse_ip_block(std::string_view text);
bool contains(const IpBlock& block, const IpAddress& address);

}  // namespace pw
