// Where a finding stands, from everything that was said of it. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/core/review.h"

namespace pw {

// What somebody says of a finding now: the last decision, until taken back.
struct Word {
  std::string reviewer;
  FindingState decision = FindingState::open;  // never open
  std::string reason;
  Instant at{};
};

struct ReviewRemark {
  std::string by;
  std::string text;
  Instant at{};
};

struct FindingStanding {
  FindingState state = FindingState::open;
  // In the order in which people first spoke. Where they contradict each other
  // all of them stand here and the state is open: nobody overwrites anybody.
  std::vector<Word> words;
  bool contradicted = false;
  int confirmations = 0;  // different people
  int needed = 2;         // for `confirmed`
  std::string assignee{};
  std::vector<ReviewRemark> notes{};
  std::vector<ReviewRemark> answers{};  // the actor's
};

// `history` is of one finding, oldest first. A state other than open is what all
// who have a word agree on: confirmed needs `publish_needs` people (at least one),
// excused and dismissed need one, since they keep something from being said. The
// amnesty rule's word counts only while no person has one.
FindingStanding standing_of(std::span<const Review> history, int publish_needs);

// What may be told to the public: an alerting rule's finding that at least two
// people, and as many as the campaign needs, confirm and nobody contradicts.
inline constexpr int public_people_min = 2;
bool may_be_public(const Finding& finding, const FindingStanding& standing);

}  // namespace pw
