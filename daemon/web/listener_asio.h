// Where the server listens: an address, a unix socket, or a socket that somebody
// else opened and handed over (systemd's socket activation, sd_listen_fds(3)).
#pragma once

#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "daemon/core/result.h"
#include "daemon/web/wire_asio.h"

namespace pw {

using WireAcceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

struct Listener {
  WireAcceptor acceptor;
  std::string address;  // "127.0.0.1:8420", or the unix socket's path
  bool local_socket = false;
  std::string unlink_path{};  // ours to remove at the end
};

// "127.0.0.1:8420", "[::1]:0"; port 0 is any free one, which `address` then names.
Result<Listener> listen_on(const boost::asio::any_io_executor& executor,
                           const std::string& address);

// Mode 0600. A socket left over by a process that is gone is replaced; one that
// somebody answers on is `refused`.
Result<Listener> listen_on_path(const boost::asio::any_io_executor& executor,
                                const std::string& path);

// A listening stream socket that is open already; it is ours from now on.
Result<Listener> listen_on_fd(const boost::asio::any_io_executor& executor, int fd);

// TLS 1.2 or newer with the files' chain and key.
Result<std::unique_ptr<boost::asio::ssl::context>> tls_context(const std::string& cert_file,
                                                               const std::string& key_file);

}  // namespace pw
