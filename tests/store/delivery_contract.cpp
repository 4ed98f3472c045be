// The part of the contract that deliveries rest on.
#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/samples.h"

namespace pw {
namespace {

std::unique_ptr<Store> with_rows(const OpenStore& open, const std::vector<OutboxRow>& rows) {
  auto store = open();
  ScreenCommit commit;
  commit.outbox = rows;
  REQUIRE(store->commit_screening(commit));
  return store;
}

Delivery lease(Store& store, const std::string& sink, std::int64_t now) {
  auto leased = store.lease_delivery(sink, at_second(now), at_second(now + 60));
  REQUIRE(leased);
  REQUIRE(leased->has_value());
  return **std::move(leased);
}

bool has_nothing(Store& store, const std::string& sink, std::int64_t now) {
  const auto leased = store.lease_delivery(sink, at_second(now), at_second(now + 60));
  REQUIRE(leased);
  return !leased->has_value();
}

AttemptCommit ended(const Delivery& delivery, int number, DeliveryState state,
                    const std::string& result, std::int64_t at) {
  AttemptCommit commit;
  commit.delivery = delivery.row.id;
  commit.sink = delivery.row.sink;
  commit.fence = delivery.fence;
  commit.state = state;
  commit.not_before = at_second(at + 5);
  commit.attempt = {.delivery = delivery.row.id,
                    .sink = delivery.row.sink,
                    .number = number,
                    .started = at_second(at - 1),
                    .ended = at_second(at),
                    .http_status = 500,
                    .result = result,
                    .detail = "said \xff"};
  commit.leaves = {"attempt " + delivery.row.id};
  return commit;
}

void due_rows_come_in_order_of_enqueueing(const OpenStore& open) {
  auto store =
      with_rows(open, {sample_row("a", "1", at_second(50)), sample_row("a", "2", at_second(10)),
                       sample_row("b", "1", at_second(0)), sample_row("a", "3", at_second(0))});
  CHECK(*store->next_delivery("a") == at_second(0));
  CHECK_FALSE(store->next_delivery("c")->has_value());
  CHECK(has_nothing(*store, "a", -1));
  CHECK(lease(*store, "a", 20).row.id == "2");
  CHECK(lease(*store, "a", 20).row.id == "3");
  CHECK(has_nothing(*store, "a", 20));
  CHECK(*store->next_delivery("a") == at_second(50));
  CHECK(lease(*store, "a", 50).row.id == "1");
  CHECK(lease(*store, "b", 0).row.body == "{\"id\":\"1\"}");
}

void an_attempt_and_its_end_are_recorded(const OpenStore& open) {
  auto store = with_rows(open, {sample_row("a", "1", at_second(0))});
  Delivery delivery = lease(*store, "a", 0);
  CHECK(delivery.state == DeliveryState::leased);
  CHECK(delivery.attempts == 0);
  CHECK_FALSE(delivery.maybe_duplicate);
  const AttemptCommit never_begun = ended(delivery, 1, DeliveryState::delivered, "delivered", 1);
  CHECK(store->commit_attempt(never_begun).error().code == Errc::malformed);
  CHECK(store->deliveries()->front().state == DeliveryState::leased);
  REQUIRE(store->begin_attempt(delivery, at_second(1)));
  auto attempts = *store->attempts();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].result == "unknown");
  CHECK_FALSE(attempts[0].ended.has_value());
  CHECK(attempts[0].started == at_second(1));
  CHECK(attempts[0].number == 1);

