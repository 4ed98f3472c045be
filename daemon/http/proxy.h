// Which requests go through a proxy, by the variables that every tool reads:
// http_proxy, https_proxy, no_proxy and their capitals.
//
//  - The lower-case name wins. HTTP_PROXY is not read where REQUEST_METHOD is
//    set: under CGI a client could set it (CVE-2016-5385).
//  - A proxy is "http://[user:password@]host[:port]" or "host:port"; without a
//    port it is 80. Only plain HTTP is spoken to a proxy; https targets are
//    tunnelled through it by CONNECT, end to end encrypted.
//  - no_proxy is a list parted by commas or spaces. "*" is everything; a name is
//    that host and everything below it, with or without a leading dot; a
//    numeric address or block ("10.0.0.0/8") is an IP literal in the URL; each
//    may end in ":port". Names are never resolved for this.
//  - "localhost" and loopback addresses never go through a proxy: there they
//    would mean the proxy's own machine.
//  - The proxy itself may have a private address: the operator named it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/http/ip_address.h"
#include "daemon/http/target.h"

namespace pw {

struct ProxySettings {
  std::string http{};
  std::string https{};
  std::string no_proxy{};
};

// `variable` answers with an environment variable's value, or nothing.
ProxySettings proxy_settings(
    const std::function<std::optional<std::string>(const char*)>& variable);

struct ProxyServer {
  std::string host;
  std::uint16_t port = 80;
  std::string authorization{};  // "Basic ...": for this hop alone; empty: none
};

class Proxies {
 public:
  Proxies() = default;
  static Result<Proxies> parse(const ProxySettings& settings);

  // The proxy for this target; null: straight to it. Lives as long as this.
  const ProxyServer* route(const Target& target) const;

 private:
  struct Exemption {
    std::string name{};  // without leading dot; empty: a block
    std::optional<IpBlock> block{};
    std::uint16_t port = 0;  // 0: any
  };

  static std::optional<Exemption> parse_exemption(std::string_view entry);
  static bool matches(const Exemption& exemption, const Target& target);

  std::optional<ProxyServer> http_;
  std::optional<ProxyServer> https_;
  std::vector<Exemption> exemptions_;
  bool exempts_all_ = false;
};

}  // namespace pw
