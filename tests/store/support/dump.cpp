#include "tests/store/support/dump.h"

#include <limits>
#include <stdexcept>

#include "tests/store/support/samples.h"

namespace pw {
namespace {

template <class Value>
Value sure(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

std::string ms(Instant t) { return std::to_string(ms_of(t)); }

std::string print(const KnownPost& post) {
  return post.id + ' ' + print_hex(post.digest) + ' ' + ms(post.appeared.start) + ' ' +
         ms(post.last_seen) + (post.removed ? " removed" : "");
}

std::string print(const Delivery& delivery) {
  return delivery.row.sink + ' ' + delivery.row.id + ' ' + delivery.row.finding + ' ' +
         delivery.row.body + ' ' + ms(delivery.row.not_before) + ' ' +
         std::to_string(static_cast<int>(delivery.state)) + ' ' +
         std::to_string(delivery.attempts) + ' ' + std::to_string(delivery.fence) + ' ' +
         (delivery.maybe_duplicate ? "maybe " : "") + ms(delivery.created_at) + ' ' +
         std::to_string(delivery.row.also.size()) + delivery.row.withheld;
}

std::string print(const AttemptRecord& attempt) {
  return attempt.sink + ' ' + attempt.delivery + ' ' + std::to_string(attempt.number) + ' ' +
         ms(attempt.started) + ' ' + (attempt.ended ? ms(*attempt.ended) : "open") + ' ' +
         std::to_string(attempt.http_status) + ' ' + attempt.result + ' ' + attempt.detail;
}

std::string print(const Review& review) {
  return review.finding + ' ' + review.reviewer + ' ' + std::string(name_of(review.decision)) +
         ' ' + review.reason + ' ' + ms(review.at) + ' ' + std::string(name_of(review.act)) + ' ' +
         review.assignee;
}

std::string print(const HeldAlert& alert) {
  return alert.sink + ' ' + alert.group + ' ' + alert.finding + ' ' + alert.body + ' ' +
         ms(alert.at);
}

std::string print(const Silence& silence) {
  return silence.id + ' ' + silence.author + ' ' + silence.reason + ' ' + silence.matches + ' ' +
         ms(silence.span.start) + ' ' + ms(silence.span.end) + ' ' + silence.ended_by;
}

// The questions about a few of many, with their answers.
template <class Line>
void print_queries(Store& store, Line line) {
  const auto ids = [&](const char* kind, const std::vector<Finding>& findings) {
    std::string all;
    for (const Finding& finding : findings) all += ' ' + finding.id;
    line(kind, all);
  };
  for (const FindingState state : {FindingState::open, FindingState::excused}) {
    ids("in state", sure(store.findings({.state = state})));
    line("count", std::to_string(sure(store.finding_count({.state = state}))));
  }
  for (AccountNumber account = 1; account < 4; ++account) {
    const auto newest = sure(store.findings({.account = account, .limit = 2}));
    ids("of account", newest);
    if (newest.empty()) continue;
    ids("beyond", sure(store.findings({.beyond = newest.front().id, .limit = 3})));
    ids("waits beyond", sure(store.waiting_findings("", newest.front().id, 3)));
  }
  ids("waits for ana", sure(store.waiting_findings("ana", "", 5)));
  ids("removed", sure(store.findings_removed_within(std::chrono::seconds(40))));
  for (const char* sink : {"chat", "hook"}) {
    for (const HeldGroup& group : sure(store.held_groups(sink)))
      line("held group", group.group + ' ' + ms(group.first));
    for (const ToldFinding& told : sure(store.unreviewed(sink, "d")))
      line("unreviewed", told.finding + ' ' + ms(told.at));
    const auto first = sure(store.held({.sink = sink, .limit = 2}));
    for (const HeldAlert& alert : first) line("held first", alert.finding);
    if (first.empty()) continue;
    const HeldAlert& one = first.front();
    for (const HeldAlert& alert : sure(store.held({sink, one.group, one.place, 2})))
      line("held next", alert.finding);
  }
  for (const DeliveryCount& count : sure(store.delivery_counts()))
    line("deliveries", std::string(name_of(count.state)) + ' ' + count.sink + ' ' +
                           std::to_string(count.count) + ' ' + ms(count.oldest));
  for (const Delivery& delivery : sure(store.deliveries({.beyond = 2, .limit = 3}))) {
    line("place", delivery.row.id + ' ' + std::to_string(delivery.place));
    for (const AttemptRecord& attempt : sure(store.attempts_of(delivery.row.sink, delivery.row.id)))
      line("its attempt", print(attempt));
  }
}

}  // namespace

std::string dump(Store& store) {
  std::string out;
  const auto line = [&](std::string_view kind, const std::string& text) {
    out += kind;
    out += ' ';
    out += text;
    out += '\n';
  };
  for (const AccountState& state : sure(store.states())) {
    line("account", print_state(state));
    const AccountNumber account[] = {state.account};
    for (const StoredPost& post : sure(store.posts_of(account))) line("post", print_stored(post));
    for (const KnownPost& post : sure(store.known_posts(state.account))) line("known", print(post));
  }
  for (const StoredPost& post : sure(store.unscreened(std::numeric_limits<int>::max())))
    line("unscreened", std::to_string(post.account) + ' ' + post.post.id);
  for (const Finding& finding : sure(store.findings())) line("finding", print_finding(finding));
  for (const Review& review : sure(store.reviews())) line("review", print(review));
  for (const Finding& finding : sure(store.findings())) {
    for (const Review& review : sure(store.reviews_of(finding.id))) line("of", print(review));
    for (const Delivery& d : sure(store.deliveries_of(finding.id))) line("told", print(d));
  }
  print_queries(store, line);
  for (const HeldAlert& alert : sure(store.held())) line("held", print(alert));
  for (const Silence& silence : sure(store.silences())) line("silence", print(silence));
  for (const Delivery& delivery : sure(store.deliveries())) line("delivery", print(delivery));
  for (const AttemptRecord& attempt : sure(store.attempts())) line("attempt", print(attempt));
  const auto leaf = [&](std::uint64_t number, std::string_view bytes) {
    line("leaf", std::to_string(number) + ' ' + std::string(bytes));
    return true;
  };
  sure(store.each_leaf(0, std::numeric_limits<std::uint64_t>::max(), leaf));
  for (const char* name : {"a", "b"}) line("value", sure(store.value(name)).value_or("nothing"));
  return out;
}

}  // namespace pw
