#include "daemon/http/target.h"

#include <algorithm>
#include <optional>

#include <boost/url/error_types.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "daemon/core/ascii.h"
#include "daemon/http/ip_address.h"

namespace pw {
namespace {

namespace urls = boost::urls;

constexpr std::size_t host_bytes_max = 253;  // RFC 1035 section 2.3.4, without the last dot
constexpr std::size_t label_bytes_max = 63;

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

Error refused(std::string why) { return {Errc::refused, "URL refused: " + std::move(why)}; }
Error malformed_target(std::string why) {
  return {Errc::malformed, "not a URL: " + std::move(why)};
}

// RFC 3986 sections 3.3 and 3.4: what may stand in a path or a query.
bool is_plain_in_path(char c) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?";
  return is_digit(c) || is_letter(c) || marks.find(c) != std::string_view::npos;
}

std::string encode_path(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const bool is_escape =
        c == '%' && i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2]);
    if (is_escape || is_plain_in_path(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// What two URL readers may disagree about, wherever it stands.
std::optional<Error> ambiguity_in(std::string_view text) {
  if (text.size() > url_bytes_max) return refused("longer than 8192 bytes");
  if (std::any_of(text.begin(), text.end(), is_control)) return refused("a control character");
  if (text.find('\\') != std::string_view::npos) return refused("a backslash");
  return std::nullopt;
}

std::optional<Error> ambiguity_in_authority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return refused("user information");
  if (authority.find('%') != std::string_view::npos)
    return refused("a percent-encoded host or a zone");
  const auto is_foreign = [](char c) { return c == ' ' || static_cast<unsigned char>(c) >= 0x80; };
  if (std::any_of(authority.begin(), authority.end(), is_foreign)) {
    return refused("a host that is not ASCII; give its xn-- form");
  }
  return std::nullopt;
}

// A URL without its fragment, split before the path.
struct Parts {
  std::string_view front;  // "https://example.org:443"
  std::string_view authority;
  std::string_view path;
};

Result<Parts> split(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return malformed_target("no scheme and host");
  const std::size_t start = colon + 3;
  const std::size_t end = std::min(url.find_first_of("/?", start), url.size());
  return Parts{url.substr(0, end), url.substr(start, end - start), url.substr(end)};
}

// WHATWG's "ends in a number": such a host is an IPv4 address to some readers
// and a name to others (0x7f.1, 2130706433, 0177.0.0.1).
bool ends_in_number(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (!last.empty() && std::all_of(last.begin(), last.end(), is_digit)) return true;
  return last.size() >= 2 && last[0] == '0' && last[1] == 'x' &&
         std::all_of(last.begin() + 2, last.end(), is_hex);
}

bool is_label(std::string_view label) {
  const auto is_label_char = [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= label_bytes_max &&
         std::all_of(label.begin(), label.end(), is_label_char);
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > host_bytes_max) return false;
  for (std::size_t start = 0; start <= host.size();) {
    const std::size_t dot = std::min(host.find('.', start), host.size());
    if (!is_label(host.substr(start, dot - start))) return false;
    start = dot + 1;
  }
  return true;
}

std::optional<Error> read_host(const urls::url_view& url, Target& target) {
  std::string_view host(url.encoded_host().data(), url.encoded_host().size());
  switch (url.host_type()) {
    case urls::host_type::ipv4:
    case urls::host_type::ipv6: {
      if (url.host_type() == urls::host_type::ipv6) host = host.substr(1, host.size() - 2);
      const auto address = parse_ip(host);
      if (!address) return refused("an odd spelling of an address");
      target.host = print_ip(*address);
      target.is_ip_literal = true;
      return std::nullopt;
    }
    case urls::host_type::name:
      break;
    default:
      return refused("a host of an unknown kind");
  }
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  target.host = lower_ascii(host);
  if (ends_in_number(target.host)) return refused("an odd spelling of an IPv4 address");
  if (!is_host_name(target.host)) return refused("not a host name");
  return std::nullopt;
}

std::optional<Error> read_port(const urls::url_view& url, const Allowance* allowance,
                               Target& target) {
  target.port = target.scheme == Scheme::https ? 443 : 80;
  if (url.has_port() && !url.port().empty()) target.port = url.port_number();
  if (target.port == 80 || target.port == 443) return std::nullopt;
  if (allowance && target.port != 0 &&
      std::count(allowance->ports.begin(), allowance->ports.end(), target.port) > 0) {
    return std::nullopt;
  }
  return refused("port " + std::string(url.port().data(), url.port().size()) +
                 " is neither 80 nor 443 nor allowed by the configuration");
}

// RFC 3986 section 5.2.4: nothing lies above the root. Boost.URL 1.81 keeps
// "/.." there.
std::string without_leading_dots(std::string_view url) {
  const std::size_t root = std::min(url.find('/', url.find("://") + 3), url.size());
  std::string_view path = url.substr(root);
  while (path.starts_with("/../")) path.remove_prefix(3);
  if (path == "/..") path.remove_suffix(2);
  return std::string(url.substr(0, root)).append(path);
}

std::string bracketed(std::string_view host) {
  const bool v6 = host.find(':') != std::string_view::npos;
  return v6 ? "[" + std::string(host) + "]" : std::string(host);
}

}  // namespace

