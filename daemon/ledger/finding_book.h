// Findings and their reviews as the log tells them. The daemon's board holds one of
// these for as long as it runs, so of a finding it keeps what a verdict needs, and what
// people have said of it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "daemon/core/hash.h"
#include "daemon/core/pledge.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/post_book.h"

namespace pw {

class FindingBook {
 public:
  FindingBook() = default;
  FindingBook(const FindingBook&) = delete;  // its index points into itself
  FindingBook& operator=(const FindingBook&) = delete;

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
  using Place = std::uint32_t;  // in cases_
  // Each reviewer's last word: two confirmations from one are one.
  using Words = std::map<std::string, FindingState>;

  struct Case {
    Digest id{};    // of the finding's
    Digest post{};  // its name in the log
    Interval appeared{};
    AccountNumber account = 0;
    Place earlier = 0;    // the account's finding before this one, + 1; 0: none
    bool counts = false;  // a breach that alerts
    FindingState state = FindingState::open;
    std::unique_ptr<Words> words{};
  };

  // Finds a place by the finding's digest; digests are mixed well enough.
  struct Hash {
    using is_transparent = void;
    const std::deque<Case>* cases;
    std::size_t operator()(const Digest& id) const;
    std::size_t operator()(Place place) const { return (*this)((*cases)[place].id); }
  };
  struct Same {
    using is_transparent = void;
    const std::deque<Case>* cases;
    const Digest& id_of(Place place) const { return (*cases)[place].id; }
    static const Digest& id_of(const Digest& id) { return id; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return id_of(a) == id_of(b);
    }
  };

  static Ternary exempted(const Case& c, const Pledge& pledge, const PostBook& posts);
  static void count(FindingTally& tally, const Case& c, Ternary exempt, int publish_needs);

  std::deque<Case> cases_;  // grows without moving what is there
  std::unordered_set<Place, Hash, Same> by_id_{0, Hash{&cases_}, Same{&cases_}};
  std::unordered_map<AccountNumber, Place> latest_;  // + 1
};

}  // namespace pw
