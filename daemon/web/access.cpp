#include "daemon/web/access.h"

#include <algorithm>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

// "[::1]:80" is "[::1]".
std::string_view without_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  if (colon == host.npos || (bracket != host.npos && colon < bracket)) return host;
  return host.substr(0, colon);
}

bool is_ours(std::string_view host, const std::vector<std::string>& hosts) {
  const std::string name = lower_ascii(without_port(host));
  return std::find(hosts.begin(), hosts.end(), name) != hosts.end();
}

std::string cookie_attributes(bool secure) {
  return std::string("; Path=/; HttpOnly; SameSite=Strict") + (secure ? "; Secure" : "");
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

void WebSessions::add(std::string_view secret, const Digest& token, Instant now) {
  std::erase_if(sessions_, [&](const Session& session) { return session.until <= now; });
  if (sessions_.size() >= sessions_max) sessions_.erase(sessions_.begin());
  sessions_.push_back({sha256(secret), token, now + session_length});
}

std::optional<Digest> WebSessions::find(std::string_view secret, Instant now) const {
  const Digest digest = sha256(secret);
  std::optional<Digest> token;
  for (const Session& session : sessions_) {
    const bool same = equal_in_constant_time(bytes_of(session.secret), bytes_of(digest));
    if (same && now < session.until) token = session.token;
  }
  return token;
}

void WebSessions::remove(std::string_view secret) {
  const Digest digest = sha256(secret);
  std::erase_if(sessions_, [&](const Session& session) { return session.secret == digest; });
}

std::optional<std::string> cookie_in(const WebRequest& request) {
  const std::string start = std::string(cookie_name) + '=';
  for (const WebHeader& field : request.headers) {
    if (field.name != "cookie") continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      if (pair.starts_with(start)) return std::string(pair.substr(start.size()));
    }
  }
  return std::nullopt;
}

std::string print_cookie(std::string_view secret, bool secure) {
  return std::string(cookie_name) + '=' + std::string(secret) + cookie_attributes(secure) +
         "; Max-Age=" +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(session_length).count());
}

std::string print_cookie_end(bool secure) {
  return std::string(cookie_name) + '=' + cookie_attributes(secure) + "; Max-Age=0";
}

std::optional<std::string> bearer_in(const WebRequest& request) {
  const auto field = request.header("authorization");
  if (!field || field->size() < 8 || lower_ascii(field->substr(0, 7)) != "bearer ")
    return std::nullopt;
  return std::string(field->substr(7));
}

std::string form_token(std::string_view session) {
  return print_hex(hmac_sha256(session, "form")).substr(0, 32);
}

bool is_form_token(std::string_view session, std::string_view token) {
  return !session.empty() && equal_in_constant_time(form_token(session), token);
}

std::string host_trouble(const WebRequest& request, const std::vector<std::string>& hosts) {
  const auto host = request.header("host");
  if (!host) return "a request names one Host";
  if (request.peer.local_socket) return {};
  if (!is_ours(*host, hosts)) return "this server does not go by that name; see web.hosts";
  const auto origin = request.header("origin");
  const bool has_origin =
      std::any_of(request.headers.begin(), request.headers.end(),
                  [](const WebHeader& field) { return field.name == "origin"; });
  if (has_origin && !origin) return "two Origins";
  if (origin) {
    const std::size_t at = origin->find("://");
    if (at == origin->npos || lower_ascii(origin->substr(at + 3)) != lower_ascii(*host))
      return "another site's page sent this";
  }
  const auto site = request.header("sec-fetch-site");
  if (request.method != "GET" && site && *site != "same-origin" && *site != "none")
    return "another site's page sent this";
  return {};
}

}  // namespace pw
