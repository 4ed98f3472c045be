// The part of the contract that messages about several findings rest on.
#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/samples.h"

namespace pw {
namespace {

void hold_all(Store& store, std::vector<HeldAlert> alerts) {
  ScreenCommit screen;
  screen.held = std::move(alerts);
  REQUIRE(store.commit_screening(screen));
}

std::string findings_of(const Result<std::vector<HeldAlert>>& held) {
  REQUIRE(held);
  std::string all;
  for (const HeldAlert& alert : *held) all += (all.empty() ? "" : " ") + alert.finding;
  return all;
}

std::string groups_of(Store& store, const std::string& sink) {
  const auto groups = store.held_groups(sink);
  REQUIRE(groups);
  std::string all;
  for (const HeldGroup& group : *groups)
    all += (all.empty() ? "" : " ") + group.group + '@' +
           std::to_string((group.first - at_second(0)).count() / 1000);
  return all;
}

void what_is_told_is_held_no_more(const OpenStore& open) {
  OutboxRow group = sample_row("digest", "g1", at_second(9));
  group.finding = "f1";
  group.also = {"f2", "f3"};
  {
    auto store = open();
    hold_all(*store, {{"digest", "ana", "f1", "1", at_second(1)},
                      {"digest", "ana", "f2", "2", at_second(2)},
                      {"digest", "ana", "f4", "4", at_second(2)},
                      {"other", "ana", "f1", "1", at_second(3)}});
    hold_all(*store, {{"digest", "ana", "f1", "again", at_second(1)}});
    REQUIRE(store->held()->size() == 4);
    CHECK(store->held()->front().body == "1");
    REQUIRE(store->commit_notices({{group}, {"leaf"}}));
  }
  auto store = open();
  CHECK(findings_of(store->held()) == "f4 f1");
  CHECK(store->held()->back().sink == "other");
  for (const char* finding : {"f1", "f2", "f3"}) {
    const auto told = store->deliveries_of(finding);
    REQUIRE(told->size() == 1);
    CHECK(told->front().row.also == group.also);
  }
  CHECK(store->deliveries_of("")->empty());
}

void what_waits_is_read_in_parts(const OpenStore& open) {
  auto store = open();
  CHECK(groups_of(*store, "chat").empty());
  hold_all(*store, {{"chat", "ben", "f1", "", at_second(1)},
                    {"chat", "ana", "f2", "", at_second(2)},
                    {"press", "cem", "f3", "", at_second(3)},
                    {"chat", "ben", "f4", "", at_second(4)},
                    {"chat", "", "f5", "", at_second(5)},
                    {"chat", "ana", "f6", "", at_second(6)}});
  CHECK(findings_of(store->held({.sink = "chat"})) == "f1 f2 f4 f5 f6");
  CHECK(findings_of(store->held({.sink = "chat", .limit = 2})) == "f1 f2");
  const auto first = store->held({.sink = "chat", .limit = 2});
  CHECK(findings_of(store->held({"chat", {}, first->back().place, 2})) == "f4 f5");
  CHECK(findings_of(store->held({.sink = "chat", .group = "ana"})) == "f2 f6");
  CHECK(findings_of(store->held({"chat", "ana", first->back().place, 5})) == "f6");
  CHECK(findings_of(store->held({.sink = "chat", .group = ""})) == "f5");
  CHECK(findings_of(store->held({.sink = "chat", .group = "cem"})).empty());
  CHECK(groups_of(*store, "chat") == "ben@1 ana@2 @5");
  CHECK(groups_of(*store, "press") == "cem@3");
  CHECK(groups_of(*store, "nobody").empty());
  // A group's first one is of what still waits.
  OutboxRow told = sample_row("chat", "msg_f1", at_second(9));
  told.finding = "f1";
  REQUIRE(store->commit_notices({{told}}));
  CHECK(groups_of(*store, "chat") == "ana@2 ben@4 @5");
}

void deliver(Store& store, const OutboxRow& row, std::int64_t now) {
  REQUIRE(store.commit_notices({{row}}));
  const auto leased = store.lease_delivery(row.sink, at_second(now), at_second(now + 60));
  REQUIRE(*leased);
  REQUIRE(store.begin_attempt(**leased, at_second(now)));
  AttemptCommit commit;
  commit.delivery = row.id;
  commit.sink = row.sink;
  commit.fence = (*leased)->fence;
  commit.state = DeliveryState::delivered;
  commit.attempt.delivery = row.id;
  commit.attempt.sink = row.sink;
  commit.attempt.number = 1;
  commit.attempt.result = "delivered";
  REQUIRE(*store.commit_attempt(commit));
}

std::string unreviewed(Store& store, const std::string& sink) {
  const auto told = store.unreviewed(sink, "rep_");
  REQUIRE(told);
  std::string all;
  for (const ToldFinding& one : *told)
    all += (all.empty() ? "" : " ") + one.finding + '@' +
           std::to_string((one.at - at_second(0)).count() / 1000);
  return all;
}

void who_was_told_of_what_is_open(const OpenStore& open) {
  auto store = open();
  std::vector<Account> accounts = sample_accounts(1);
  REQUIRE(store->enrol(accounts, {}));
  ScreenCommit screen;
  for (const char* id : {"a", "b", "c", "d"}) {
    screen.findings.push_back(sample_finding(1, id));
    screen.findings.back().id = id;
  }
  screen.findings.back().state = FindingState::confirmed;
  REQUIRE(store->commit_screening(screen));
  const auto row = [](const char* sink, const char* id, std::int64_t at, const char* finding,
                      std::vector<std::string> also) {
    OutboxRow one = sample_row(sink, id, at_second(at));
    one.finding = finding;
    one.also = std::move(also);
    return one;
  };
  deliver(*store, row("chat", "grp_1", 1, "b", {"a", "d"}), 1);
  deliver(*store, row("chat", "rep_2", 2, "c", {"a"}), 2);
  deliver(*store, row("chat", "msg_a", 3, "a", {}), 3);
  deliver(*store, row("press", "msg_c", 4, "c", {}), 4);
  REQUIRE(store->commit_notices({{row("chat", "msg_c", 5, "c", {})}}));
  CHECK(unreviewed(*store, "nobody").empty());
  CHECK(unreviewed(*store, "press") == "c@4");
  const std::string both = unreviewed(*store, "chat");
  CHECK((both == "b@1 a@1" || both == "a@1 b@1"));
}

}  // namespace

void check_notice_contract(const std::function<OpenStore()>& fresh) {
  what_is_told_is_held_no_more(fresh());
  what_waits_is_read_in_parts(fresh());
  who_was_told_of_what_is_open(fresh());
}

}  // namespace pw
