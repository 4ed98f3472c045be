// The web server: sockets, limits, deadlines, streams. What is answered is Site's
// business. One thread; every wait has a deadline, so that a slow client costs a
// place and never a look.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "daemon/core/result.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/log.h"
#include "daemon/web/event_ring.h"
#include "daemon/web/request_parser.h"
#include "daemon/web/site.h"

namespace pw {

struct WebLimits {
  RequestLimits request{};
  EventRingLimits events{};
  // Beyond it the connection that has waited longest for a request makes way.
  std::size_t connections_max = 2000;
  std::size_t streams_max = 1500;
  Millis idle_max{std::chrono::seconds(30)};     // between two requests
  Millis request_max{std::chrono::seconds(10)};  // from its first byte to its last
  Millis write_max{std::chrono::seconds(15)};    // for write_bytes
  std::size_t write_bytes = 64 * 1024;
  Millis heartbeat{std::chrono::seconds(15)};  // of a stream in which nothing happens
};

struct WebServerOptions {
  std::string listen{};          // "127.0.0.1:8420"; empty: no address
  std::string socket{};          // a unix socket's path; empty: none
  std::vector<int> inherited{};  // listening sockets that are open already
  std::string tls_cert{};        // PEM files, for the address and inherited ones
  std::string tls_key{};
  SiteOptions site{};  // `hosts` beside the address itself and this machine's own names
  WebLimits limits{};
};

class WebServer {
 public:
  // Listens; errors are those of the sockets and the files. All but the options
  // outlives the server.
  static Result<std::unique_ptr<WebServer>> open(const boost::asio::any_io_executor& executor,
                                                 Clock& clock, Backend& backend, const Log& log,
                                                 WebServerOptions options);
  ~WebServer();

  // Serves until cancelled; then every connection is closed.
  boost::asio::awaitable<void> run();

  // "http://127.0.0.1:8420" and the unix socket's path.
  const std::vector<std::string>& addresses() const;
  const WebFigures& figures() const;

 private:
  struct State;
  explicit WebServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pw
