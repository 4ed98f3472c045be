#include "daemon/http/dialer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "daemon/http/address_guard.h"
#include "daemon/http/answer_reader.h"
#include "daemon/http/exchange.h"
#include "daemon/http/ip_address.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr std::size_t tunnel_answer_bytes_max = 8 * 1024;

// It is not the platform that fails.
Error at_proxy(const ProxyServer& proxy, const Error& error) {
  return {error.code, "the proxy " + host_and_port(proxy.host, proxy.port) + ": " + error.detail};
}

std::string connect_request(const ProxyServer& proxy, const std::string& authority) {
  std::string text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.authorization.empty()) {
    text += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  }
  return text + "\r\n";
}

// Only 2xx opens a tunnel (RFC 9110 section 9.3.6).
Result<Done> judge_tunnel(int status) {
  if (status >= 200 && status < 300) return Done{};
  const std::string detail = "the proxy answered CONNECT with " + std::to_string(status);
  return Error{status >= 500 ? Errc::transient : Errc::refused, detail};
}

}  // namespace

Dialer::Dialer(asio::io_context& io, Tls& tls, Lookup lookup, Millis lookup_max, Millis attempt_max)
    : io_(io), tls_(tls), lookup_(io, std::move(lookup), lookup_max), attempts_(io, attempt_max) {}

asio::awaitable<Result<std::unique_ptr<Connection>>> Dialer::dial(const Route& route,
                                                                  Deadline& deadline) {
  const Target& target = *route.target;
  auto addresses = co_await checked_addresses(route, deadline);
  if (!addresses) co_return addresses.error();
  const std::string first = addresses->front();
  std::uint16_t port = target.port;
  if (route.proxy) {
    addresses = co_await addresses_of(route.proxy->host, deadline);
    if (!addresses) co_return at_proxy(*route.proxy, addresses.error());
    port = route.proxy->port;
  }
  auto connection = co_await connect(*addresses, port, deadline);
  if (!connection && route.proxy) co_return at_proxy(*route.proxy, connection.error());
  if (!connection || target.scheme == Scheme::http) co_return connection;

  const Deadline::Watch watch(deadline, **connection);
  if (route.proxy) {
    auto opened = co_await tunnel(**connection, *route.proxy, first, target.port);
    if (!opened) co_return opened.error();
  }
  auto secured = co_await (*connection)
                     ->start_tls(tls_, target.host, target.is_ip_literal, std::string(route.place));
  if (!secured) co_return secured.error();
  co_return connection;
}

asio::awaitable<Result<Dialer::Addresses>> Dialer::addresses_of(const std::string& host,
                                                                Deadline& deadline) {
  if (parse_ip(host)) co_return Addresses(1, host);
  auto found = co_await lookup_.resolve(host, deadline);
  if (found && found->empty()) co_return Error{Errc::transient, "no address for " + host};
  co_return found;
}

asio::awaitable<Result<Dialer::Addresses>> Dialer::checked_addresses(const Route& route,
                                                                     Deadline& deadline) {
  auto addresses = co_await addresses_of(route.target->host, deadline);
  if (!addresses || route.is_exempt) co_return addresses;
  for (const std::string& address : *addresses) {
    if (auto checked = check_address(address); !checked) {
      co_return Error{checked.error().code, route.target->host + ": " + checked.error().detail};
    }
  }
  co_return interleaved(*addresses);
}

asio::awaitable<Result<std::unique_ptr<Connection>>> Dialer::connect(const Addresses& addresses,
                                                                     std::uint16_t port,
                                                                     Deadline& deadline) {
  Error last{Errc::transient, "no address to connect to"};
  for (std::size_t i = 0; i < addresses.size() && !deadline.has_passed(); ++i) {
    auto connection = std::make_unique<Connection>(io_);
    const Deadline::Watch watch(deadline, *connection);
    auto opened = co_await connect_once(*connection, addresses[i], port,
                                        /*is_last=*/i + 1 == addresses.size());
    if (opened) co_return connection;
    last = opened.error();
  }
  co_return last;
}

asio::awaitable<Result<Done>> Dialer::connect_once(Connection& connection,
                                                   const std::string& address, std::uint16_t port,
                                                   bool is_last) {
  std::optional<Deadline> of_attempt;
  std::optional<Deadline::Watch> watch;
  if (!is_last) watch.emplace(of_attempt.emplace(attempts_), connection);
  co_return co_await connection.open(address, port);
}

asio::awaitable<Result<Done>> Dialer::tunnel(Connection& connection, const ProxyServer& proxy,
                                             const std::string& address, std::uint16_t port) {
  const std::string request = connect_request(proxy, host_and_port(address, port));
  auto sent = co_await connection.write(request);
  if (!sent) co_return sent.error();

  const AnswerLimits limits{.header_bytes_max = tunnel_answer_bytes_max};
  AnswerReader reader(limits);
  HttpResponse answer;
  reader.begin(Question::connect, answer);
  std::string buffer(tunnel_answer_bytes_max, '\0');
  Progress progress;
  auto answered = co_await read_answer(connection, reader, buffer, progress);
  if (!answered) co_return answered.error();
  if (auto judged = judge_tunnel(answer.status); !judged) co_return judged.error();
  // The far end speaks only after us: such bytes are the proxy's own.
  if (progress.left_over > 0)
    co_return Error{Errc::malformed, "the proxy sent more than its answer"};
  connection.set_peer(address);
  co_return Done{};
}

std::vector<std::string> interleaved(const std::vector<std::string>& addresses) {
  const auto is_v6 = [](const std::string& text) { return text.find(':') != std::string::npos; };
  std::vector<std::string> first, second, mixed;
  for (const std::string& address : addresses) {
    (is_v6(address) == is_v6(addresses.front()) ? first : second).push_back(address);
  }
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

}  // namespace pw
