// A world of alerts behind one loopback port, in threads of its own: feeds whose posts
// appear one after the other, and receivers of webhooks, of which /hook/busy and
// /hook/hanging fail at first and any other is well.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/time.h"

namespace pw::test {

struct AlertsWorldOptions {
  int feeds = 1;
  int posts = 1;      // of each feed
  Interval appear{};  // spread evenly over this time ...
  int requests_per_post =
      0;  // ... or, above 0: one after so many requests of feeds each, since begin()
  // Until then /hook/busy answers 429 with Retry-After: 1, and /hook/hanging nothing.
  Instant recovery{};
};

// When a webhook's id first arrived at a receiver.
struct Arrival {
  std::string id;
  Instant first{};
  Instant accepted{};  // epoch: not yet
  int attempts = 0;
  std::string body{};
  bool same_body = true;  // of every attempt
};

class AlertsWorld {
 public:
  explicit AlertsWorld(const AlertsWorldOptions& options);
  ~AlertsWorld();
  AlertsWorld(const AlertsWorld&) = delete;
  AlertsWorld& operator=(const AlertsWorld&) = delete;

  std::uint16_t port() const;
  // Until then no post is there, where requests make them appear.
  void begin();
  // Returns once every feed was read twice; false when it takes longer than that.
  bool wait_for_feeds() const;
  // Returns once so many requests have been heard since it was made, of feeds and
  // hooks together; false when it takes longer than two minutes.
  bool wait_for_requests(std::uint64_t count) const;
  std::uint64_t requests() const;
  // When the feed's post, both from 0, is there for everybody.
  Instant visible(int feed, int post) const;
  // In the order of first arrival.
  std::vector<Arrival> arrivals(const std::string& hook) const;
  std::size_t accepted(const std::string& hook) const;  // ids
  // Whether so many ids have been accepted; waits for them as above.
  bool wait_for_accepted(const std::string& hook, std::size_t count) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Instant wall_now();

}  // namespace pw::test
