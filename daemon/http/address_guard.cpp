#include "daemon/http/address_guard.h"

#include <optional>
#include <string>
#include <vector>

#include "daemon/http/ip_address.h"

namespace pw {
namespace {

struct Row {
  std::string_view block;
  std::string_view what;
};

// IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and later),
// and the one public address that clouds use inside.
constexpr Row denied[] = {
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "shared by carriers"},
    {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "protocol assignments"},
    {"192.0.2.0/24", "documentation"},
    {"192.88.99.0/24", "6to4 relays"},
    {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "benchmarking"},
    {"198.51.100.0/24", "documentation"},
    {"203.0.113.0/24", "documentation"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"168.63.129.16/32", "Azure's virtual host"},
    {"64:ff9b:1::/48", "local NAT64"},
    {"100::/64", "discard"},
    {"2001::/32", "Teredo"},
    {"2001:2::/48", "benchmarking"},
    {"2001:db8::/32", "documentation"},
    {"3fff::/20", "documentation"},
    {"fc00::/7", "private"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "site-local"},
    {"ff00::/8", "multicast"},
};

// IPv6 blocks that carry an IPv4 address, and the byte where it starts. "::/96"
// also holds :: and ::1, which unwrap to 0.0.0.0/8.
struct Wrapping {
  std::string_view block;
  std::size_t v4_at;
};
constexpr Wrapping wrappings[] = {
    {"::ffff:0:0/96", 12}, {"::/96", 12}, {"64:ff9b::/96", 12}, {"2002::/16", 2}};

template <class T>
struct Parsed {
  IpBlock block;
  const T* row;
};

template <class T, std::size_t n>
std::vector<Parsed<T>> parsed(const T (&rows)[n]) {
  std::vector<Parsed<T>> all;
  for (const T& row : rows) all.push_back({*parse_ip_block(row.block), &row});
  return all;
}

std::optional<IpAddress> unwrapped(const IpAddress& address) {
  static const auto blocks = parsed(wrappings);
  for (const auto& [block, row] : blocks) {
    if (!contains(block, address)) continue;
    IpAddress v4;
    for (std::size_t i = 0; i < 4; ++i) v4.bytes[i] = address.bytes[row->v4_at + i];
    return v4;
  }
  return std::nullopt;
}

// The denied block that holds the address, and what it is for.
std::optional<std::string> block_of(const IpAddress& address) {
  static const auto blocks = parsed(denied);
  for (const auto& [block, row] : blocks) {
    if (!contains(block, address)) continue;
    return std::string(row->block).append(", ").append(row->what);
  }
  return std::nullopt;
}

std::optional<std::string> refusal_of(const IpAddress& address) {
  if (auto block = block_of(address)) return block;
  if (!address.v6) return std::nullopt;
  if (const auto v4 = unwrapped(address)) return block_of(*v4);
  // RFC 4291 section 2.4 and IANA's IPv6 Address Space: nothing else is global
  // unicast, so a network that routes it is a private one.
  static const IpBlock global_unicast = *parse_ip_block("2000::/3");
  if (!contains(global_unicast, address)) return "outside 2000::/3";
  return std::nullopt;
}

}  // namespace

Result<Done> check_address(std::string_view numeric) {
  const auto address = parse_ip(numeric);
  if (!address) {
    return Error{Errc::refused, "not a plain numeric address: " + std::string(numeric)};
  }
  if (const auto refusal = refusal_of(*address)) {
    return Error{Errc::refused,
                 std::string(numeric) + " is not a public address (" + *refusal + ")"};
  }
  return Done{};
}

}  // namespace pw
