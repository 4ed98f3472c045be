// Findings and their reviews as the log tells them. Of a finding it keeps what a
// verdict needs, and what people have said of it, on a shelf; in memory there is
// only which accounts have any.
#pragma once

#include <map>
#include <string>
#include <unordered_set>

#include "daemon/core/hash.h"
#include "daemon/core/pledge.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/post_book.h"
#include "daemon/ledger/shelf.h"

namespace pw {

class FindingBook {
 public:
  // Not owned.
  explicit FindingBook(Shelf& shelf) : shelf_(shelf) {}

  // A finding that was logged twice is one.
  void note_finding(const FindingEntry& entry);
  // False when no such finding was logged before.
  bool note_review(const ReviewEntry& entry);

  // What counts against `account` in `window`, less what came before `from`. What
  // stands inside only if our clock was right to within `clock_doubt` is unclear.
  // `posts` knows the surfaces, for exemptions of some.
  FindingTally tally(AccountNumber account, const Window& window, Instant from,
                     const Pledge& pledge, int publish_needs, Millis clock_doubt,
                     const PostBook& posts) const;

 private:
  // Each reviewer's last word: two confirmations from one are one.
  using Words = std::map<std::string, FindingState>;

  struct Case {
    Digest post{};  // its name in the log
    Interval appeared{};
    bool counts = false;  // a breach that alerts
    FindingState state = FindingState::open;
    Words words{};
  };
  static std::string print_case(const Case& c);
  static Case read_case(std::string_view note);

  static Ternary exempted(AccountNumber account, const Case& c, const Pledge& pledge,
                          const PostBook& posts);
  static void count(FindingTally& tally, const Case& c, Ternary exempt, int publish_needs);

  Shelf& shelf_;
  std::unordered_set<AccountNumber> accounts_;  // that have any
};

}  // namespace pw
