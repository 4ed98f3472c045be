#include <algorithm>

#include "daemon/web/model.h"

namespace pw {

ReviewStanding standing_of(const FindingModel& finding) {
  ReviewStanding standing;
  for (const ReviewNote& note : finding.reviews) {
    const auto same = [&](const ReviewNote& word) { return word.reviewer == note.reviewer; };
    std::erase_if(standing.words, same);
    if (note.decision != FindingState::open) standing.words.push_back(note);
  }
  for (const ReviewNote& word : standing.words) {
    standing.confirming += word.decision == FindingState::confirmed ? 1 : 0;
    standing.disagree = standing.disagree || word.decision != standing.words.front().decision;
  }
  return standing;
}

}  // namespace pw
