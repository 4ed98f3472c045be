// One step of a review and what follows from it. Pure: the caller stores the
// step, its log entry and the messages in one transaction.
#pragma once

#include <span>

#include "daemon/core/result.h"
#include "daemon/review/standing.h"

namespace pw {

inline constexpr std::size_t review_text_bytes_max = 4'000;

struct ReviewStep {
  std::size_t number = 1;  // of this finding's steps, from 1
  Review review;           // to be recorded, its text cut of white space at both ends
  FindingStanding before;
  FindingStanding after;
  // False when the same person said the same already: nothing is recorded, so
  // that a request sent twice is one.
  bool changes = true;
  // It may now be told to the public, and could not before.
  bool publishes = false;
  // Who had the finding is told that it stands differently: a review was
  // reversed, or people excused or dismissed what was alerted.
  bool corrects = false;
};

// `history` is all that was said of `finding`, oldest first. `malformed`: a text
// that is too long, not UTF-8, or missing where one is owed (excuse, dismiss, a
// word taken back, a note, an answer); `refused`: a rule that does what only
// people do.
Result<ReviewStep> take_step(const Finding& finding, std::span<const Review> history, Review review,
                             int publish_needs);

}  // namespace pw
