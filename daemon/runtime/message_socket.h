// A connection that carries whole messages both ways: what streams see of the
// network. The HTTP client's WebSockets implement it, and so do tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/core/http.h"
#include "daemon/core/result.h"

namespace pw {

class MessageSocket {
 public:
  virtual ~MessageSocket() = default;

  // One text message. Errors: `transient` the connection is gone. Cancellation
  // throws, and leaves the socket good for nothing but destruction.
  virtual boost::asio::awaitable<Result<Done>> send(std::string_view text) = 0;

  // The next whole message, in `text`, which keeps its capacity. Errors:
  // `transient` the peer closed or has been silent for too long, `malformed` it
  // broke the protocol, a limit, or sent what is no text; `detail` has the close
  // code and the peer's reason. Cancellation throws.
  virtual boost::asio::awaitable<Result<Done>> receive(std::string& text) = 0;
};

class SocketOpener {
 public:
  virtual ~SocketOpener() = default;

  // `request.url` is ws:// or wss://; its allowance is treated as in Fetcher.
  // Errors: `refused` the address guard, TLS verification or the server said no,
  // `transient` nobody answers, `malformed` what answers is no WebSocket.
  virtual boost::asio::awaitable<Result<std::unique_ptr<MessageSocket>>> open(
      const HttpRequest& request) = 0;
};

}  // namespace pw
