#include "daemon/review/step.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "daemon/core/utf8.h"

namespace pw {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

// A confirmation may speak for itself; whatever lifts or adds something says why.
bool owes_text(const Review& review) {
  if (review.act == ReviewAct::assign) return false;
  return review.act != ReviewAct::decide || review.decision != FindingState::confirmed;
}

std::optional<Error> fault_of(const Review& review) {
  if (review.reviewer.empty()) return Error{Errc::refused, "a review has a name"};
  if (!is_person(review.reviewer) &&
      (review.reviewer != amnesty_rule || review.act != ReviewAct::decide ||
       review.decision == FindingState::confirmed || review.decision == FindingState::dismissed))
    return Error{Errc::refused, "only people confirm, dismiss, note, assign and answer"};
  if (review.reason.size() > review_text_bytes_max)
    return Error{Errc::malformed,
                 "a text has at most " + std::to_string(review_text_bytes_max) + " bytes"};
  if (!is_utf8(review.reason) || !is_utf8(review.assignee))
    return Error{Errc::malformed, "a text is UTF-8"};
  if (owes_text(review) && review.reason.empty())
    return Error{Errc::malformed, review.act == ReviewAct::decide
                                      ? "excusing, dismissing or taking a word back needs a reason"
                                      : "a note or an answer needs a text"};
  return std::nullopt;
}

bool says_again(const FindingStanding& before, const Review& review) {
  if (review.act == ReviewAct::assign) return before.assignee == review.assignee;
  if (review.act != ReviewAct::decide) return false;
  const auto own = std::find_if(before.words.begin(), before.words.end(),
                                [&](const Word& word) { return word.reviewer == review.reviewer; });
  if (own == before.words.end()) return review.decision == FindingState::open;
  return own->decision == review.decision && own->reason == review.reason;
}

}  // namespace

Result<ReviewStep> take_step(const Finding& finding, std::span<const Review> history, Review review,
                             int publish_needs) {
  review.finding = finding.id;
  review.reason = trimmed(review.reason);
  review.assignee = trimmed(review.assignee);
  if (auto fault = fault_of(review)) return *std::move(fault);
  ReviewStep step;
  step.number = history.size() + 1;
  step.before = standing_of(history, publish_needs);
  step.changes = !says_again(step.before, review);
  std::vector<Review> longer(history.begin(), history.end());
  if (step.changes) longer.push_back(review);
  step.after = standing_of(longer, publish_needs);
  step.review = std::move(review);

  const FindingState before = step.before.state;
  const FindingState after = step.after.state;
  const bool was_public = may_be_public(finding, step.before);
  const bool is_public = may_be_public(finding, step.after);
  step.publishes = !was_public && is_public;
  const bool lifted = after == FindingState::excused || after == FindingState::dismissed;
  step.corrects =
      (before != after && (before != FindingState::open || lifted)) || (was_public && !is_public);
  return step;
}

}  // namespace pw
