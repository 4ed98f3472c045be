#include "daemon/http/proxy.h"

#include <algorithm>
#include <charconv>

#include "daemon/core/ascii.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0)
    return std::nullopt;
  return port;
}

// "%41" to "A"; nothing for a broken escape.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = parse_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

// Host and port of "host", "host:port", "[v6]:port", "v6". Port 0: none given.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<HostPort> parse_host_port(std::string_view text) {
  if (parse_ip(text)) return HostPort{std::string(text)};
  std::string_view host = text;
  std::string_view port;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (!parse_port(port)) return std::nullopt;
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (!parse_ip(host)) return std::nullopt;
  }
  if (host.empty()) return std::nullopt;
  return HostPort{lower_ascii(host), port.empty() ? std::uint16_t{0} : *parse_port(port)};
}

Result<std::optional<ProxyServer>> parse_server(std::string_view text) {
  // The text may hold a password: errors do not repeat it.
  const Error bad{Errc::refused, "a proxy is http://[user:password@]host[:port]"};
  if (text.empty()) return std::optional<ProxyServer>{};
  if (const std::size_t scheme_end = text.find("://"); scheme_end != std::string_view::npos) {
    if (lower_ascii(text.substr(0, scheme_end)) != "http") return bad;
    text.remove_prefix(scheme_end + 3);
  }
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);

  ProxyServer server;
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const auto user = percent_decode(text.substr(0, at));
    if (!user) return bad;
    server.authorization = "Basic " + print_base64(*user);
    text.remove_prefix(at + 1);
  }
  const auto host_port = parse_host_port(text);
  if (!host_port || text.find_first_of("/?#") != std::string_view::npos) return bad;
  const Allowance any_port{.ports = {host_port->port}};
  const auto target = parse_target("http://" + host_and_port(host_port->host, 80), &any_port);
  if (!target) return bad;
  server.host = target->host;
  if (host_port->port != 0) server.port = host_port->port;
  return std::optional<ProxyServer>{std::move(server)};
}

bool is_loopback(const Target& target) {
  static const IpBlock v4 = *parse_ip_block("127.0.0.0/8");
  static const IpBlock v6 = *parse_ip_block("::1");
  const auto address = parse_ip(target.host);
  if (address) return contains(v4, *address) || contains(v6, *address);
  return target.host == "localhost" || target.host.ends_with(".localhost");
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> entries;
  constexpr std::string_view separators = ", \t";
  for (std::size_t start = text.find_first_not_of(separators); start != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    entries.push_back(text.substr(start, end - start));
    start = text.find_first_not_of(separators, end);
  }
  return entries;
}

}  // namespace

ProxySettings proxy_settings(
    const std::function<std::optional<std::string>(const char*)>& variable) {
  const auto either = [&](const char* small, const char* capital) {
    if (auto value = variable(small)) return *value;
    return variable(capital).value_or("");
  };
  const bool is_cgi = variable("REQUEST_METHOD").has_value();
  return {.http = is_cgi ? variable("http_proxy").value_or("") : either("http_proxy", "HTTP_PROXY"),
          .https = either("https_proxy", "HTTPS_PROXY"),
          .no_proxy = either("no_proxy", "NO_PROXY")};
}

Result<Proxies> Proxies::parse(const ProxySettings& settings) {
  Proxies proxies;
  auto http = parse_server(settings.http);
  if (!http) return Error{Errc::refused, "http_proxy: " + http.error().detail};
  auto https = parse_server(settings.https);
  if (!https) return Error{Errc::refused, "https_proxy: " + https.error().detail};
  proxies.http_ = *std::move(http);
  proxies.https_ = *std::move(https);
  for (const std::string_view entry : split_list(settings.no_proxy)) {
    if (entry == "*") {
      proxies.exempts_all_ = true;
      continue;
    }
    auto exemption = parse_exemption(entry);
    if (!exemption) return Error{Errc::refused, "no_proxy: cannot read " + std::string(entry)};
    proxies.exemptions_.push_back(*std::move(exemption));
  }
  return proxies;
}

std::optional<Proxies::Exemption> Proxies::parse_exemption(std::string_view entry) {
  if (auto block = parse_ip_block(entry)) return Exemption{.block = block};
  while (!entry.empty() && (entry.front() == '.' || entry.front() == '*')) entry.remove_prefix(1);
  auto host_port = parse_host_port(entry);
  if (!host_port) return std::nullopt;
  if (host_port->host.back() == '.') host_port->host.pop_back();
  if (auto block = parse_ip_block(host_port->host)) {
    return Exemption{.block = block, .port = host_port->port};
  }
  return Exemption{.name = std::move(host_port->host), .port = host_port->port};
}

bool Proxies::matches(const Exemption& exemption, const Target& target) {
  if (exemption.port != 0 && exemption.port != target.port) return false;
  if (exemption.block) {
    const auto address = parse_ip(target.host);
    return address && contains(*exemption.block, *address);
  }
  const std::string_view host = target.host;
  const std::string_view name = exemption.name;
  if (!host.ends_with(name)) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

const ProxyServer* Proxies::route(const Target& target) const {
  const auto& server = target.scheme == Scheme::https ? https_ : http_;
  if (!server || exempts_all_ || is_loopback(target)) return nullptr;
  const bool is_exempt = std::any_of(exemptions_.begin(), exemptions_.end(),
                                     [&](const Exemption& e) { return matches(e, target); });
  return is_exempt ? nullptr : &*server;
}

}  // namespace pw
