// Delivers what waits for one sink, one after the other, until cancelled. Each
// sink has its own, so that a dead one delays no other.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/outbox/bell.h"
#include "daemon/outbox/delivery.h"
#include "daemon/outbox/message.h"
#include "daemon/outbox/timed_fetch.h"
#include "daemon/outbox/webhook_key.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"
#include "daemon/store/store.h"

namespace pw {

// A store's final failure. The process must end: what was sent could not be
// recorded, so nothing more may be sent.
struct OutboxFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What an attempt that is under way at the end may still take. With what follows it a
// daemon ends within ten seconds (TimeoutStopSec of its unit).
inline constexpr Millis stop_grace{5'000};

// At least once, with stable ids: a delivery is repeated whenever an attempt began
// and its outcome is not known, with the same id and the same bytes, and then it
// says so in the header `pledgewatch-maybe-duplicate: true`. The application calls
// Store::release_leases once before it starts the first.
//
// It ends by end_by(): no attempt begins any more, and one that is under way may take
// until then; cut off after that it is on record as unknown. Cancelled instead, it
// records nothing, as a crash does.
//
// Full disks are waited for. A sink that answered 410 is switched off until its
// URL changes; what waits for it stays in the store.
class Dispatcher {
 public:
  // `malformed`: a secret that is none. The rest is not owned and outlives it.
  static Result<std::unique_ptr<Dispatcher>> make(SinkTarget target, Store& store, Fetcher& fetcher,
                                                  Clock& clock, const Log& log);

  boost::asio::awaitable<void> run();

  // From the same thread.
  void end_by(Instant when);

  // New rows may wait. From the same thread.
  void notify() { bell_.ring(); }

  // True once the receiver said 410, now or before the last restart.
  bool disabled() const { return disabled_; }

  // When the first of the attempts began that have failed since the last success;
  // nothing: the last attempt succeeded, or none was made.
  std::optional<Instant> failing_since() const { return failing_since_; }

  // How many deliveries were given up since this one was made.
  int dead() const { return dead_; }

 private:
  Dispatcher(SinkTarget target, std::vector<WebhookKey> keys, Store& store, Fetcher& fetcher,
             Clock& clock, const Log& log);

  // Returns once something is due.
  boost::asio::awaitable<void> rest();
  boost::asio::awaitable<void> deliver(const Delivery& delivery);
  boost::asio::awaitable<DeliveryStep> send(const Delivery& delivery, std::string& detail);
  boost::asio::awaitable<void> record(const Delivery& delivery, const DeliveryStep& step,
                                      AttemptCommit commit);

  std::optional<Instant> next_due();
  std::string detail_of(const Result<Done>& fetched) const;
  void follow(const Delivery& delivery, const DeliveryStep& step, const AttemptCommit& commit);
  void tell(const Delivery& delivery, const DeliveryStep& step, const AttemptCommit& commit) const;
  void disable();
  void recall_disabled();
  void recall_chat();
  void understand();
  // Throws when the store takes nothing more; otherwise nothing was changed and
  // the caller tries again after disk_wait.
  void bear(const Error& error);

  SinkTarget target_;
  std::vector<WebhookKey> keys_;
  Store& store_;
  Fetcher& fetcher_;
  Clock& clock_;
  const Log& log_;
  Redactor redactor_;
  Bell bell_;
  Hurry hurry_;
  HttpResponse response_;
  int status_ = 0;  // of the answer, as it came
  Instant paused_until_{};
  bool disabled_ = false;
  int dead_ = 0;
  std::optional<Instant> failing_since_{};
  bool disk_is_full_ = false;
};

}  // namespace pw
