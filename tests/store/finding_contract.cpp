// A few of many findings and deliveries: pages that miss and repeat nothing.
#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/samples.h"

namespace pw {
namespace {

std::string id_of(int i) { return "f" + std::to_string(i); }

Finding finding(int i) {
  Finding made = sample_finding(static_cast<AccountNumber>(1 + i % 3), "p" + std::to_string(i));
  made.id = id_of(i);
  made.state = i % 2 == 0 ? FindingState::open : FindingState::confirmed;
  made.mode = i % 5 == 0 ? Mode::shadow : Mode::alert;
  made.appeared = {at_second(i), at_second(i)};
  return made;
}

std::unique_ptr<Store> with_findings(const OpenStore& open, int count) {
  auto store = open();
  auto accounts = sample_accounts(3);
  REQUIRE(store->enrol(accounts, {}));
  ScreenCommit commit;
  for (int i = 1; i <= count; ++i) commit.findings.push_back(finding(i));
  REQUIRE(store->commit_screening(commit));
  return store;
}

std::string ids(const Result<std::vector<Finding>>& findings) {
  REQUIRE(findings);
  std::string all;
  for (const Finding& one : *findings) all += (all.empty() ? "" : " ") + one.id;
  return all;
}

void decide(Store& store, int i, const char* reviewer, FindingState word) {
  ReviewCommit commit{{id_of(i), reviewer, word, "why", at_second(1)}};
  REQUIRE(store.commit_review(commit));
}

void findings_come_in_pages(const OpenStore& open) {
  auto store = with_findings(open, 12);
  CHECK(ids(store->findings({.limit = 3})) == "f12 f11 f10");
  CHECK(ids(store->findings({.beyond = "f10", .limit = 3})) == "f9 f8 f7");
  CHECK(ids(store->findings({.beyond = "f2"})) == "f1");
  CHECK(ids(store->findings({.beyond = "f1"})).empty());
  CHECK(ids(store->findings({.beyond = "nobody"})).empty());
  CHECK(ids(store->findings({.state = FindingState::open, .limit = 2})) == "f12 f10");
  CHECK(ids(store->findings({.state = FindingState::open, .mode = Mode::alert, .beyond = "f12"})) ==
        "f8 f6 f4 f2");
  CHECK(ids(store->findings({.account = 1})) == "f12 f9 f6 f3");
  CHECK(ids(store->findings({.state = FindingState::open, .account = 1, .limit = 1})) == "f12");
  CHECK(ids(store->findings({.account = 1, .beyond = "f9"})) == "f6 f3");
  CHECK(ids(store->findings({.mode = Mode::shadow})) == "f10 f5");
  CHECK(*store->finding_count({}) == 12);
  CHECK(*store->finding_count({.state = FindingState::open}) == 6);
  CHECK(*store->finding_count({.state = FindingState::open, .mode = Mode::alert}) == 5);
  CHECK(*store->finding_count({.account = 3, .beyond = "f1", .limit = 1}) == 4);
}

void a_finding_is_found_by_its_id(const OpenStore& open) {
  auto store = with_findings(open, 3);
  const auto found = store->finding("f2");
  REQUIRE(*found);
  CHECK(print_finding(**found) == print_finding(finding(2)));
  CHECK_FALSE(*store->finding("f4"));
  CHECK_FALSE(*store->finding(""));
}

void a_queue_is_of_those_who_owe_a_word(const OpenStore& open) {
  auto store = with_findings(open, 8);
  CHECK(ids(store->waiting_findings("", "", 10)) == "f2 f4 f6 f8");
  CHECK(ids(store->waiting_findings("", "f4", 1)) == "f6");
  CHECK(ids(store->waiting_findings("", "nobody", 10)).empty());
  decide(*store, 4, "ana", FindingState::confirmed);
  decide(*store, 6, "ana", FindingState::confirmed);
  decide(*store, 6, "ana", FindingState::open);
  ReviewCommit note{{"f8", "ana", FindingState::open, "a remark", at_second(2)}};
  note.review.act = ReviewAct::note;
  REQUIRE(store->commit_review(note));
  CHECK(ids(store->waiting_findings("ana", "", 10)) == "f2 f6 f8");
  CHECK(ids(store->waiting_findings("ben", "", 10)) == "f2 f4 f6 f8");
}

void what_went_in_time_is_found(const OpenStore& open) {
  auto store = with_findings(open, 6);
  LookCommit look = sample_look(2, {sample_post(2, "p4")});
  look.posts[0].removed.reset();
  REQUIRE(store->commit_look(look));
  CHECK(ids(store->findings_removed_within(std::chrono::hours(9))).empty());
  look = sample_look(2, {});
  look.removed = {sample_post(2, "p4")};
  look.removed[0].removed = Interval{at_second(5), at_second(64)};
  REQUIRE(store->commit_look(look));
  CHECK(ids(store->findings_removed_within(std::chrono::seconds(60))) == "f4");
  CHECK(ids(store->findings_removed_within(std::chrono::seconds(59))).empty());
  ReviewCommit excused{{"f4", "rule:amnesty", FindingState::excused, "in time", at_second(70)}};
  excused.state = FindingState::excused;
  REQUIRE(store->commit_review(excused));
  CHECK(ids(store->findings_removed_within(std::chrono::seconds(60))).empty());
}

void one_post_is_read_whole(const OpenStore& open) {
  auto store = with_findings(open, 1);
  REQUIRE(store->commit_look(sample_look(2, {sample_post(2, "p1"), sample_post(2, "p2")})));
  const auto post = store->post(2, "p2");
  REQUIRE(*post);
  CHECK(print_stored(**post) == print_stored(sample_post(2, "p2")));
  CHECK_FALSE(*store->post(1, "p2"));
  CHECK_FALSE(*store->post(2, "p3"));
}

void deliveries_come_in_pages(const OpenStore& open) {
  auto store = open();
  ScreenCommit commit;
  for (int i = 1; i <= 6; ++i) {
    const std::string sink = i % 2 == 0 ? "press" : "chat";
    commit.outbox.push_back(sample_row(sink, "d" + std::to_string(i), at_second(10 - i)));
  }
  commit.outbox[5].withheld = "silenced";
  REQUIRE(store->commit_screening(commit));
  const auto places = [&](const DeliveriesAsk& ask) {
    std::string all;
    const auto found = store->deliveries(ask);
    for (const Delivery& one : *found) all += one.row.id + '@' + std::to_string(one.place) + ' ';
    return all;
  };
  CHECK(places({.limit = 2}) == "d1@1 d2@2 ");
  CHECK(places({.beyond = 2, .limit = 2}) == "d3@3 d4@4 ");
  CHECK(places({.sink = "press"}) == "d2@2 d4@4 d6@6 ");
  CHECK(places({.state = DeliveryState::withheld}) == "d6@6 ");
  CHECK(places({.state = DeliveryState::ready, .sink = "press", .beyond = 2}) == "d4@4 ");
  std::string counts;
  const auto counted = store->delivery_counts();
  for (const DeliveryCount& count : *counted)
    counts += std::string(name_of(count.state)) + ' ' + count.sink + ' ' +
              std::to_string(count.count) + " since " + print_rfc3339(count.oldest) + '\n';
  CHECK(counts == "ready chat 3 since " + print_rfc3339(at_second(5)) + "\nready press 2 since " +
                      print_rfc3339(at_second(6)) + "\nwithheld press 1 since " +
                      print_rfc3339(at_second(4)) + '\n');
  const auto leased = *store->lease_delivery("chat", at_second(20), at_second(30));
  REQUIRE(store->begin_attempt(*leased, at_second(20)));
  CHECK(store->attempts_of("chat", leased->row.id)->size() == 1);
  CHECK(store->attempts_of("press", leased->row.id)->empty());
}

}  // namespace

void check_finding_contract(const std::function<OpenStore()>& fresh) {
  findings_come_in_pages(fresh());
  a_finding_is_found_by_its_id(fresh());
  a_queue_is_of_those_who_owe_a_word(fresh());
  what_went_in_time_is_found(fresh());
  one_post_is_read_whole(fresh());
  deliveries_come_in_pages(fresh());
}

}  // namespace pw
