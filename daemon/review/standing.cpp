#include "daemon/review/standing.h"

#include <algorithm>

namespace pw {
namespace {

void decide(std::vector<Word>& words, const Review& review) {
  const auto own = std::find_if(words.begin(), words.end(),
                                [&](const Word& word) { return word.reviewer == review.reviewer; });
  if (review.decision == FindingState::open) {
    if (own != words.end()) words.erase(own);
  } else if (own == words.end()) {
    words.push_back({review.reviewer, review.decision, review.reason, review.at});
  } else {
    *own = {review.reviewer, review.decision, review.reason, review.at};
  }
}

void take(FindingStanding& standing, const Review& review) {
  switch (review.act) {
    case ReviewAct::decide:
      decide(standing.words, review);
      break;
    case ReviewAct::note:
      standing.notes.push_back({review.reviewer, review.reason, review.at});
      break;
    case ReviewAct::assign:
      standing.assignee = review.assignee;
      break;
    case ReviewAct::answer:
      standing.answers.push_back({review.reviewer, review.reason, review.at});
      break;
  }
}

bool by_person(const Word& word) { return is_person(word.reviewer); }

}  // namespace

FindingStanding standing_of(std::span<const Review> history, int publish_needs) {
  FindingStanding standing;
  standing.needed = std::max(1, publish_needs);
  for (const Review& review : history) take(standing, review);
  const auto& words = standing.words;
  const bool people = std::any_of(words.begin(), words.end(), by_person);
  FindingState agreed = FindingState::open;
  for (const Word& word : words) {
    if (people && !by_person(word)) continue;
    // No rule confirms, whatever a store says.
    if (!by_person(word) && word.decision == FindingState::confirmed) continue;
    if (agreed != FindingState::open && agreed != word.decision) standing.contradicted = true;
    agreed = word.decision;
    standing.confirmations += word.decision == FindingState::confirmed ? 1 : 0;
  }
  const bool short_of =
      agreed == FindingState::confirmed && standing.confirmations < standing.needed;
  if (!standing.contradicted && !short_of) standing.state = agreed;
  return standing;
}

bool may_be_public(const Finding& finding, const FindingStanding& standing) {
  return finding.mode == Mode::alert && standing.state == FindingState::confirmed &&
         standing.confirmations >= std::max(public_people_min, standing.needed);
}

}  // namespace pw
