// Findings and their reviews as the log tells them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/pledge.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/judgement.h"

namespace pw {

class FindingBook {
 public:
  // The surface of a post that a finding may name, for exemptions of some surfaces.
  void note_post(const PostEntry& entry);
  // A finding that was logged twice is one.
  void note_finding(const FindingEntry& entry);
  // False when no such finding was logged before.
  bool note_review(const ReviewEntry& entry);

  // What counts against `account` in `window`, less what came before `from`. What
  // stands inside only if our clock was right to within `clock_doubt` is unclear.
  FindingTally tally(AccountNumber account, const Window& window, Instant from,
                     const Pledge& pledge, int publish_needs, Millis clock_doubt) const;

 private:
  struct Case {
    Finding finding;
    // Each reviewer's last word: two confirmations from one are one.
    std::map<std::string, FindingState> words{};
  };
  Ternary exempted(const Case& c, const Pledge& pledge) const;
  static void count(FindingTally& tally, const Case& c, Ternary exempt, int publish_needs);

  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<Case> cases_;
  std::unordered_map<AccountNumber, std::vector<std::size_t>> by_account_;
  std::unordered_map<std::string, Surface> surfaces_;  // by the post's name in the log
};

}  // namespace pw
