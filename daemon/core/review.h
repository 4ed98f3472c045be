// What people (and one rule) said of a finding: one record for each step, never
// changed afterwards. What follows from them is daemon/review's.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/finding.h"
#include "daemon/core/time.h"

namespace pw {

enum class ReviewAct {
  decide,  // confirm, excuse, dismiss, or take one's word back (open)
  note,    // a remark; decides nothing
  assign,  // who looks into it
  answer,  // what the actor says of it, as written down by a reviewer
};
inline constexpr std::array<std::string_view, 4> review_act_names = {"decide", "note", "assign",
                                                                     "answer"};
constexpr std::string_view name_of(ReviewAct act) {
  return review_act_names[static_cast<std::size_t>(act)];
}
std::optional<ReviewAct> parse_review_act(std::string_view name);

struct Review {
  std::string finding;
  std::string reviewer;                        // a name, never a token
  FindingState decision = FindingState::open;  // of `decide`; open takes a word back
  std::string reason;                          // the decision's reason, the remark, the answer
  Instant at{};
  ReviewAct act = ReviewAct::decide;
  std::string assignee{};  // of `assign`; empty: nobody
};

// Excuses what was removed in time. No person may have this name, and it is no
// person: a colon cannot stand in a reviewer's.
inline constexpr std::string_view amnesty_rule = "rule:amnesty";
inline bool is_person(std::string_view reviewer) {
  return reviewer.find(':') == std::string_view::npos;
}

}  // namespace pw
