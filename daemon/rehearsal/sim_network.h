// The simulated platforms as a network: a Fetcher without sockets, in whatever
// time its clock keeps.
#pragma once

#include "daemon/rehearsal/receiver.h"
#include "daemon/rehearsal/request_counts.h"
#include "daemon/rehearsal/sim_activity.h"
#include "daemon/rehearsal/world.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct SimNetworkOptions {
  Millis deadline = std::chrono::seconds(30);  // the client's own: when it gives up
};

class SimNetwork final : public Fetcher {
 public:
  // Both outlive the network.
  SimNetwork(const SimWorld& world, Clock& clock, SimNetworkOptions options = {});

  // As Fetcher says, and as the real client behaves: an allowance never follows
  // a redirect, so one that would need it is `refused`.
  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override;

  // From now on /hook/NAME on loopback is answered by it; it outlives the network.
  void serve_hooks(Receiver& receiver) { receiver_ = &receiver; }

  // ... and what is asked of X's Activity API by this one, which outlives it too.
  void serve_activity(SimActivity& activity) { activity_ = &activity; }

  std::uint64_t requests() const { return requests_; }

 private:
  SimAnswer answer_to(const HttpRequest& request);
  boost::asio::awaitable<Result<Done>> exchange(const HttpRequest& request, Instant deadline,
                                                HttpResponse& response);

  const SimWorld& world_;
  Clock& clock_;
  SimNetworkOptions options_;
  Receiver* receiver_ = nullptr;
  SimActivity* activity_ = nullptr;
  RequestCounts counts_;
  std::uint64_t requests_ = 0;
};

}  // namespace pw
