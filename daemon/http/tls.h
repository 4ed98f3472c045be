// How we speak TLS: 1.2 or later, the peer's certificate verified for the host
// that was asked for, sessions resumed per host.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

struct ssl_st;

namespace boost::asio::ssl {
class context;
}
namespace boost::system {
class error_code;
}

namespace pw {

constexpr std::size_t tls_sessions_max = 4096;  // hosts; the oldest goes first

class Tls {
 public:
  // Trusts the system's certificate authorities and those in `extra_ca_file`
  // (PEM; empty: none). `refused` when the file cannot be read.
  static Result<std::unique_ptr<Tls>> make(const std::string& extra_ca_file);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  boost::asio::ssl::context& context();

  // Tells a fresh connection whom to expect, and offers the last session of that
  // host. `session_key` names host, port and way there; it outlives `ssl`.
  Result<Done> prepare(ssl_st* ssl, const std::string& host, bool is_ip_literal,
                       const std::string& session_key);

 private:
  struct State;
  explicit Tls(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Why a handshake failed: `refused` when the certificate or the protocol version
// was at fault, `malformed` when the peer does not speak TLS, else `transient`.
Error tls_error(ssl_st* ssl, const boost::system::error_code& error);

}  // namespace pw
