// Accounts of the organisers' own that post on a schedule. While a connector shows
// their posts, the silence of others is theirs; a post that does not show in time makes
// the connector blind since the last one that did. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/time.h"
#include "daemon/ledger/coverage.h"

namespace pw {

// Spans within `window` in which no post of the canary showed in time. `shown` are the
// latest moments at which each of its posts appeared, sorted: proof that what was
// published until then could be seen. `late` is how long a post may take to show: the
// connector's lag and the longest gap promised. `until` is as far as the log goes.
std::vector<Interval> missed_posts(std::span<const Instant> shown, Interval window, Millis every,
                                   Millis late, Instant until);

// A coverage that claims nothing for `unseen`: the gap around each reaches from the
// last look before it to the first after it, of which no more is known than that
// neither is further away than the longest gap.
void blind_out(Coverage& coverage, std::span<const Interval> unseen, Millis lag);

// The canaries of a log, by connector.
class CanaryBook {
 public:
  void enrol(AccountNumber account, const std::string& connector, Millis every, Millis late);
  bool is_canary(AccountNumber account) const { return canaries_.contains(account); }
  void note_post(AccountNumber account, Instant shown);

  // Where any canary of the connector missed a post.
  std::vector<Interval> unseen(const std::string& connector, Interval window, Instant until) const;

 private:
  struct Canary {
    std::string connector;
    Millis every{0};
    Millis late{0};
    std::vector<Instant> shown{};
  };
  std::map<AccountNumber, Canary> canaries_;
};

}  // namespace pw
