// Hands a message to a mail server: SMTP submission (RFC 6409) over TLS, by libcurl's
// multi-socket interface on the one io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/mail_address.h"
#include "daemon/runtime/fetcher.h"

namespace boost::asio {
class io_context;
}

namespace pw {

struct MailRoute {
  MailServer server;
  std::string from;  // the envelope's addresses: ASCII, without names
  std::vector<std::string> to;
  std::string user{};           // empty: nobody logs in
  std::string password{};       // a secret
  std::string extra_ca_file{};  // PEM, beside the system's authorities
};

// Every address that the message may go to, checked by the caller's guard: libcurl
// itself resolves nothing and connects to no other. `refused`: the guard said no.
using ResolveHost =
    std::function<boost::asio::awaitable<Result<std::vector<std::string>>>(std::string host)>;

// A Fetcher whose request is a message (`body`, RFC 5322) and whose answer is the
// server's last reply: `status` is its code (250, 451, 550), `body` its refusals.
// TLS 1.2 or newer, always, the certificate verified against the host's name; without
// it no user, no password and no message is said. A reader whom the server refuses
// does not keep the message from the others; it is named in `body`.
//
// Errors: `refused` the guard or TLS said no and nothing was sent; `transient` no
// reply: the message may have arrived. `io` outlives it. Cancellation ends the
// connection at once.
std::unique_ptr<Fetcher> make_mail_wire(boost::asio::io_context& io, MailRoute route,
                                        ResolveHost resolve);

// What an SMTP reply means, as HTTP says it: 2yz accepted, 4yz later, refused
// credentials (530, 534, 535, 538) as 401, other 5yz never.
struct MailMeaning {
  int status = 0;
  bool hopeless = false;
};
MailMeaning mail_meaning(int code);

}  // namespace pw
