#include "connectors/meta_request.h"

#include <algorithm>

#include "connectors/bearer_request.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "daemon/core/ascii.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::size_t cursor_bytes_max = 1024;
constexpr std::size_t id_digits_max = 30;
constexpr std::size_t name_bytes_max = 30;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

bool is_cursor_part(char c) {
  return is_letter_or_digit(c) || std::string_view("-_=+/.~").find(c) != std::string_view::npos;
}

bool is_name_part(char c) { return is_letter_or_digit(c) || c == '.' || c == '_'; }

// "https://host/v25.0", or the settings' base in the host's place.
std::string address_of(const ConnectorSettings& settings, const GraphHome& home) {
  const std::string_view version =
      settings.api_version.empty() ? home.version : std::string_view(settings.api_version);
  return base_address(settings.base, home.origin, "") + '/' + std::string(version) + '/';
}

}  // namespace

HttpRequest graph_request(const ConnectorSettings& settings, const GraphHome& home,
                          const Query& query, std::string_view path, std::string_view parameters) {
  std::string url = address_of(settings, home);
  url.append(path).append(1, '?').append(parameters);
  HttpRequest request = bearer_request(std::move(url), query, settings.allowance);
  if (query.credential) {
    if (const std::string& secret = query.credential->app_secret; !secret.empty()) {
      request.url += "&appsecret_proof=" + print_hex(hmac_sha256(secret, query.credential->token));
    }
  }
  // The token must not follow a redirect, and Graph answers without any.
  request.redirects = Redirects::refuse;
  return request;
}

bool is_graph_cursor(std::string_view cursor) {
  return cursor.size() <= cursor_bytes_max &&
         std::all_of(cursor.begin(), cursor.end(), is_cursor_part);
}

bool is_graph_id(std::string_view text) {
  return !text.empty() && text.size() <= id_digits_max &&
         std::all_of(text.begin(), text.end(), is_digit);
}

bool is_instagram_name(std::string_view text) {
  return !text.empty() && text.size() <= name_bytes_max &&
         std::all_of(text.begin(), text.end(), is_name_part);
}

std::string_view first_part_behind(std::string_view text, std::string_view site) {
  if (const std::size_t at = find_ignoring_case(text, site); at != std::string_view::npos) {
    text.remove_prefix(at + site.size());
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return text;
}

}  // namespace pw
