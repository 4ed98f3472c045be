#include "daemon/http/proxy.h"

#include <map>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace pw {
namespace {

const Allowance any_port{.hosts = {}, .ports = {8080, 8443}};

std::string route(const ProxySettings& settings, std::string_view url) {
  const auto proxies = Proxies::parse(settings);
  if (!proxies) return "unreadable";
  const ProxyServer* proxy = proxies->route(*parse_target(url, &any_port));
  if (!proxy) return "direct";
  std::string line = proxy->host + " " + std::to_string(proxy->port);
  if (!proxy->authorization.empty()) line += " " + proxy->authorization;
  return line;
}

struct Server {
  std::string_view text;
  std::string_view is;
};

constexpr Server servers[] = {
    {"", "direct"},
    {"http://proxy.example:3128", "proxy.example 3128"},
    {"HTTP://Proxy.Example:3128/", "proxy.example 3128"},
    {"proxy.example:3128", "proxy.example 3128"},
    {"proxy.example", "proxy.example 80"},
    {"http://10.0.0.1:3128", "10.0.0.1 3128"},
    {"http://127.0.0.1:1", "127.0.0.1 1"},
    {"http://[::1]:3128", "::1 3128"},
    {"http://user:p%40ss@proxy.example:3128", "proxy.example 3128 Basic dXNlcjpwQHNz"},
    {"http://user@proxy.example", "proxy.example 80 Basic dXNlcg=="},
    {"https://proxy.example:3128", "unreadable"},
    {"socks5://proxy.example", "unreadable"},
    {"http://", "unreadable"},
    {"http://proxy.example:0", "unreadable"},
    {"http://proxy.example:65536", "unreadable"},
    {"http://proxy.example:x", "unreadable"},
    {"http://proxy.example/path", "unreadable"},
    {"http://proxy.example\r\nX: y", "unreadable"},
    {"http://us%4:x@proxy.example", "unreadable"},
};

TEST_CASE("a proxy is read as its row says") {
  for (const Server& row : servers) {
    INFO(row.text);
    CHECK(route({.http = std::string(row.text)}, "http://a.example/") == row.is);
    CHECK(route({.https = std::string(row.text)}, "https://a.example/") == row.is);
  }
}

TEST_CASE("each scheme has its own proxy") {
  const ProxySettings settings{.http = "p:1", .https = "q:2"};
  CHECK(route(settings, "http://a.example/") == "p 1");
  CHECK(route(settings, "https://a.example/") == "q 2");
  CHECK(route({.http = "p:1"}, "https://a.example/") == "direct");
}

struct Exemption {
  std::string_view no_proxy;
  std::string_view url;
  std::string_view is;
};

constexpr Exemption exemptions[] = {
    {"", "http://a.example/", "p 1"},
    {"*", "http://a.example/", "direct"},
    {"a.example", "http://a.example/", "direct"},
    {"A.Example.", "http://a.example/", "direct"},
    {"a.example", "http://sub.a.example/", "direct"},
    {".a.example", "http://sub.a.example/", "direct"},
    {".a.example", "http://a.example/", "direct"},
    {"*.a.example", "http://sub.a.example/", "direct"},
    {"a.example", "http://ba.example/", "p 1"},
    {"a.example", "http://a.example.org/", "p 1"},
    {"example", "http://a.example/", "direct"},
    {"a.example:80", "http://a.example/", "direct"},
    {"a.example:8080", "http://a.example/", "p 1"},
    {"a.example:8080", "http://a.example:8080/", "direct"},
    {"x.example, a.example", "http://a.example/", "direct"},
    {"x.example a.example", "http://a.example/", "direct"},
    {" ,,a.example,, ", "http://a.example/", "direct"},
    {"10.0.0.1", "http://10.0.0.1/", "direct"},
    {"10.0.0.1:8080", "http://10.0.0.1/", "p 1"},
    {"10.0.0.1:8080", "http://10.0.0.1:8080/", "direct"},
    {"", "http://127.9.9.9:8080/", "direct"},
    {"", "http://128.0.0.1/", "p 1"},
    {"", "http://[::1]/", "direct"},
    {"", "http://[::2]/", "p 1"},
    {"", "http://localhost:8080/", "direct"},
    {"", "http://sim.localhost/", "direct"},
    {"", "http://notlocalhost/", "p 1"},
    {"10.0.0.0/12", "http://10.15.255.255/", "direct"},
    {"10.0.0.0/12", "http://10.16.0.0/", "p 1"},
    {"fc00::1", "http://[fc00::1]/", "direct"},
    {"[fc00::1]:80", "http://[fc00::1]/", "direct"},
    {"fc00::/7", "http://[fd00::1]/", "direct"},
    {"fc00::/7", "http://[2606::1]/", "p 1"},
    {"0.0.0.0/0", "http://10.0.0.1/", "direct"},
    {"10.0.0.0/8", "http://a.example/", "p 1"},
    {"a.example:x", "http://a.example/", "unreadable"},
    {"10.0.0.0/33", "http://a.example/", "p 1"},
};

TEST_CASE("no_proxy is read as its row says") {
  for (const Exemption& row : exemptions) {
    INFO(row.no_proxy << " for " << row.url);
    CHECK(route({.http = "p:1", .no_proxy = std::string(row.no_proxy)}, row.url) == row.is);
  }
}

TEST_CASE("the environment's small letters win, and CGI cannot set a proxy") {
  std::map<std::string, std::string> environment{{"HTTP_PROXY", "big"}, {"NO_PROXY", "big"}};
  const auto variable = [&](const char* name) -> std::optional<std::string> {
    const auto at = environment.find(name);
    return at == environment.end() ? std::nullopt : std::optional(at->second);
  };
  CHECK(proxy_settings(variable).http == "big");
  CHECK(proxy_settings(variable).https == "");
  CHECK(proxy_settings(variable).no_proxy == "big");
  environment["no_proxy"] = "small";
  environment["https_proxy"] = "small";
  CHECK(proxy_settings(variable).no_proxy == "small");
  CHECK(proxy_settings(variable).https == "small");
  environment["REQUEST_METHOD"] = "GET";
  CHECK(proxy_settings(variable).http == "");
  environment["http_proxy"] = "small";
  CHECK(proxy_settings(variable).http == "small");
}

TEST_CASE("an error about a proxy does not repeat its password") {
  const auto proxies = Proxies::parse({.http = "ftp://user:hunter2@proxy.example"});
  REQUIRE_FALSE(proxies);
  CHECK(proxies.error().detail.find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace pw
