// A web server on real sockets in a thread of its own, and a client that blocks
// for at most five seconds.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/web/server.h"
#include "tests/web/sample_backend.h"

namespace pw::test {

class Served {
 public:
  explicit Served(WebServerOptions options);
  ~Served();

  std::uint16_t port() const;
  // The sample's first account takes this state.
  void change(CellState state);
  // This reviewer is named no longer.
  void dismiss(const std::string& name);
  WebFigures figures() const;
  // What a further server with these options complains of; empty: nothing.
  std::string opens(WebServerOptions options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Client {
 public:
  explicit Client(std::uint16_t port);
  explicit Client(const std::string& socket_path);
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes);
  // One whole answer with a Content-Length, or its head where it has none.
  std::string ask(std::string_view request);
  // Everything up to and with `mark`; what follows is kept. Empty: it never came.
  std::string read_until(std::string_view mark);
  // Until the other side ends.
  std::string read_all();
  void close();

 private:
  bool read_more();
  int fd_ = -1;
  std::string bytes_;
};

}  // namespace pw::test