  CHECK(*store->commit_attempt(ended(delivery, 1, DeliveryState::ready, "retry", 2)));
  attempts = *store->attempts();
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].result == "retry");
  CHECK(attempts[0].ended == at_second(2));
  CHECK(attempts[0].started == at_second(1));
  CHECK(attempts[0].http_status == 500);
  CHECK(attempts[0].detail == "said \xff");
  CHECK(*store->next_delivery("a") == at_second(7));

  delivery = lease(*store, "a", 7);
  CHECK(delivery.attempts == 1);
  CHECK_FALSE(delivery.maybe_duplicate);
  REQUIRE(store->begin_attempt(delivery, at_second(7)));
  CHECK(*store->commit_attempt(ended(delivery, 2, DeliveryState::delivered, "delivered", 8)));
  CHECK_FALSE(store->next_delivery("a")->has_value());
  CHECK(has_nothing(*store, "a", 10'000));
  CHECK(store->deliveries()->front().state == DeliveryState::delivered);
  CHECK(store->deliveries()->front().attempts == 2);
  CHECK(store->attempts()->size() == 2);
  CHECK(*store->leaf_count() == 2);
}

void an_unknown_outcome_may_be_a_duplicate(const OpenStore& open) {
  auto store = with_rows(open, {sample_row("a", "1", at_second(0))});
  const Delivery first = lease(*store, "a", 0);
  REQUIRE(store->begin_attempt(first, at_second(0)));
  CHECK(*store->commit_attempt(ended(first, 1, DeliveryState::ready, "unknown", 1)));
  const Delivery second = lease(*store, "a", 10);
  CHECK(second.maybe_duplicate);
  REQUIRE(store->begin_attempt(second, at_second(10)));
  // What is known of a later attempt takes nothing back.
  CHECK(*store->commit_attempt(ended(second, 2, DeliveryState::ready, "retry", 11)));
  CHECK(lease(*store, "a", 20).maybe_duplicate);
}

void a_lease_that_ran_out_is_taken_over(const OpenStore& open) {
  auto store = with_rows(open, {sample_row("a", "1", at_second(0))});
  const Delivery late = lease(*store, "a", 0);
  REQUIRE(store->begin_attempt(late, at_second(0)));
  CHECK(*store->next_delivery("a") == at_second(60));
  CHECK(has_nothing(*store, "a", 59));
  const Delivery taken = lease(*store, "a", 60);
  CHECK(taken.fence > late.fence);
  CHECK(taken.maybe_duplicate);
  CHECK(store->begin_attempt(late, at_second(61)).error().code == Errc::gone);
  CHECK_FALSE(*store->commit_attempt(ended(late, 1, DeliveryState::delivered, "delivered", 61)));
  CHECK(store->deliveries()->front().state == DeliveryState::leased);
  CHECK(*store->leaf_count() == 0);
  REQUIRE(store->begin_attempt(taken, at_second(62)));
  CHECK(*store->commit_attempt(ended(taken, 2, DeliveryState::dead, "dead", 62)));
  // A second end of the same attempt is refused as well.
  CHECK_FALSE(*store->commit_attempt(ended(taken, 2, DeliveryState::ready, "retry", 63)));
  CHECK(store->deliveries()->front().state == DeliveryState::dead);
}

void a_restart_frees_leases(const OpenStore& open) {
  Delivery before;
  {
    auto store = with_rows(
        open, {sample_row("a", "begun", at_second(0)), sample_row("a", "leased", at_second(0)),
               sample_row("a", "waits", at_second(500))});
    before = lease(*store, "a", 0);
    REQUIRE(store->begin_attempt(before, at_second(0)));
    CHECK(lease(*store, "a", 0).row.id == "leased");
  }
  auto store = open();
  REQUIRE(store->release_leases(at_second(3)));
  CHECK(*store->next_delivery("a") == at_second(3));
  CHECK_FALSE(*store->commit_attempt(ended(before, 1, DeliveryState::dead, "dead", 61)));
  const Delivery begun = lease(*store, "a", 3);
  CHECK(begun.row.id == "begun");
  CHECK(begun.maybe_duplicate);
  CHECK(begun.attempts == 1);
  const Delivery leased = lease(*store, "a", 3);
  CHECK(leased.row.id == "leased");
  CHECK_FALSE(leased.maybe_duplicate);  // nothing was sent: no attempt had begun
  CHECK(has_nothing(*store, "a", 3));
}

}  // namespace

void check_delivery_contract(const std::function<OpenStore()>& fresh) {
  due_rows_come_in_order_of_enqueueing(fresh());
  an_attempt_and_its_end_are_recorded(fresh());
  an_unknown_outcome_may_be_a_duplicate(fresh());
  a_lease_that_ran_out_is_taken_over(fresh());
  a_restart_frees_leases(fresh());
}

}  // namespace pw