Result<Target> parse_target(std::string_view url, const Allowance* allowance) {
  if (auto error = ambiguity_in(url)) return *std::move(error);
  const auto parts = split(url);
  if (!parts) return parts.error();
  if (auto error = ambiguity_in_authority(parts->authority)) return *std::move(error);

  const auto view = urls::parse_uri(urls::string_view(parts->front.data(), parts->front.size()));
  if (!view) return malformed_target(view.error().message());
  // Boost.URL 1.81 reads "1.2.3.4.5" as 1.2.3.4 and drops a port that is no
  // number; what it did not take is not ours to guess.
  const auto understood = view->encoded_host_and_port();
  if (std::string_view(understood.data(), understood.size()) != parts->authority) {
    return refused("a host or port that cannot be read to its end");
  }
  Target target;
  switch (view->scheme_id()) {
    case urls::scheme::http:
      target.scheme = Scheme::http;
      break;
    case urls::scheme::https:
      target.scheme = Scheme::https;
      break;
    default:
      return refused("neither http nor https");
  }
  if (auto error = read_host(*view, target)) return *std::move(error);
  if (auto error = read_port(*view, allowance, target)) return *std::move(error);
  target.path = encode_path(parts->path);
  if (target.path.empty() || target.path.front() != '/') target.path.insert(0, 1, '/');
  return target;
}

Result<std::string> resolve_reference(const Target& base, std::string_view location) {
  if (auto error = ambiguity_in(location)) return *std::move(error);
  location = location.substr(0, location.find('#'));
  // An absolute or scheme-relative reference is judged as a whole by
  // parse_target; only what names no host needs the base.
  if (location.starts_with("//")) {
    return std::string(base.scheme == Scheme::https ? "https:" : "http:") + std::string(location);
  }
  const std::size_t colon = location.find_first_of(":/?");
  if (colon != std::string_view::npos && location[colon] == ':') return std::string(location);

  const std::string base_text = print_url(base);
  const std::string relative = encode_path(location);
  const auto base_url = urls::parse_uri(base_text);
  const auto reference = urls::parse_uri_reference(relative);
  if (!base_url || !reference) return malformed_target("Location " + relative);
  urls::url resolved;
  if (!urls::resolve(*base_url, *reference, resolved))
    return malformed_target("Location " + relative);
  return without_leading_dots({resolved.buffer().data(), resolved.buffer().size()});
}

bool same_origin(const Target& a, const Target& b) {
  return a.scheme == b.scheme && a.port == b.port && a.host == b.host;
}

bool is_exempt(const Target& target, const Allowance* allowance) {
  if (!allowance) return false;
  return std::any_of(allowance->hosts.begin(), allowance->hosts.end(), [&](std::string_view named) {
    if (named.size() > 2 && named.front() == '[') named = named.substr(1, named.size() - 2);
    if (const auto address = parse_ip(named)) return print_ip(*address) == target.host;
    return std::equal(named.begin(), named.end(), target.host.begin(), target.host.end(),
                      [](char a, char b) { return lower_ascii(a) == b; });
  });
}

std::string host_header(const Target& target) {
  const bool is_own_port = target.port == (target.scheme == Scheme::https ? 443 : 80);
  return is_own_port ? bracketed(target.host) : host_and_port(target.host, target.port);
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
  return bracketed(host).append(":").append(std::to_string(port));
}

std::string print_url(const Target& target) {
  return (target.scheme == Scheme::https ? "https://" : "http://") + host_header(target) +
         target.path;
}

}  // namespace pw
