#include <span>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/http/address_guard.h"

namespace pw {
namespace {

std::string judged(std::string_view address) {
  const auto checked = check_address(address);
  if (checked) return "public";
  return checked.error().code == Errc::refused ? "refused" : "another error";
}

struct Row {
  std::string_view address;
  std::string_view is;
};

// The first and last address of every denied block, and their neighbours.
constexpr Row ipv4_rows[] = {
    {"0.0.0.0", "refused"},         {"0.255.255.255", "refused"},   {"1.0.0.0", "public"},
    {"9.255.255.255", "public"},    {"10.0.0.0", "refused"},        {"10.255.255.255", "refused"},
    {"11.0.0.0", "public"},         {"100.63.255.255", "public"},   {"100.64.0.0", "refused"},
    {"100.127.255.255", "refused"}, {"100.128.0.0", "public"},      {"126.255.255.255", "public"},
    {"127.0.0.0", "refused"},       {"127.0.0.1", "refused"},       {"127.255.255.255", "refused"},
    {"128.0.0.0", "public"},        {"168.63.129.15", "public"},    {"168.63.129.16", "refused"},
    {"168.63.129.17", "public"},    {"169.253.255.255", "public"},  {"169.254.0.0", "refused"},
    {"169.254.169.254", "refused"}, {"169.254.255.255", "refused"}, {"169.255.0.0", "public"},
    {"172.15.255.255", "public"},   {"172.16.0.0", "refused"},      {"172.31.255.255", "refused"},
    {"172.32.0.0", "public"},       {"191.255.255.255", "public"},  {"192.0.0.0", "refused"},
    {"192.0.0.255", "refused"},     {"192.0.1.0", "public"},        {"192.0.1.255", "public"},
    {"192.0.2.0", "refused"},       {"192.0.2.255", "refused"},     {"192.0.3.0", "public"},
    {"192.88.98.255", "public"},    {"192.88.99.0", "refused"},     {"192.88.99.255", "refused"},
    {"192.88.100.0", "public"},     {"192.167.255.255", "public"},  {"192.168.0.0", "refused"},
    {"192.168.255.255", "refused"}, {"192.169.0.0", "public"},      {"198.17.255.255", "public"},
    {"198.18.0.0", "refused"},      {"198.19.255.255", "refused"},  {"198.20.0.0", "public"},
    {"198.51.99.255", "public"},    {"198.51.100.0", "refused"},    {"198.51.100.255", "refused"},
    {"198.51.101.0", "public"},     {"203.0.112.255", "public"},    {"203.0.113.0", "refused"},
    {"203.0.113.255", "refused"},   {"203.0.114.0", "public"},      {"223.255.255.255", "public"},
    {"224.0.0.0", "refused"},       {"239.255.255.255", "refused"}, {"240.0.0.0", "refused"},
    {"255.255.255.254", "refused"}, {"255.255.255.255", "refused"}, {"8.8.8.8", "public"},
};

// Neighbours of blocks outside 2000::/3 are refused too, as not global unicast.
constexpr Row ipv6_rows[] = {
    {"::", "refused"},
    {"::1", "refused"},
    {"::2", "refused"},
    {"::10.0.0.1", "refused"},
    {"::8.8.8.8", "public"},
    {"::ffff:127.0.0.1", "refused"},
    {"::ffff:7f00:1", "refused"},
    {"::ffff:10.1.2.3", "refused"},
    {"::ffff:169.254.169.254", "refused"},
    {"::ffff:8.8.8.8", "public"},
    {"::fffe:8.8.8.8", "refused"},
    {"64:ff9a:ffff:ffff::", "refused"},
    {"64:ff9b::7f00:1", "refused"},
    {"64:ff9b::10.0.0.1", "refused"},
    {"64:ff9b::8.8.8.8", "public"},
    {"64:ff9b::1:808:808", "refused"},
    {"64:ff9b:1::", "refused"},
    {"64:ff9b:1:ffff:ffff:ffff:8.8.8.8", "refused"},
    {"64:ff9b:2::", "refused"},
    {"100::", "refused"},
    {"100::ffff:ffff:ffff:ffff", "refused"},
    {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"2000::", "public"},
    {"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"2001::", "refused"},
    {"2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"2001:1::", "public"},
    {"2001:1:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"2001:2::", "refused"},
    {"2001:2:0:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"2001:2:1::", "public"},
    {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"2001:db8::", "refused"},
    {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"2001:db9::", "public"},
    {"2001:4860:4860::8888", "public"},
    {"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"2002::", "refused"},
    {"2002:7f00:1::1", "refused"},
    {"2002:a00:1::", "refused"},
    {"2002:c0a8:101::", "refused"},
    {"2002:a9fe:a9fe::", "refused"},
    {"2002:808:808::1", "public"},
    {"2002:ffff:ffff:ffff::", "refused"},
    {"2003::", "public"},
    {"2606:4700:4700::1111", "public"},
    {"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"3fff::", "refused"},
    {"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"3fff:1000::", "public"},
    {"3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    {"4000::", "refused"},
    {"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"fc00::", "refused"},
    {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"fe00::", "refused"},
    {"fe80::", "refused"},
    {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"fec0::", "refused"},
    {"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
    {"ff00::", "refused"},
    {"ff02::1", "refused"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "refused"},
};

// What is no plain numeric address is never public.
constexpr Row spelling_rows[] = {
    {"", "refused"},
    {"localhost", "refused"},
    {"8.8.8", "refused"},
    {"8.8.8.8.8", "refused"},
    {"08.8.8.8", "refused"},
    {"010.8.8.8", "refused"},
    {"0x8.8.8.8", "refused"},
    {"134744072", "refused"},
    {"8.8.8.256", "refused"},
    {" 8.8.8.8", "refused"},
    {"8.8.8.8\n", "refused"},
    {"[2606:4700::1]", "refused"},
    {"fe80::1%eth0", "refused"},
    {"2606:4700::1%eth0", "refused"},
    {"2606:4700::1%", "refused"},
    {"2606:4700:::1", "refused"},
    {"2606:4700::1/64", "refused"},
};

TEST_CASE("an address is public or refused, as its row says") {
  for (const auto rows : {std::span<const Row>(ipv4_rows), std::span<const Row>(ipv6_rows),
                          std::span<const Row>(spelling_rows)}) {
    for (const Row& row : rows) {
      INFO(row.address);
      CHECK(judged(row.address) == row.is);
    }
  }
}

TEST_CASE("every IPv4 address is judged alike bare and inside each IPv6 wrapping") {
  for (const Row& row : ipv4_rows) {
    INFO(row.address);
    CHECK(judged("::ffff:" + std::string(row.address)) == row.is);
    CHECK(judged("64:ff9b::" + std::string(row.address)) == row.is);
  }
}

TEST_CASE("an address with a NUL inside is no address") {
  CHECK(judged(std::string_view("8.8.8.8\0.1", 10)) == "refused");
}

TEST_CASE("a refusal names the address and the block") {
  CHECK(check_address("10.1.2.3").error().detail ==
        "10.1.2.3 is not a public address (10.0.0.0/8, private)");
  CHECK(check_address("::ffff:7f00:1").error().detail ==
        "::ffff:7f00:1 is not a public address (127.0.0.0/8, loopback)");
}

}  // namespace
}  // namespace pw
