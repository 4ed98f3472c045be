// Where mail goes: people's addresses, and the server that takes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace pw {

// One mailbox: `address` is ASCII, `name` may be empty and is any text.
struct Mailbox {
  std::string name{};
  std::string address;
};

// "Name <local@domain>" or "local@domain". `malformed`: quotes, comments, groups,
// several addresses, anything that is not ASCII beside the name (SMTPUTF8, RFC 6531,
// is not spoken), an address of more than 254 bytes.
Result<Mailbox> parse_mailbox(std::string_view text);

struct MailServer {
  std::string host;  // a name, or a numeric address without brackets
  std::uint16_t port = 587;
  bool tls_from_start = false;  // smtps: before a word is said; smtp: STARTTLS, required
};

// "smtp://mail.example.org[:587]" or "smtps://mail.example.org[:465]". `malformed`:
// anything else, user information and paths among it.
Result<MailServer> parse_mail_server(std::string_view url);

}  // namespace pw
