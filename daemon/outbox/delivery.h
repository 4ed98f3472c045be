// What follows from one attempt to deliver. Pure: from the answer, the number of
// attempts and the time to a step. The schedule and the meaning of statuses are
// those of Standard Webhooks 1.0.0 ("Deliverability and reliability").
#pragma once

#include <array>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"
#include "daemon/core/time.h"

namespace pw {

enum class DeliveryReason {
  accepted,           // 2xx
  redirected,         // 3xx: never followed, since the target was checked and signed for
  throttled,          // 429, 502, 503, 504
  rejected,           // any other 4xx
  server_failed,      // any other 5xx
  odd_status,         // no status that RFC 9110 knows
  sink_gone,          // 410: the receiver wants nothing any more
  aborted,            // the answer says `webhook-delivery: abort-message`
  no_answer,          // none, or not in time: it may have arrived
  unreadable_answer,  // an answer that is no HTTP: it may have arrived
  target_refused,     // the address guard or TLS said no: nothing was sent
  unsendable,         // its id cannot stand in a header; enqueued by mistake
};

inline constexpr std::array<std::string_view, 12> delivery_reason_names = {
    "accepted",  "redirected", "throttled", "rejected",          "server_failed",  "odd_status",
    "sink_gone", "aborted",    "no_answer", "unreadable_answer", "target_refused", "unsendable"};
constexpr std::string_view name_of(DeliveryReason reason) {
  return delivery_reason_names[static_cast<std::size_t>(reason)];
}

struct DeliveryStep {
  enum class Next {
    delivered,
    retry,    // this one, at `at`
    pause,    // everything to this sink waits until `at`, this one first: order is kept
    dead,     // given up; people are told and may send it again
    disable,  // the sink is switched off; this one waits until it is switched on
  };
  Next next = Next::retry;
  DeliveryReason reason = DeliveryReason::no_answer;
  Instant at{};
  bool may_have_arrived = false;  // the next attempt may be a duplicate
};

// One attempt that ended at `now`.
struct Attempted {
  std::string_view delivery;
  int number = 1;         // from 1
  Instant enqueued_at{};  // of the delivery
  Instant now{};
};

// `response` is read only where `fetched` is a value.
//
// Every answer but 2xx, 410 and abort-message is tried again, 4xx too: the usual
// cause of a 401 or 404 is a receiver in the middle of a change, and its alert is
// still worth having an hour later. A delivery is given up when it was tried ten
// times and the whole schedule (75:35:05) has passed, so that a receiver which
// throttles often does not use its attempts up.
DeliveryStep step_after(const Result<Done>& fetched, const HttpResponse& response,
                        const Attempted& attempted);

inline constexpr int scheduled_attempts = 10;

// From the end of attempt `number` (from 1) to the next: the schedule's delay and
// up to a tenth more, hashed from delivery and attempt, so that what failed
// together does not come back together. The last delay repeats.
Millis retry_delay(std::string_view delivery, int number);

}  // namespace pw
