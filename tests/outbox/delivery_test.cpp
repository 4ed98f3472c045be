#include "daemon/outbox/delivery.h"

#include <catch2/catch.hpp>

namespace pw {
namespace {

using namespace std::chrono_literals;

const Instant now = instant_of_ms(1'600'214'400'000);  // Wed, 16 Sep 2020 00:00:00 GMT

struct Row {
  int status;
  const char* headers;  // "name: value", one per line
  int number;
  const char* step;
};

HttpResponse response_of(const Row& row) {
  HttpResponse response;
  response.status = row.status;
  std::string_view text = row.headers;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    response.headers.add(line.substr(0, line.find(':')), line.substr(line.find(':') + 1));
  }
  return response;
}

// "retry throttled +5 s", with the jitter left out where there is any.
std::string print(const DeliveryStep& step, const Attempted& attempted) {
  constexpr const char* names[] = {"delivered", "retry", "pause", "dead", "disable"};
  std::string text = names[static_cast<int>(step.next)];
  text += ' ';
  text += name_of(step.reason);
  const Millis wait = step.at - attempted.now;
  if (step.next == DeliveryStep::Next::retry) {
    CHECK(wait == retry_delay(attempted.delivery, attempted.number));
    text += " as scheduled";
  }
  if (step.next == DeliveryStep::Next::pause) text += " +" + print_duration(wait);
  if (step.may_have_arrived) text += ", may have arrived";
  return text;
}

constexpr Row rows[] = {
    // Only 2xx is success.
    {200, "", 1, "delivered accepted"},
    {204, "", 10, "delivered accepted"},
    {299, "", 1, "delivered accepted"},
    {202, "webhook-delivery: abort-message", 1, "delivered accepted"},
    {199, "", 1, "retry odd_status as scheduled"},
    {100, "", 1, "retry odd_status as scheduled"},
    {0, "", 1, "retry odd_status as scheduled"},
    {600, "", 1, "retry odd_status as scheduled"},
    {-1, "", 1, "retry odd_status as scheduled"},
    // A redirect is a failure: what is signed goes where it was sent.
    {301, "location: https://example.org/", 1, "retry redirected as scheduled"},
    {304, "", 1, "retry redirected as scheduled"},
    {307, "", 1, "retry redirected as scheduled"},
    // A receiver in the middle of a change is worth another try.
    {400, "", 1, "retry rejected as scheduled"},
    {401, "", 2, "retry rejected as scheduled"},
    {404, "", 3, "retry rejected as scheduled"},
    {409, "", 4, "retry rejected as scheduled"},
    {425, "", 5, "retry rejected as scheduled"},
    {500, "", 6, "retry server_failed as scheduled"},
    {501, "", 9, "retry server_failed as scheduled"},
    // ... but not of one that says it is gone, or that it wants no more of this.
    {410, "", 1, "disable sink_gone"},
    {410, "", 10, "disable sink_gone"},
    {500, "webhook-delivery: abort-message", 1, "dead aborted"},
    {429, "Webhook-Delivery:  ABORT-message \nretry-after: 9", 1, "dead aborted"},
    {400, "webhook-delivery: abort-messages", 1, "retry rejected as scheduled"},
    // Throttled: the sink waits as long as it asks, within 5 s and 24 h.
    {429, "", 1, "retry throttled as scheduled"},
    {502, "", 1, "retry throttled as scheduled, may have arrived"},
    {503, "", 2, "retry throttled as scheduled"},
    {504, "", 3, "retry throttled as scheduled, may have arrived"},
    {429, "retry-after: 120", 1, "pause throttled +2 min"},
    {429, "Retry-After:\t120 ", 9, "pause throttled +2 min"},
    {503, "retry-after: 0", 1, "pause throttled +5 s"},
    {503, "retry-after: 86400", 1, "pause throttled +1 d"},
    {503, "retry-after: 86401", 1, "pause throttled +1 d"},
    {503, "retry-after: 99999999999999999999999999", 1, "pause throttled +1 d"},
    {429, "retry-after: Wed, 16 Sep 2020 00:10:00 GMT", 1, "pause throttled +10 min"},
    {429, "retry-after: Tue, 15 Sep 2020 00:10:00 GMT", 1, "pause throttled +5 s"},
    {429, "retry-after: Wed, 16 Sep 9999 00:10:00 GMT", 1, "pause throttled +1 d"},
    // Their clock is an hour ahead of ours.
    {429, "date: Wed, 16 Sep 2020 01:00:00 GMT\nretry-after: Wed, 16 Sep 2020 01:00:30 GMT", 1,
     "pause throttled +30 s"},
    // What is no wait is none.
    {429, "retry-after: ", 1, "retry throttled as scheduled"},
    {429, "retry-after: -5", 1, "retry throttled as scheduled"},
    {429, "retry-after: 1.5", 1, "retry throttled as scheduled"},
    {429, "retry-after: soon", 1, "retry throttled as scheduled"},
    {429, "retry-after: 5 s", 1, "retry throttled as scheduled"},
    // Nobody else may say when.
    {500, "retry-after: 86400", 1, "retry server_failed as scheduled"},
};

TEST_CASE("an answer means what its row says") {
  for (const Row& row : rows) {
    INFO(row.status << ' ' << row.headers << " at attempt " << row.number);
    const Attempted attempted{"msg_1", row.number, now - 1h, now};
    CHECK(print(step_after(Done{}, response_of(row), attempted), attempted) == row.step);
  }
}

TEST_CASE("a missing answer may have arrived, a refused target did not") {
  struct Failure {
    Errc code;
    const char* step;
  };
  constexpr Failure failures[] = {
      {Errc::transient, "retry no_answer as scheduled, may have arrived"},
      {Errc::malformed, "retry unreadable_answer as scheduled, may have arrived"},
      {Errc::refused, "retry target_refused as scheduled"},
      {Errc::gone, "retry no_answer as scheduled, may have arrived"},
      {Errc::rate_limited, "retry no_answer as scheduled, may have arrived"},
  };
  HttpResponse leftover;  // of the exchange before; it is not read
  leftover.status = 200;
  for (const Failure& failure : failures) {
    const Attempted attempted{"msg_1", 3, now, now};
    const Result<Done> fetched = Error{failure.code, "why"};
    CHECK(print(step_after(fetched, leftover, attempted), attempted) == failure.step);
  }
}

TEST_CASE("the schedule is that of Standard Webhooks, and at most a tenth longer") {
  constexpr Millis delays[] = {5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  Millis sum{0};
  bool differs = false;
  for (int number = 1; number < scheduled_attempts; ++number) {
    const Millis plain = delays[number - 1];
    const Millis delay = retry_delay("msg_1", number);
    sum += plain;
    CHECK(delay >= plain);
    CHECK(delay <= plain + plain / 10);
    CHECK(delay == retry_delay("msg_1", number));
    if (delay != retry_delay("msg_2", number)) differs = true;
  }
  CHECK(sum == 75h + 35min + 5s);
  CHECK(differs);
  CHECK(retry_delay("msg_1", 0) <= 6s);
  CHECK(retry_delay("msg_1", 500) >= 24h);
}

TEST_CASE("a delivery is given up after ten attempts and the whole schedule, not before") {
  const Millis whole = 75h + 35min + 5s;
  HttpResponse failing;
  failing.status = 503;
  failing.headers.add("retry-after", "60");
  const auto dead = [&](int number, Millis age) {
    const Attempted attempted{"msg_1", number, now - age, now};
    return step_after(Done{}, failing, attempted).next == DeliveryStep::Next::dead;
  };
  CHECK(dead(10, whole));
  CHECK(dead(5000, whole + 1h));
  CHECK_FALSE(dead(9, whole));
  CHECK_FALSE(dead(9, 1000h));
  CHECK_FALSE(dead(5000, whole - 1s));  // it was throttled all the time
  CHECK_FALSE(dead(10, -1h));           // the clock was set back
}

}  // namespace
}  // namespace pw
