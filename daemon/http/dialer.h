// From a target to an open connection: every address of its name is checked,
// then one is connected to, so that nothing can be resolved differently in
// between.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/http/connection.h"
#include "daemon/http/deadline.h"
#include "daemon/http/name_lookup.h"
#include "daemon/http/proxy.h"
#include "daemon/http/target.h"
#include "daemon/http/tls.h"

namespace pw {

// Where a connection leads and by which way. The pointers outlive the dialling.
struct Route {
  const Target* target = nullptr;
  const ProxyServer* proxy = nullptr;  // null: straight
  bool is_exempt = false;              // the operator named this host: no guard
  std::string_view place{};            // the pool's name for all of this
};

class Dialer {
 public:
  // A try of one address of several ends after `attempt_max`.
  Dialer(boost::asio::io_context& io, Tls& tls, Lookup lookup, Millis lookup_max,
         Millis attempt_max);

  // `refused` when one address of the name is not public, whatever the others
  // are, or TLS verification failed; `transient` when nothing answers.
  // Behind a proxy the name is resolved and checked here all the same. https is
  // tunnelled to the checked numeric address, so the proxy cannot be led
  // elsewhere; plain http has to be sent by name, and then the proxy's own
  // answer to that name counts: that gap cannot be closed from here.
  boost::asio::awaitable<Result<std::unique_ptr<Connection>>> dial(const Route& route,
                                                                   Deadline& deadline);

 private:
  using Addresses = std::vector<std::string>;

  boost::asio::awaitable<Result<Addresses>> addresses_of(const std::string& host,
                                                         Deadline& deadline);
  boost::asio::awaitable<Result<Addresses>> checked_addresses(const Route& route,
                                                              Deadline& deadline);
  boost::asio::awaitable<Result<std::unique_ptr<Connection>>> connect(const Addresses& addresses,
                                                                      std::uint16_t port,
                                                                      Deadline& deadline);
  boost::asio::awaitable<Result<Done>> connect_once(Connection& connection,
                                                    const std::string& address, std::uint16_t port,
                                                    bool is_last);
  boost::asio::awaitable<Result<Done>> tunnel(Connection& connection, const ProxyServer& proxy,
                                              const std::string& address, std::uint16_t port);

  boost::asio::io_context& io_;
  Tls& tls_;
  NameLookup lookup_;
  DeadlineQueue attempts_;
};

// IPv6 and IPv4 by turns, the first family first (RFC 8305 section 4), so that a
// broken one costs a single attempt.
std::vector<std::string> interleaved(const std::vector<std::string>& addresses);

}  // namespace pw
