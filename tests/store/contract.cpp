#include "tests/store/contract.h"

#include <limits>

#include <catch2/catch.hpp>

#include "tests/store/support/samples.h"

namespace pw {
namespace {

std::unique_ptr<Store> with_accounts(const OpenStore& open, int count) {
  auto store = open();
  auto accounts = sample_accounts(count);
  REQUIRE(store->enrol(accounts, {}));
  return store;
}

std::vector<std::string> leaves_of(Store& store) {
  std::vector<std::string> leaves;
  REQUIRE(store.each_leaf(0, std::numeric_limits<std::uint64_t>::max(),
                          [&](std::uint64_t number, std::string_view leaf) {
                            CHECK(number == leaves.size());
                            leaves.emplace_back(leaf);
                            return true;
                          }));
  CHECK(*store.leaf_count() == leaves.size());
  return leaves;
}

void numbers_are_for_good(const OpenStore& open) {
  auto accounts = sample_accounts(3);
  {
    auto store = open();
    const std::vector<std::string> leaves = {"roster"};
    REQUIRE(store->enrol(accounts, leaves));
    CHECK(accounts[0].number == 1);
    CHECK(accounts[2].number == 3);
    CHECK(leaves_of(*store) == leaves);
  }
  auto store = open();
  auto again = sample_accounts(5);
  std::swap(again[0], again[4]);  // new accounts come first in the roster now
  again.push_back(again[1]);      // and one is named twice
  REQUIRE(store->enrol(again, {}));
  CHECK(again[4].number == 1);
  CHECK(again[1].number == 2);
  CHECK(again[0].number == 4);
  CHECK(again[3].number == 5);
  CHECK(again[5].number == 2);
  CHECK(store->states()->size() == 5);
}

void a_pin_stays(const OpenStore& open) {
  auto store = open();
  auto accounts = sample_accounts(2);
  accounts[0].id = "roster-id";
  REQUIRE(store->enrol(accounts, {}));
  LookCommit look = sample_look(2, {});
  look.state.id = "seen-id";
  REQUIRE(store->commit_look(look));
  auto again = sample_accounts(2);
  again[1].id = "another-id";
  REQUIRE(store->enrol(again, {}));
  CHECK(again[0].id == "roster-id");
  CHECK(again[1].id == "seen-id");
}

void a_look_is_kept_whole(const OpenStore& open) {
  const LookCommit look =
      sample_look(2, {sample_post(2, "p1"), sample_post(2, std::string("p\0 2", 4))});
  {
    auto store = with_accounts(open, 3);
    REQUIRE(store->commit_look(look));
  }
  auto store = open();
  const auto states = store->states();
  REQUIRE(states->size() == 3);
  CHECK(print_state((*states)[1]) == print_state(look.state));
  CHECK(print_state((*states)[0]) == print_state(AccountState{.account = 1}));

  const AccountNumber accounts[] = {3, 2};
  const auto posts = store->posts_of(accounts);
  REQUIRE(posts->size() == 2);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(print_stored((*posts)[i]) == print_stored(look.posts[1 - i]));
  const auto known = store->known_posts(2);
  REQUIRE(known->size() == 2);
  CHECK((*known)[1].id == "p1");
  CHECK((*known)[1].salt == look.posts[0].salt);
  CHECK((*known)[1].digest == look.posts[0].digest);
  CHECK((*known)[1].appeared == look.posts[0].appeared);
  CHECK_FALSE((*known)[1].removed);
  CHECK(store->known_posts(1)->empty());
  CHECK(leaves_of(*store) == look.leaves);
}

void an_edit_replaces_all_but_the_past(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  StoredPost post = sample_post(1, "p1");
  post.baseline = true;
  REQUIRE(store->commit_look(sample_look(1, {post})));
  REQUIRE(store->commit_screening({.screened = {{1, "p1"}}}));
  CHECK(store->unscreened(10)->empty());

  StoredPost edited = sample_post(1, "p1");
  edited.post.text = "edited";
  edited.post.paid_partnership.reset();
  edited.post.claimed_at.reset();
  edited.digest = digest_of(edited.post);
  edited.first_seen = at_second(100);
  edited.last_seen = at_second(99);
  REQUIRE(store->commit_look(sample_look(1, {edited})));
  const auto found = store->unscreened(10);
  REQUIRE(found->size() == 1);
  edited.baseline = true;
  edited.first_seen = post.first_seen;
  CHECK(print_stored(found->front()) == print_stored(edited));
}

void posts_go_and_come_back(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  REQUIRE(store->commit_look(sample_look(1, {sample_post(1, "p1"), sample_post(1, "p2")})));
  LookCommit second = sample_look(1, {});
  second.effective = at_second(50);
  second.seen = {"p2", "never stored"};
  StoredPost gone;
  gone.account = 1;
  gone.post.id = "p1";
  gone.removed = Interval{at_second(0), at_second(50)};
  second.removed = {gone};
  REQUIRE(store->commit_look(second));
  auto known = store->known_posts(1);
  REQUIRE(known->size() == 2);
  CHECK((*known)[0].removed);
  CHECK((*known)[0].last_seen == at_second(0));
  CHECK_FALSE((*known)[1].removed);
  CHECK((*known)[1].last_seen == at_second(50));
  const AccountNumber account[] = {1};
  CHECK((*store->posts_of(account))[0].removed == gone.removed);

  LookCommit third = sample_look(1, {});
  third.effective = at_second(80);
  third.seen = {"p1"};
  REQUIRE(store->commit_look(third));
  known = store->known_posts(1);
  CHECK_FALSE((*known)[0].removed);
  CHECK((*known)[0].last_seen == at_second(80));
}

void a_bad_look_leaves_nothing(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  LookCommit stranger = sample_look(7, {sample_post(7, "p1")});
  CHECK(store->commit_look(stranger).error().code == Errc::malformed);
  LookCommit mixed = sample_look(1, {sample_post(1, "p1"), sample_post(7, "p2")});
  CHECK(store->commit_look(mixed).error().code == Errc::malformed);
  LookCommit long_leaf = sample_look(1, {sample_post(1, "p1")});
  long_leaf.leaves = {"fine", std::string(70'000, 'x')};
  CHECK(store->commit_look(long_leaf).error().code == Errc::malformed);
  CHECK(store->known_posts(1)->empty());
  CHECK((*store->states())[0].etag.empty());
  CHECK(leaves_of(*store).empty());
  // None of these is final.
  CHECK(store->commit_look(sample_look(1, {sample_post(1, "p1")})));
}

void looks_together_are_one_commit(const OpenStore& open) {
  auto store = with_accounts(open, 3);
  std::vector<std::uint64_t> commits;
  store->on_commit([&](std::uint64_t number) { commits.push_back(number); });
  LookCommit first = sample_look(1, {sample_post(1, "p1")});
  LookCommit second = sample_look(2, {sample_post(2, "p1"), sample_post(2, "p2")});
  first.leaves = {"first"};
  second.leaves = {"second", "third"};
  const std::vector<const LookCommit*> looks = {&first, &second};
  REQUIRE(store->commit_looks(looks));
  CHECK(commits.size() == 1);
  CHECK(leaves_of(*store) == std::vector<std::string>{"first", "second", "third"});
  CHECK(store->known_posts(1)->size() == 1);
  CHECK(store->known_posts(2)->size() == 2);
  CHECK(store->unscreened(10)->size() == 3);

  const LookCommit fine = sample_look(3, {sample_post(3, "p1")});
  const LookCommit stranger = sample_look(7, {});
  const std::vector<const LookCommit*> spoilt = {&fine, &stranger};
  CHECK(store->commit_looks(spoilt).error().code == Errc::malformed);
  CHECK(commits.size() == 1);
  CHECK(store->known_posts(3)->empty());
  CHECK((*store->states())[2].etag.empty());
  CHECK(leaves_of(*store).size() == 3);
}

void unscreened_posts_come_oldest_first(const OpenStore& open) {
  auto store = with_accounts(open, 2);
  StoredPost old = sample_post(2, "old");
  old.first_seen = at_second(-100);
  REQUIRE(store->commit_look(sample_look(1, {sample_post(1, "new"), sample_post(1, "newer")})));
  REQUIRE(store->commit_look(sample_look(2, {old})));
  const auto two = store->unscreened(2);
  REQUIRE(two->size() == 2);
  CHECK((*two)[0].post.id == "old");
  CHECK((*two)[1].post.id == "new");
  CHECK(store->unscreened(0)->empty());
  CHECK(store->unscreened(-1)->empty());
}

void a_post_without_need_of_it_is_stored_as_screened(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  StoredPost before = sample_post(1, "before the watch");
  before.baseline = before.screened = true;
  REQUIRE(store->commit_look(sample_look(1, {before, sample_post(1, "new")})));
  REQUIRE(store->unscreened(10)->size() == 1);
  CHECK(store->unscreened(10)->front().post.id == "new");
  // Read again as if it had stood before the watch: as it was stored, it did not.
  StoredPost again = sample_post(1, "new");
  again.baseline = again.screened = true;
  REQUIRE(store->commit_screening({.screened = {{1, "new"}}}));
  REQUIRE(store->commit_look(sample_look(1, {before, again})));
  REQUIRE(store->unscreened(10)->size() == 1);
  CHECK(store->unscreened(10)->front().post.id == "new");
}

void a_finding_is_made_once(const OpenStore& open) {
  const Finding finding = sample_finding(1, "p1");
  {
    auto store = with_accounts(open, 1);
    REQUIRE(store->commit_look(sample_look(1, {sample_post(1, "p1")})));
    ScreenCommit screen;
    screen.screened = {{1, "p1"}};
    screen.findings = {finding};
    screen.outbox = {sample_row("chat", "d1", at_second(5))};
    screen.leaves = {"finding"};
    REQUIRE(store->commit_screening(screen));
    screen.findings[0].summary = "worded differently";
    screen.outbox[0].body = "changed";
    screen.leaves.clear();
    REQUIRE(store->commit_screening(screen));
  }
  auto store = open();
  CHECK(store->unscreened(10)->empty());
  const auto findings = store->findings();
  REQUIRE(findings->size() == 1);
  CHECK(print_finding(findings->front()) == print_finding(finding));
  const auto deliveries = store->deliveries();
  REQUIRE(deliveries->size() == 1);
  CHECK(deliveries->front().row.body == "{\"id\":\"d1\"}");
  CHECK(deliveries->front().created_at == at_second(5));
  CHECK(leaves_of(*store).size() == 2);
}

void a_review_changes_its_finding(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  const Finding finding = sample_finding(1, "p1");
  REQUIRE(store->commit_screening({.findings = {finding}}));
  const Review review{finding.id, "ana", FindingState::confirmed, "seen \xff", at_second(9)};
  ReviewCommit commit{review};
  commit.outbox = {sample_row("press", "d1", at_second(9))};
  commit.leaves = {"review"};
  REQUIRE(store->commit_review(commit));
  commit.state = FindingState::confirmed;
  REQUIRE(store->commit_review(commit));
  CHECK(store->findings()->front().state == FindingState::confirmed);
  CHECK(store->deliveries()->size() == 1);
  const auto reviews = store->reviews();
  REQUIRE(reviews->size() == 2);
  CHECK(reviews->front().finding == finding.id);
  CHECK(reviews->front().reviewer == "ana");
  CHECK(reviews->front().decision == FindingState::confirmed);
  CHECK(reviews->front().reason == "seen \xff");
  CHECK(reviews->front().at == at_second(9));

  commit.review.finding = "nobody";
  CHECK(store->commit_review(commit).error().code == Errc::gone);
  CHECK(store->reviews()->size() == 2);
  CHECK(store->reviews_of(finding.id)->size() == 2);
  CHECK(store->reviews_of("nobody")->empty());
  CHECK(leaves_of(*store).size() == 2);
}

void notes_and_assignments_are_kept(const OpenStore& open) {
  const Finding finding = sample_finding(1, "p1");
  {
    auto store = with_accounts(open, 1);
    REQUIRE(store->commit_screening({.findings = {finding}}));
    ReviewCommit commit{{finding.id, "ana", FindingState::open, "look again", at_second(9)}};
    commit.review.act = ReviewAct::assign;
    commit.review.assignee = "ben";
    REQUIRE(store->commit_review(commit));
  }
  auto store = open();
  const auto reviews = store->reviews_of(finding.id);
  REQUIRE(reviews->size() == 1);
  CHECK(reviews->front().act == ReviewAct::assign);
  CHECK(reviews->front().assignee == "ben");
}

void what_waits_can_be_withdrawn(const OpenStore& open) {
  auto store = with_accounts(open, 1);
  const Finding finding = sample_finding(1, "p1");
  OutboxRow tried = sample_row("chat", "d1", at_second(5));
  OutboxRow waiting = sample_row("press", "d2", at_second(5));
  OutboxRow withheld = sample_row("quiet", "d3", at_second(5));
  tried.finding = waiting.finding = withheld.finding = finding.id;
  withheld.withheld = "silenced by s1";
  REQUIRE(store->commit_screening({.findings = {finding},
                                   .outbox = {tried, waiting, withheld},
                                   .held = {{"digest", "ana", finding.id, "{}", at_second(5)}}}));
  const auto leased = store->lease_delivery("chat", at_second(6), at_second(9));
  REQUIRE(*leased);
  REQUIRE(store->begin_attempt(**leased, at_second(6)));
  ReviewCommit commit{{finding.id, "ana", FindingState::dismissed, "no", at_second(9)}};
  commit.state = FindingState::dismissed;
  commit.withdrawn = {{"chat", "d1"}, {"press", "d2"}, {"nobody", "d9"}};
  commit.unheld = true;
  REQUIRE(store->commit_review(commit));
  const auto told = store->deliveries_of(finding.id);
  REQUIRE(told->size() == 3);
  CHECK((*told)[0].state == DeliveryState::withheld);
  AttemptCommit late;
  late.delivery = "d1";
  late.sink = "chat";
  late.fence = (*leased)->fence;
  CHECK_FALSE(*store->commit_attempt(late));
  CHECK((*told)[1].state == DeliveryState::withheld);
  CHECK((*told)[2].row.withheld == "silenced by s1");
  CHECK_FALSE(*store->lease_delivery("press", at_second(99), at_second(100)));
  CHECK_FALSE(*store->lease_delivery("quiet", at_second(99), at_second(100)));
  CHECK_FALSE(*store->next_delivery("quiet"));
  CHECK(store->held()->empty());
}

void silences_are_changed_by_their_id(const OpenStore& open) {
  {
    auto store = open();
    Silence silence{"s1", "ana", "known", "true", {at_second(0), at_second(60)}};
    REQUIRE(store->commit_silence(silence, {}));
    silence.span.end = at_second(30);
    silence.ended_by = "ben";
    const std::vector<std::string> leaves = {"ended"};
    REQUIRE(store->commit_silence(silence, leaves));
  }
  auto store = open();
  const auto silences = store->silences();
  REQUIRE(silences->size() == 1);
  CHECK(silences->front().author == "ana");
  CHECK(silences->front().matches == "true");
  CHECK(silences->front().span == Interval{at_second(0), at_second(30)});
  CHECK(silences->front().ended_by == "ben");
  CHECK(leaves_of(*store).size() == 1);
}

void leaves_stand_in_order(const OpenStore& open) {
  std::vector<std::string> written;
  {
    auto store = open();
    CHECK(*store->leaf_count() == 0);
    REQUIRE(store->commit_leaves({}));
    for (int i = 0; i < 5; ++i) {
      const std::vector<std::string> leaves = {std::to_string(i), std::string(65'535, 'y'), ""};
      REQUIRE(store->commit_leaves(leaves));
      written.insert(written.end(), leaves.begin(), leaves.end());
    }
  }
  auto store = open();
  CHECK(leaves_of(*store) == written);
  std::vector<std::uint64_t> numbers;
  REQUIRE(store->each_leaf(3, 2, [&](std::uint64_t number, std::string_view leaf) {
    numbers.push_back(number);
    CHECK(leaf == written[number]);
    return true;
  }));
  CHECK(numbers == std::vector<std::uint64_t>{3, 4});
  int visits = 0;
  REQUIRE(store->each_leaf(0, 15, [&](std::uint64_t, std::string_view) {
    CHECK(*store->leaf_count() == 15);  // a visitor may ask
    std::uint64_t inner = 0;
    CHECK(store->each_leaf(14, 9, [&](std::uint64_t number, std::string_view) {
      inner = number;
      return true;
    }));
    CHECK(inner == 14);
    return ++visits < 3;
  }));
  CHECK(visits == 3);
  REQUIRE(store->each_leaf(15, 1, [](std::uint64_t, std::string_view) {
    FAIL("there is no leaf 15");
    return true;
  }));
}

void values_are_replaced(const OpenStore& open) {
  {
    auto store = open();
    CHECK_FALSE(store->value("seed")->has_value());
    REQUIRE(store->set_value("seed", std::string_view("\0\xff", 2)));
    REQUIRE(store->set_value("campaign", "one"));
    REQUIRE(store->set_value("campaign", ""));
  }
  auto store = open();
  CHECK(**store->value("seed") == std::string_view("\0\xff", 2));
  CHECK(**store->value("campaign") == "");
}

void commits_are_counted(const OpenStore& open) {
  auto store = open();
  std::vector<std::uint64_t> counted;
  store->on_commit([&](std::uint64_t number) { counted.push_back(number); });
  auto accounts = sample_accounts(1);
  REQUIRE(store->enrol(accounts, {}));
  REQUIRE(store->commit_look(sample_look(1, {})));
  CHECK_FALSE(store->commit_look(sample_look(2, {})));
  REQUIRE(store->set_value("a", "b"));
  REQUIRE(store->checkpoint());
  CHECK(counted == std::vector<std::uint64_t>{1, 2, 3});
}

}  // namespace

void check_contract(const std::function<OpenStore()>& fresh) {
  numbers_are_for_good(fresh());
  a_pin_stays(fresh());
  a_look_is_kept_whole(fresh());
  an_edit_replaces_all_but_the_past(fresh());
  posts_go_and_come_back(fresh());
  a_bad_look_leaves_nothing(fresh());
  looks_together_are_one_commit(fresh());
  unscreened_posts_come_oldest_first(fresh());
  a_post_without_need_of_it_is_stored_as_screened(fresh());
  a_finding_is_made_once(fresh());
  a_review_changes_its_finding(fresh());
  notes_and_assignments_are_kept(fresh());
  what_waits_can_be_withdrawn(fresh());
  silences_are_changed_by_their_id(fresh());
  leaves_stand_in_order(fresh());
  values_are_replaced(fresh());
  commits_are_counted(fresh());
}

}  // namespace pw
