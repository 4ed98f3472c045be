#include "daemon/http/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace pw {

std::optional<IpAddress> parse_ip(std::string_view text) {
  char zero_terminated[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof zero_terminated) return std::nullopt;
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), zero_terminated);

  IpAddress address;
  address.v6 = text.find(':') != std::string_view::npos;
  const int family = address.v6 ? AF_INET6 : AF_INET;
  if (inet_pton(family, zero_terminated, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::string print_ip(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
  return text;
}

std::optional<IpBlock> parse_ip_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = parse_ip(text.substr(0, slash));
  if (!first) return std::nullopt;
  const int bits_max = first->v6 ? 128 : 32;
  if (slash == std::string_view::npos) return IpBlock{*first, bits_max};

  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (bits < 0 || bits > bits_max) return std::nullopt;
  return IpBlock{*first, bits};
}

bool contains(const IpBlock& block, const IpAddress& address) {
  if (block.first.v6 != address.v6) return false;
  const auto whole = static_cast<std::size_t>(block.bits / 8);
  if (!std::equal(address.bytes.begin(), address.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  block.first.bytes.begin())) {
    return false;
  }
  const int rest = block.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (address.bytes[whole] & mask) == (block.first.bytes[whole] & mask);
}

}  // namespace pw
