// A simulated platform: a pure function of the population, the request and the
// time. It is written from the platforms' documents and shares no code with the
// connectors: it is the other side of the wire.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/request_counts.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

class SimPlatform {
 public:
  virtual ~SimPlatform() = default;

  // Which limits the request counts against.
  virtual std::vector<LimitRule> limits(const SimRequest& request) const = 0;

  // Whom it asks about; null when nobody. For faults of one account alone.
  virtual const SimAccount* account_of(const SimRequest& request) const = 0;

  // The answer, over its limits or not. `usage` goes with limits().
  virtual HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                              Instant now) const = 0;

  // How this platform words a refusal that a fault asks for; `until`: its end.
  virtual HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant until,
                               Instant now) const = 0;
};

// The population outlives the platform.
std::unique_ptr<SimPlatform> simulate_instagram(const Population& population);
std::unique_ptr<SimPlatform> simulate_facebook(const Population& population);
std::unique_ptr<SimPlatform> simulate_threads(const Population& population);
std::unique_ptr<SimPlatform> simulate_ads(const Population& population);
std::unique_ptr<SimPlatform> simulate_mastodon(const Population& population);
std::unique_ptr<SimPlatform> simulate_bluesky(const Population& population);
std::unique_ptr<SimPlatform> simulate_feed(const Population& population);
std::unique_ptr<SimPlatform> simulate_youtube(const Population& population);
std::unique_ptr<SimPlatform> simulate_x(const Population& population);
std::unique_ptr<SimPlatform> simulate_reddit(const Population& population);
std::unique_ptr<SimPlatform> simulate_tiktok(const Population& population);
std::unique_ptr<SimPlatform> simulate_tumblr(const Population& population);
std::unique_ptr<SimPlatform> simulate_telegram(const Population& population);

// Whether the request's token is one of the population's, or any will do.
bool is_welcome(const SimRequest& request, const Population& population);

// An answer with a body; its type goes into Content-Type.
HttpResponse answer_of(int status, std::string body, std::string_view content_type);

// Sets ETag to the digest of the body; of a 200 alone.
void add_etag(HttpResponse& response, bool weak);
// `answer` as somebody gets it who may know it already: 304 without the body when the
// request names its ETag.
HttpResponse if_changed(const HttpResponse& answer, const SimRequest& request);
// Both.
void set_etag(HttpResponse& response, const SimRequest& request, bool weak);

// A counter that grows while people look on: fast at first, then slower; after a week
// it stands.
std::int64_t counter_of(const SimPost& post, Instant now, std::string_view what);
// When it grows next.
Instant counters_move(const SimPost& post, Instant now);

}  // namespace pw
