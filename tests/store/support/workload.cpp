#include "tests/store/support/workload.h"

#include <stdexcept>

#include "tests/store/support/dump.h"
#include "tests/store/support/samples.h"

namespace pw {
namespace {

constexpr int rounds = 6;

bool look(Store& store, int round) {
  const auto account = static_cast<AccountNumber>(1 + round % 3);
  const std::string id = "post" + std::to_string(round);
  LookCommit commit = sample_look(account, {sample_post(account, id)});
  commit.state.etag = "etag" + std::to_string(round);
  commit.leaves = {"look " + id, "appeared " + id};
  if (round >= 3) commit.seen = {"post" + std::to_string(round - 3)};
  commit.effective = at_second(round);
  return bool(store.commit_look(commit));
}

bool screen(Store& store, int round) {
  const auto posts = store.unscreened(5);
  if (!posts) return false;
  ScreenCommit commit;
  for (const StoredPost& post : *posts) {
    commit.screened.emplace_back(post.account, post.post.id);
    commit.findings.push_back(sample_finding(post.account, post.post.id));
    for (const char* sink : {"chat", "hook"})
      commit.outbox.push_back(sample_row(sink, "delivery-" + post.post.id, at_second(round)));
    commit.leaves.push_back("finding " + post.post.id);
  }
  return bool(store.commit_screening(commit));
}

bool deliver(Store& store, int round) {
  const auto leased = store.lease_delivery("hook", at_second(round), at_second(round + 30));
  if (!leased || !*leased) return false;
  const Delivery& delivery = **leased;
  if (!store.begin_attempt(delivery, at_second(round))) return false;
  const bool works = round % 2 == 0;
  AttemptCommit commit;
  commit.delivery = delivery.row.id;
  commit.sink = delivery.row.sink;
  commit.fence = delivery.fence;
  commit.state = works ? DeliveryState::delivered : DeliveryState::ready;
  commit.not_before = at_second(round + 2);
  commit.attempt = {.delivery = commit.delivery,
                    .sink = commit.sink,
                    .number = delivery.attempts + 1,
                    .started = at_second(round),
                    .ended = at_second(round + 1),
                    .http_status = works ? 200 : 503,
                    .result = works ? "delivered" : "retry",
                    .detail = {}};
  commit.leaves = {"delivery " + delivery.row.id};
  const auto held = store.commit_attempt(commit);
  return held && *held;
}

bool review(Store& store, int round) {
  const auto findings = store.findings();
  if (!findings || findings->empty()) return false;
  const Review review{findings->back().id, "ana", FindingState::confirmed, "why", at_second(round)};
  ReviewCommit commit{review};
  commit.state = FindingState::confirmed;
  commit.outbox = {sample_row("press", "correction" + std::to_string(round), at_second(round))};
  commit.outbox[0].also = {review.finding};
  commit.leaves = {"review " + review.finding};
  return bool(store.commit_review(commit));
}

}  // namespace

bool run_workload(Store& store) {
  auto accounts = sample_accounts(3);
  const std::vector<std::string> opening = {"campaign"};
  if (!store.enrol(accounts, opening)) return false;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<std::string> quiet = {"looks " + std::to_string(round)};
    const bool done = look(store, round) && screen(store, round) && deliver(store, round) &&
                      review(store, round) && store.commit_leaves(quiet) &&
                      store.set_value("a", std::to_string(round));
    if (!done) return false;
  }
  return bool(store.release_leases(at_second(99)));
}

std::vector<std::string> undisturbed_dumps(const std::string& path) {
  auto store = open_sqlite(path, OpenMode::read_write);
  if (!store) throw std::runtime_error(store.error().detail);
  std::vector<std::string> dumps = {dump(**store)};
  (*store)->on_commit([&](std::uint64_t) { dumps.push_back(dump(**store)); });
  if (!run_workload(**store)) throw std::runtime_error("the workload failed undisturbed");
  return dumps;
}

}  // namespace pw
