// All simulated platforms together, with their faults: what comes back for any
// request at any time. The network of a rehearsal and the loopback server both
// stand on this one function.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "daemon/core/http.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/request_counts.h"

namespace pw {

// How an answer gets to whoever asked.
enum class SimDelivery {
  whole,
  reset,    // the connection is dropped instead
  hang,     // nothing ever comes
  cut,      // half of the body, then the connection is dropped
  garbled,  // the body as it is, declared as gzip
  bomb,     // a few bytes of gzip that decode to more than anybody takes
};

struct SimAnswer {
  HttpResponse response{};
  Millis latency{0};  // until its first byte
  Millis drip{0};     // over which the rest then comes
  SimDelivery delivery = SimDelivery::whole;
};

class SimWorld {
 public:
  // The population outlives the world.
  explicit SimWorld(const Population& population);

  // Pure but for `counts`. `response.received` is left to the network.
  SimAnswer answer(const HttpRequest& request, Instant now, RequestCounts& counts) const;

  const Population& population() const { return population_; }

 private:
  const SimPlatform* platform_named(const std::string& name) const;
  SimAnswer answer_faulty(const SimPlatform& platform, const SimRequest& request,
                          const Fault& fault, const std::vector<LimitState>& usage,
                          Instant now) const;
  HttpResponse answer_misled(const SimPlatform& platform, const SimRequest& request, FaultKind kind,
                             const std::vector<LimitState>& usage, Instant now) const;

  const Population& population_;
  std::array<std::unique_ptr<SimPlatform>, 13> platforms_;
};

// The fault that strikes this request at `now`; null when none does. The first
// in the population's order wins.
const Fault* fault_at(const Population& population, const SimRequest& request,
                      const SimAccount* account, Instant now);

}  // namespace pw
