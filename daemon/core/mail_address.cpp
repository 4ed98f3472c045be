#include "daemon/core/mail_address.h"

#include <algorithm>
#include <charconv>

#include "daemon/core/utf8.h"

namespace pw {
namespace {

constexpr std::size_t address_bytes_max = 254;  // RFC 5321 section 4.5.3.1.3, less the brackets

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

// RFC 5321's dot-string and domain; quoted local parts are not worth their traps.
bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.size() > address_bytes_max) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const auto fits = [](std::string_view part, std::string_view forbidden) {
    return !part.empty() && !part.starts_with('.') && !part.ends_with('.') &&
           part.find("..") == std::string_view::npos &&
           std::all_of(part.begin(), part.end(), is_visible) &&
           part.find_first_of(forbidden) == std::string_view::npos;
  };
  return local.size() <= 64 && fits(local, "()<>[]:;@\\,\"") &&
         fits(domain, "()<>[]:;@\\,\"!#$%&'*+/=?^_`{|}~");
}

// One line of text; C1 controls (U+0080 to U+009F) begin with this byte in UTF-8.
bool is_name(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f || byte == '"') return false;
    const bool c1 =
        byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (c1) return false;
  }
  return is_utf8(text);
}

}  // namespace

Result<Mailbox> parse_mailbox(std::string_view text) {
  Mailbox mailbox;
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) {
    mailbox.address = text;
  } else {
    if (!text.ends_with('>')) return Error{Errc::malformed, "an address ends in '>'"};
    mailbox.address = text.substr(open + 1, text.size() - open - 2);
    std::string_view name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"'))
      name = name.substr(1, name.size() - 2);
    mailbox.name = name;
    if (!is_name(name)) return Error{Errc::malformed, "a name is one line of text without quotes"};
  }
  if (!is_address(mailbox.address))
    return Error{Errc::malformed, "an address is name@example.org, in ASCII"};
  return mailbox;
}

Result<MailServer> parse_mail_server(std::string_view url) {
  const Error wrong{Errc::malformed, "expected smtp://host[:port] or smtps://host[:port]"};
  MailServer server;
  if (url.starts_with("smtps://")) {
    server.tls_from_start = true;
    server.port = 465;
    url.remove_prefix(8);
  } else if (url.starts_with("smtp://")) {
    url.remove_prefix(7);
  } else {
    return wrong;
  }
  const std::size_t end_of_host = url.starts_with('[') ? url.find(']') : url.find(':');
  if (url.starts_with('[') && end_of_host == std::string_view::npos) return wrong;
  std::string_view host = url.substr(0, end_of_host);
  std::string_view rest = end_of_host == std::string_view::npos ? "" : url.substr(end_of_host);
  if (host.starts_with('[')) {
    host.remove_prefix(1);
    rest.remove_prefix(1);
  }
  const bool fits = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':';
  });
  if (host.empty() || host.size() > 253 || !fits) return wrong;
  server.host = host;
  if (rest.empty()) return server;
  rest.remove_prefix(1);
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), server.port);
  if (failed != std::errc{} || end != rest.data() + rest.size() || server.port == 0) return wrong;
  return server;
}

}  // namespace pw
