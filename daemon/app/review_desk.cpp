#include "daemon/app/review_desk.h"

#include <algorithm>

#include "daemon/app/sinks.h"
#include "daemon/ledger/entry.h"
#include "daemon/outbox/webhook_body.h"

namespace pw {
namespace {

// Corrections and later publications are messages of their own.
std::string message_id(const Finding& finding, char kind, std::size_t step) {
  return "msg_" + finding.id + '-' + kind + std::to_string(step);
}

bool is_correction(const OutboxRow& row) { return row.id.find("-c") != std::string::npos; }

bool waits(const Delivery& delivery) {
  return delivery.state == DeliveryState::ready || delivery.state == DeliveryState::leased;
}

// Whether somebody may have read it.
bool may_have_arrived(const Delivery& delivery) {
  return delivery.state == DeliveryState::delivered || delivery.maybe_duplicate ||
         (delivery.state == DeliveryState::leased && delivery.attempts > 0);
}

std::string leaf_of(const Review& review, FindingState state) {
  ReviewEntry entry;
  entry.finding = review.finding;
  entry.reviewer = review.reviewer;
  entry.decision = review.decision;
  entry.state = state;
  entry.reason = sha256(review.act == ReviewAct::assign ? review.assignee : review.reason);
  entry.at = review.at;
  if (review.act != ReviewAct::decide) entry.act = name_of(review.act);
  return encode(entry);
}

Result<Finding> finding_of(Store& store, const std::string& id) {
  Result<std::optional<Finding>> finding = store.finding(id);
  if (!finding) return finding.error();
  if (!*finding) return Error{Errc::gone, "no finding " + id.substr(0, 40)};
  return **std::move(finding);
}

// Which deliveries of a reversed finding are taken back, and which sinks are told.
void withdraw(const std::vector<Delivery>& told, const std::vector<SinkRoute>& routes,
              FindingState after, ReviewCommit& commit, std::vector<std::string>& corrected) {
  const bool lifted = after == FindingState::excused || after == FindingState::dismissed;
  commit.unheld = lifted;
  for (const Delivery& delivery : told) {
    const std::string& sink = delivery.row.sink;
    const auto route = std::find_if(routes.begin(), routes.end(),
                                    [&](const SinkRoute& r) { return r.name == sink; });
    if (route == routes.end() || is_correction(delivery.row)) continue;
    const bool alone = delivery.row.also.empty();
    const bool taken_back = waits(delivery) && alone && (lifted || route->is_public);
    if (taken_back) commit.withdrawn.emplace_back(sink, delivery.row.id);
    const bool reads_it = may_have_arrived(delivery) || (waits(delivery) && !taken_back);
    if (reads_it && std::find(corrected.begin(), corrected.end(), sink) == corrected.end())
      corrected.push_back(sink);
  }
}

}  // namespace

Result<ReviewOutcome> ReviewDesk::take(const ReviewRequest& request, Instant now) {
  const Reviewer* person = find_by_name(config_.reviewers, request.reviewer);
  if (person == nullptr || person->role < Role::reviewer)
    return Error{Errc::refused, "this name may not decide"};
  if (!request.assignee.empty() && find_by_name(config_.reviewers, request.assignee) == nullptr)
    return Error{Errc::malformed, "it can be assigned to a configured reviewer only"};
  const Result<Finding> finding = finding_of(store_, request.finding);
  if (!finding) return finding.error();
  Review review{request.finding, person->name, request.decision, request.text, now};
  review.act = request.act;
  if (request.act != ReviewAct::decide) review.decision = FindingState::open;
  if (request.act == ReviewAct::assign) review.assignee = request.assignee;
  return record(*finding, std::move(review));
}

Result<ReviewOutcome> ReviewDesk::excuse_by_rule(const std::string& id, std::string reason,
                                                 Instant now) {
  const Result<Finding> finding = finding_of(store_, id);
  if (!finding) return finding.error();
  return record(*finding,
                {id, std::string(amnesty_rule), FindingState::excused, std::move(reason), now});
}

Result<ReviewOutcome> ReviewDesk::record(const Finding& finding, Review review) {
  const Result<std::vector<Review>> history = store_.reviews_of(finding.id);
  if (!history) return history.error();
  Result<ReviewStep> step = take_step(finding, *history, std::move(review), config_.publish_needs);
  if (!step) return step.error();
  ReviewOutcome outcome;
  outcome.finding = finding;
  outcome.finding.state = step->after.state;
  outcome.standing = step->after;
  outcome.changed = step->changes;
  if (!step->changes) return outcome;
  ReviewCommit commit{step->review};
  commit.state = step->after.state;
  commit.leaves.push_back(leaf_of(step->review, commit.state));
  if (step->publishes || step->corrects) {
    if (const auto followed = follow(outcome.finding, *step, commit, outcome); !followed)
      return followed.error();
  }
  if (const auto stored = store_.commit_review(commit); !stored) return stored.error();
  return outcome;
}

Result<Done> ReviewDesk::follow(const Finding& finding, const ReviewStep& step,
                                ReviewCommit& commit, ReviewOutcome& outcome) {
  const Account* account = account_of(finding);
  // The actor left the roster: there is nobody to word a message about.
  if (account == nullptr) return Done{};
  Result<StoredPost> post = post_of(finding);
  if (!post) return post.error();
  const Subject subject{finding, *post, *account, grounds_.roster.pledges[account->pledge]};
  Result<std::vector<Delivery>> told = store_.deliveries_of(finding.id);
  if (!told) return told.error();
  const Instant now = step.review.at;
  if (step.publishes) {
    for (const SinkRoute& sink : grounds_.sinks) {
      if (!sink.is_public || !wants(sink, subject, labels_of(grounds_, finding.rule))) continue;
      const bool first = std::none_of(told->begin(), told->end(),
                                      [&](const Delivery& d) { return d.row.sink == sink.name; });
      const std::string id = first ? "msg_" + finding.id : message_id(finding, 'p', step.number);
      commit.outbox.push_back({id, sink.name, finding.id, sink.body(subject, now), now});
      outcome.published.push_back(sink.name);
    }
  }
  if (!step.corrects) return Done{};
  withdraw(*told, grounds_.sinks, finding.state, commit, outcome.corrected);
  for (const std::string& name : outcome.corrected) {
    const auto sink = std::find_if(grounds_.sinks.begin(), grounds_.sinks.end(),
                                   [&](const SinkRoute& r) { return r.name == name; });
    Correction correction{step.before.state, step.after.contradicted, {}, now};
    if (!sink->is_public) correction.reason = step.review.reason;
    commit.outbox.push_back({message_id(finding, 'c', step.number), name, finding.id,
                             sink->correction(subject, correction), now});
  }
  return Done{};
}

Result<StoredPost> ReviewDesk::post_of(const Finding& finding) {
  Result<std::optional<StoredPost>> post = store_.post(finding.account, finding.post_id);
  if (!post) return post.error();
  if (*post) return **std::move(post);
  StoredPost erased;
  erased.account = finding.account;
  erased.post.id = finding.post_id;
  erased.appeared = finding.appeared;
  return erased;
}

const Account* ReviewDesk::account_of(const Finding& finding) const {
  const auto& at = grounds_.account_at;
  if (finding.account >= at.size() || at[finding.account] == 0) return nullptr;
  return &grounds_.roster.accounts[at[finding.account] - 1];
}

Result<FindingView> ReviewDesk::view_of(Finding finding) {
  FindingView view;
  if (const Account* account = account_of(finding)) {
    view.account = *account;
    view.actor = grounds_.roster.pledges[account->pledge].actor;
  }
  Result<std::optional<StoredPost>> post = store_.post(finding.account, finding.post_id);
  if (!post) return post.error();
  view.erased = !*post || (*post)->erased;
  if (!*post) {
    view.post.post.id = finding.post_id;
  } else {
    view.post = **std::move(post);
  }
  Result<std::vector<Review>> history = store_.reviews_of(finding.id);
  if (!history) return history.error();
  view.history = *std::move(history);
  view.standing = standing_of(view.history, config_.publish_needs);
  view.finding = std::move(finding);
  return view;
}

Result<std::vector<FindingView>> ReviewDesk::views_of(Result<std::vector<Finding>> findings) {
  if (!findings) return findings.error();
  std::vector<FindingView> views;
  for (Finding& finding : *findings) {
    Result<FindingView> view = view_of(std::move(finding));
    if (!view) return view.error();
    views.push_back(*std::move(view));
  }
  return views;
}

Result<std::vector<FindingView>> ReviewDesk::findings(const FindingsAsk& ask) {
  return views_of(store_.findings(ask));
}

Result<std::vector<FindingView>> ReviewDesk::waiting(const std::string& reviewer,
                                                     const std::string& beyond, int limit) {
  return views_of(store_.waiting_findings(reviewer, beyond, limit));
}

Result<FindingView> ReviewDesk::finding(const std::string& id) {
  Result<Finding> finding = finding_of(store_, id);
  if (!finding) return finding.error();
  return view_of(*std::move(finding));
}

}  // namespace pw
