// How the day goes, as of now: counts that the live table and the service's
// status line show. It claims nothing: while a window runs it says "nothing seen
// so far", never "kept".
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/look.h"
#include "daemon/core/pledge.h"

namespace pw {

// One platform's row.
struct PlatformCount {
  std::string platform;
  int accounts = 0;
  int seen = 0;       // observed at least once
  int blind = 0;      // whose last look observed nothing
  Millis gap_max{0};  // the longest gap between observing looks so far
  int findings = 0;
};

struct LatestFinding {
  Instant at;
  std::string summary;
};

class Board {
 public:
  void watch(const Account& account);
  void heard(const Look& look);
  void found(const Finding& finding, Instant at);

  std::uint64_t looks() const { return looks_; }
  std::uint64_t looks_with(Outcome outcome) const {
    return by_outcome_[static_cast<std::size_t>(outcome)];
  }
  // Gaps still open count up to `now`.
  std::vector<PlatformCount> platforms(Instant now) const;
  // When the last look that observed did so, as far as is known; epoch: none has.
  Instant observed(AccountNumber account) const {
    return account < seen_.size() ? seen_[account].observed : Instant{};
  }
  // The longest that a post of this account can have stood before its finding was
  // made. Findings that people must place in time first say nothing of how quick we
  // are.
  std::optional<Millis> slowest(AccountNumber account) const;
  const std::deque<LatestFinding>& latest() const { return latest_; }
  int findings() const { return findings_; }

 private:
  struct Seen {
    std::uint32_t platform = 0;
    Instant observed{};
    Millis gap_max{0};
    std::optional<Millis> slowest{};
    bool blind = false;
    bool watched = false;
  };

  std::vector<Seen> seen_;  // by account number
  std::vector<PlatformCount> platforms_;
  std::array<std::uint64_t, outcome_names.size()> by_outcome_{};
  std::uint64_t looks_ = 0;
  int findings_ = 0;
  std::deque<LatestFinding> latest_;  // newest first, a handful
};

}  // namespace pw
