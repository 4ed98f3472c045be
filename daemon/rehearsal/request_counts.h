// The one state that simulated platforms have: how often they were asked. Kept by
// whoever serves them, so that the platforms stay functions.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "daemon/core/time.h"

namespace pw {

// So many requests in a span of time, counted under a name.
struct LimitRule {
  std::string key;
  int requests = 0;
  Millis window{0};
  // True: any span of that length. False: spans aligned to the clock, as
  // Mastodon counts (platforms-open 4.3).
  bool rolling = false;
};

struct LimitState {
  LimitRule rule;
  int used = 0;  // this request included
  Instant resets_at{};

  bool exceeded() const { return used > rule.requests; }
  int remaining() const { return used >= rule.requests ? 0 : rule.requests - used; }
};

class RequestCounts {
 public:
  // Counts one request and tells how things stand. `now` must not go backwards
  // by more than a window. Remembers at most ten times the limit.
  LimitState take(const LimitRule& rule, Instant now);

 private:
  std::map<std::string, std::deque<Instant>> taken_;
};

}  // namespace pw
