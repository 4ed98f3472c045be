// The simulated platforms, and the receiver of webhooks, behind a loopback
// HTTP/1.1 server: /instagram, /mastodon/HOST, /bluesky, /feed/NAME, /hook/NAME.
#pragma once

#include <cstdint>
#include <memory>

#include "daemon/core/result.h"
#include "daemon/rehearsal/receiver.h"
#include "daemon/rehearsal/world.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/task_group.h"

namespace pw {

struct SimServerLimits {
  std::size_t header_bytes_max = 65'536;
  std::size_t body_bytes_max = 1'048'576;
  int connections_max = 1'000;  // a further one is closed at once
};

class SimServer {
 public:
  // Binds 127.0.0.1 alone; port 0 takes a free one. `transient` when it is in
  // use. The clock outlives the server.
  static Result<std::unique_ptr<SimServer>> listen(const boost::asio::any_io_executor& executor,
                                                   Clock& clock, std::uint16_t port,
                                                   SimServerLimits limits = {});
  ~SimServer();

  std::uint16_t port() const;
  // Known only after listen(), since what is served may name the port. Both
  // outlive the server; until then everything is 404.
  void serve(const SimWorld& world, Receiver& receiver);

  // Until cancelled; then every connection is closed and waited for.
  boost::asio::awaitable<void> run();

  std::uint64_t requests() const;

 private:
  struct State;
  explicit SimServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pw
