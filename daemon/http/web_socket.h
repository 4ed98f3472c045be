// WebSockets over the HTTP client's own connections: the same guard on addresses,
// the same TLS, the same proxies (RFC 6455).
#pragma once

#include <memory>

#include "daemon/http/client.h"
#include "daemon/runtime/message_socket.h"

namespace pw {

class WebSocketOpener final : public SocketOpener {
 public:
  // As HttpClient::make. `io` outlives the opener, which outlives its sockets.
  static Result<std::unique_ptr<WebSocketOpener>> make(boost::asio::io_context& io,
                                                       HttpOptions options);
  ~WebSocketOpener() override;

  // A peer that is silent for a minute and a half, although it is pinged, is
  // gone. No message may be longer than 16 MiB.
  boost::asio::awaitable<Result<std::unique_ptr<MessageSocket>>> open(
      const HttpRequest& request) override;

 private:
  struct State;
  explicit WebSocketOpener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pw
