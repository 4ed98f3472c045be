// `web:`: where the pages are, and who may see them.
#include <algorithm>
#include <charconv>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 2> anonymous_roles = {"public", "reader"};
constexpr std::size_t host_bytes_max = 253;

// Where "127.0.0.1:8420" has its colon; nothing when it is no such address.
std::optional<std::size_t> port_colon(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  const bool bare_v6 = text[0] != '[' && text.find(':') != colon;
  if (!whole || bare_v6) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '.' || c == ':' || c == '[' ||
           c == ']';
  });
  return plain || host == "localhost" ? std::optional(colon) : std::nullopt;
}

bool is_loopback(std::string_view listen) {
  return listen.starts_with("127.") || listen.starts_with("[::1]") ||
         listen.starts_with("localhost:");
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= host_bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
         });
}

void load_listen(const YamlField& field, WebConfig& web) {
  take(web.listen, field.text(/*bytes_max=*/100));
  if (web.listen.empty() || port_colon(web.listen)) return;
  field.error("expected a numeric address and a port such as 127.0.0.1:8420, got " +
              in_quotes(web.listen));
  web.listen.clear();
}

void load_tls(const YamlField& field, const LoadContext& context, WebConfig& web) {
  if (!field.is_present()) return;
  const auto map = field.map(keys::tls, /*nothing_is_map=*/false);
  if (!map) return;
  take(web.tls_cert, load_path(map->required("cert"), context));
  take(web.tls_key, load_path(map->required("key"), context));
}

void load_hosts(const YamlField& field, WebConfig& web) {
  for (const YamlField& item : field.items(/*one_is_list=*/true)) {
    const auto text = item.text();
    if (!text) continue;
    const std::string name = lower_text(*text);
    if (is_host_name(name)) {
      web.hosts.push_back(name);
    } else {
      item.error("expected a host name without port, got " + in_quotes(*text));
    }
  }
}

}  // namespace

void load_web(const YamlField& field, const LoadContext& context, Config& config) {
  WebConfig& web = config.web;
  web.socket = config.state_dir + "/pledgewatch.sock";
  const auto map = field.map(keys::web, /*nothing_is_map=*/true);
  if (!map) return;
  load_listen(map->field("listen"), web);
  take(web.socket, load_path(map->field("socket"), context));
  load_tls(map->field("tls"), context, web);
  load_hosts(map->field("hosts"), web);
  const auto role = map->field("anonymous").name_of(anonymous_roles, "role");
  web.open_to_readers = role == std::optional<std::string_view>("reader");
  if (!web.listen.empty() && !is_loopback(web.listen) && web.tls_cert.empty()) {
    map->field("listen").warning(
        "tokens would travel unencrypted; name tls files, or listen on loopback behind a proxy");
  }
}

}  // namespace pw
