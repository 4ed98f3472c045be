#include "daemon/app/wires.h"

#include <algorithm>
#include <csignal>

#include "daemon/core/mail_address.h"
#include "daemon/http/address_guard.h"
#include "daemon/http/deadline.h"
#include "daemon/http/ip_address.h"
#include "daemon/outbox/mail_wire.h"
#include "daemon/outbox/program_wire.h"

namespace pw {
namespace {

namespace asio = boost::asio;

constexpr Millis lookup_max{5'000};

// The guard of mail servers: every address of the name, or none.
class MailGuard {
 public:
  MailGuard(asio::io_context& io, Lookup lookup, Allowance allowance)
      : lookup_(io, std::move(lookup), lookup_max),
        deadlines_(io, lookup_max),
        allowance_(std::move(allowance)) {}

  asio::awaitable<Result<std::vector<std::string>>> resolve(std::string host) {
    Result<std::vector<std::string>> addresses = std::vector<std::string>(1, host);
    if (!parse_ip(host)) {
      Deadline deadline(deadlines_);
      addresses = co_await lookup_.resolve(host, deadline);
    }
    if (!addresses) co_return addresses;
    if (addresses->empty()) co_return Error{Errc::transient, "no address for " + host};
    const auto& exempt = allowance_.hosts;
    if (std::find(exempt.begin(), exempt.end(), host) != exempt.end()) co_return addresses;
    for (const std::string& address : *addresses) {
      if (const auto checked = check_address(address); !checked)
        co_return Error{checked.error().code, host + ": " + checked.error().detail};
    }
    co_return addresses;
  }

 private:
  NameLookup lookup_;
  DeadlineQueue deadlines_;
  Allowance allowance_;
};

std::string address_of(const std::string& text) {
  const Result<Mailbox> mailbox = parse_mailbox(text);
  return mailbox ? mailbox->address : std::string();
}

Result<std::unique_ptr<Fetcher>> mail_wire(asio::io_context& io, const Config& config,
                                           const SinkConfig& sink, Lookup lookup) {
  const Result<MailServer> server = parse_mail_server(sink.url.value);
  if (!server) return server.error();
  MailRoute route{*server, address_of(sink.from), {}, sink.user, {}, config.http.ca_file};
  for (const std::string& reader : sink.to) route.to.push_back(address_of(reader));
  if (sink.secret) route.password = sink.secret->value;
  auto guard = std::make_shared<MailGuard>(io, std::move(lookup), sink.allowance);
  return make_mail_wire(io, std::move(route),
                        [guard](std::string host) { return guard->resolve(std::move(host)); });
}

}  // namespace

Result<std::unique_ptr<Fetcher>> make_wire(asio::io_context& io, const Config& config,
                                           const SinkConfig& sink, Lookup lookup) {
  // A program that does not read its message, and a server that hangs up, end a write
  // and not this process.
  std::signal(SIGPIPE, SIG_IGN);
  if (sink.type == "email") return mail_wire(io, config, sink, std::move(lookup));
  if (sink.type == "exec" && !sink.command.empty()) return make_program_wire(io, sink.command);
  return Error{Errc::malformed, "a " + sink.type + " sink is reached by HTTP"};
}

}  // namespace pw
