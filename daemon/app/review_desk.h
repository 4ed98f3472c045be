// Where people's decisions are taken: from a request to one transaction with the
// log's entry and the messages that follow. Used by the daemon, and by the command
// line while no daemon runs.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/review/step.h"
#include "daemon/screen/screener.h"

namespace pw {

struct ReviewRequest {
  std::string finding;   // its id
  std::string reviewer;  // a name of the configuration, authenticated by the caller
  ReviewAct act = ReviewAct::decide;
  FindingState decision = FindingState::open;  // of `decide`; open takes the word back
  std::string text{};                          // reason, note or the actor's answer
  std::string assignee{};                      // of `assign`: a reviewer's name, or empty
};

struct ReviewOutcome {
  Finding finding;                       // as it is now
  FindingStanding standing;              // all words, notes and answers
  bool changed = true;                   // false: the same was said before
  std::vector<std::string> published{};  // public sinks that are told now
  std::vector<std::string> corrected{};  // sinks that are told of the reversal
};

// One finding with everything people need to decide on it.
struct FindingView {
  Finding finding;
  Account account;
  std::string actor;
  StoredPost post;  // empty but for its id where it was erased
  bool erased = false;
  FindingStanding standing;
  std::vector<Review> history;
};

class ReviewDesk {
 public:
  // All of it outlives the desk; `grounds` may change in between.
  ReviewDesk(Store& store, const Config& config, const Grounds& grounds)
      : store_(store), config_(config), grounds_(grounds) {}

  // `gone`: no such finding; `refused`: the name may not decide; `malformed`: the
  // request is not whole. Everything or nothing is stored.
  Result<ReviewOutcome> take(const ReviewRequest& request, Instant now);
  // What the amnesty rule says of a finding whose post went in time.
  Result<ReviewOutcome> excuse_by_rule(const std::string& finding, std::string reason, Instant now);

  // In time proportional to what is asked for.
  Result<std::vector<FindingView>> findings(const FindingsAsk& ask);
  // Open ones that alert, oldest first; of a reviewer's name: those that lack that
  // one's word.
  Result<std::vector<FindingView>> waiting(const std::string& reviewer, const std::string& beyond,
                                           int limit);
  // `gone`: no such finding.
  Result<FindingView> finding(const std::string& id);

 private:
  Result<std::vector<FindingView>> views_of(Result<std::vector<Finding>> findings);
  Result<FindingView> view_of(Finding finding);
  Result<ReviewOutcome> record(const Finding& finding, Review review);
  Result<Done> follow(const Finding& finding, const ReviewStep& step, ReviewCommit& commit,
                      ReviewOutcome& outcome);
  Result<StoredPost> post_of(const Finding& finding);
  const Account* account_of(const Finding& finding) const;

  Store& store_;
  const Config& config_;
  const Grounds& grounds_;
};

}  // namespace pw
