#include "daemon/outbox/dispatcher.h"

#include <algorithm>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/outbox/request.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/timed_fetch.h"

namespace pw {
namespace {

namespace asio = boost::asio;
using Next = DeliveryStep::Next;

// Longer than an attempt can last, so that only a dead or stopped process's lease
// ever runs out.
constexpr Millis lease_margin{60'000};
constexpr Millis disk_wait{5'000};
constexpr std::size_t redacted_bytes = 4'096;
constexpr std::size_t excerpt_bytes = 200;

std::string_view result_of(const DeliveryStep& step) {
  if (step.next == Next::delivered) return "delivered";
  if (step.next == Next::dead) return "dead";
  return step.may_have_arrived ? "unknown" : "retry";
}

DeliveryState state_of(Next next) {
  if (next == Next::delivered) return DeliveryState::delivered;
  return next == Next::dead ? DeliveryState::dead : DeliveryState::ready;
}

LogLevel level_of(Next next) {
  if (next == Next::delivered) return LogLevel::info;
  return next == Next::dead || next == Next::disable ? LogLevel::error : LogLevel::warning;
}

std::string disabled_key(const SinkTarget& target) { return "sink/" + target.name + "/disabled"; }
std::string chat_key(const SinkTarget& target) { return "sink/" + target.name + "/chat"; }

// Names the address without telling it.
std::string mark_of(const SinkTarget& target) { return print_hex(sha256(target.url)); }

Redactor redactor_of(const SinkTarget& target) {
  std::vector<std::string> secrets = target.secrets;
  secrets.push_back(target.url);
  std::erase_if(secrets, [](const std::string& secret) { return secret.size() < 8; });
  return Redactor(std::move(secrets));
}

}  // namespace

Result<std::unique_ptr<Dispatcher>> Dispatcher::make(SinkTarget target, Store& store,
                                                     Fetcher& fetcher, Clock& clock,
                                                     const Log& log) {
  auto keys = target.type == SinkType::webhook ? parse_webhook_secrets(target.secrets)
                                               : std::vector<WebhookKey>{};
  if (!keys) return Error{keys.error().code, target.name + ": " + keys.error().detail};
  return std::unique_ptr<Dispatcher>(
      new Dispatcher(std::move(target), *std::move(keys), store, fetcher, clock, log));
}

Dispatcher::Dispatcher(SinkTarget target, std::vector<WebhookKey> keys, Store& store,
                       Fetcher& fetcher, Clock& clock, const Log& log)
    : target_(std::move(target)),
      keys_(std::move(keys)),
      store_(store),
      fetcher_(fetcher),
      clock_(clock),
      log_(log),
      redactor_(redactor_of(target_)) {}

asio::awaitable<void> Dispatcher::run() {
  recall_disabled();
  recall_chat();
  for (;;) {
    co_await rest();
    if (hurry_.by()) co_return;
    const Instant now = clock_.now();
    const auto leased =
        store_.lease_delivery(target_.name, now, now + target_.timeout + lease_margin);
    if (!leased) {
      bear(leased.error());
      co_await clock_.sleep_until(now + disk_wait);
      continue;
    }
    if (*leased) co_await deliver(**leased);
  }
}

asio::awaitable<void> Dispatcher::rest() {
  while (!hurry_.by()) {
    const std::optional<Instant> due = next_due();
    if (due && *due <= clock_.now()) co_return;
    co_await bell_.sleep(clock_, due);
  }
}

void Dispatcher::end_by(Instant when) {
  hurry_.be_done_by(when);
  bell_.ring();
}

std::optional<Instant> Dispatcher::next_due() {
  if (disabled_) return std::nullopt;
  const auto due = store_.next_delivery(target_.name);
  if (!due) {
    bear(due.error());
    return clock_.now() + disk_wait;
  }
  if (!*due) return std::nullopt;
  return std::max(**due, paused_until_);
}

asio::awaitable<void> Dispatcher::deliver(const Delivery& delivery) {
  const Instant started = clock_.now();
  const auto begun = store_.begin_attempt(delivery, started);
  if (!begun) {
    if (begun.error().code != Errc::gone) bear(begun.error());
    co_return;  // the lease runs out, and it is tried again
  }
  std::string detail;
  const DeliveryStep step = co_await send(delivery, detail);

  AttemptCommit commit;
  commit.delivery = delivery.row.id;
  commit.sink = delivery.row.sink;
  commit.fence = delivery.fence;
  commit.state = state_of(step.next);
  commit.not_before = step.at;
  AttemptRecord& attempt = commit.attempt;
  attempt.delivery = commit.delivery;
  attempt.sink = commit.sink;
  attempt.number = delivery.attempts + 1;
  attempt.started = started;
  attempt.ended = clock_.now();
  attempt.http_status = status_;
  attempt.result = result_of(step);
  attempt.detail = detail;
  DeliveryEntry entry;
  entry.delivery = commit.delivery;
  entry.sink = commit.sink;
  entry.finding = delivery.row.finding;
  entry.attempt = attempt.number;
  entry.result = attempt.result;
  entry.http_status = attempt.http_status;
  entry.at = *attempt.ended;
  commit.leaves.push_back(encode(entry));
  co_await record(delivery, step, std::move(commit));
}

asio::awaitable<DeliveryStep> Dispatcher::send(const Delivery& delivery, std::string& detail) {
  response_.status = status_ = 0;
  response_.headers.clear();
  response_.body.clear();
  Attempted attempted;
  attempted.delivery = delivery.row.id;
  attempted.number = delivery.attempts + 1;
  attempted.enqueued_at = delivery.created_at;

  const Result<HttpRequest> request = delivery_request(target_, keys_, delivery, clock_.now());
  if (!request) {
    detail = request.error().detail;
    DeliveryStep step;
    step.next = Next::dead;
    step.reason = DeliveryReason::unsendable;
    co_return step;
  }
  const Result<Done> fetched =
      co_await fetch_within(fetcher_, clock_, target_.timeout, *request, response_, &hurry_);
  if (!fetched) response_.status = 0;
  status_ = response_.status;
  if (fetched) understand();
  attempted.now = clock_.now();
  const DeliveryStep step = step_after(fetched, response_, attempted);
  detail = std::string(name_of(step.reason));
  // Of mail, who did not get it although others did.
  if (step.next != Next::delivered || target_.type == SinkType::email) detail += detail_of(fetched);
  co_return step;
}

// A service's own words become HTTP's; a chat that moved is followed.
void Dispatcher::understand() {
  const Meaning meaning = meaning_of(target_.type, response_);
  say_as_http(meaning, response_);
  if (meaning.moved_to.empty() || target_.to.empty()) return;
  target_.to.front() = meaning.moved_to;
  log_.write(LogLevel::warning, "chat_moved", "the service gave the chat a new id; it is kept",
             {{"sink", target_.name}});
  // Not stored: the next start learns it from the next answer.
  if (const auto kept = store_.set_value(chat_key(target_), mark_of(target_) + meaning.moved_to);
      !kept)
    bear(kept.error());
}

// Whatever an error or an answer repeats of our address or secrets is cut out.
std::string Dispatcher::detail_of(const Result<Done>& fetched) const {
  const std::string_view said = fetched ? std::string_view(response_.body) : fetched.error().detail;
  if (said.empty()) return {};
  std::string text = redactor_.redact(said.substr(0, redacted_bytes)).substr(0, excerpt_bytes);
  // A stranger wrote it: one line of plain characters.
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return ": " + text;
}

asio::awaitable<void> Dispatcher::record(const Delivery& delivery, const DeliveryStep& step,
                                         AttemptCommit commit) {
  for (;;) {
    const Result<bool> held = store_.commit_attempt(commit);
    if (held) {
      if (*held) follow(delivery, step, commit);
      co_return;
    }
    bear(held.error());
    // Its outcome stays unknown.
    if (hurry_.by() && clock_.now() >= *hurry_.by()) co_return;
    co_await clock_.sleep_until(
        std::min(clock_.now() + disk_wait, hurry_.by().value_or(Instant::max())));
  }
}

void Dispatcher::follow(const Delivery& delivery, const DeliveryStep& step,
                        const AttemptCommit& commit) {
  disk_is_full_ = false;
  tell(delivery, step, commit);
  if (step.next == Next::delivered)
    failing_since_.reset();
  else if (!failing_since_)
    failing_since_ = commit.attempt.started;
  if (step.next == Next::pause) paused_until_ = step.at;
  if (step.next == Next::disable) disable();
  if (step.next == Next::dead) ++dead_;
}

void Dispatcher::tell(const Delivery& delivery, const DeliveryStep& step,
                      const AttemptCommit& commit) const {
  const bool again = step.next == Next::retry || step.next == Next::pause;
  log_.write(level_of(step.next), "delivery", commit.attempt.detail,
             {{"sink", target_.name},
              {"delivery", delivery.row.id},
              {"attempt", commit.attempt.number},
              {"result", commit.attempt.result},
              {"status", commit.attempt.http_status},
              {"next", again ? print_rfc3339(step.at) : "none"}});
}

void Dispatcher::disable() {
  disabled_ = true;
  log_.write(LogLevel::error, "sink_disabled",
             "the receiver answered 410: nothing is sent to this sink until its URL is changed; "
             "what waits for it is kept",
             {{"sink", target_.name}});
  // Not stored: the next start learns it from the next 410.
  if (const auto kept = store_.set_value(disabled_key(target_), mark_of(target_)); !kept)
    bear(kept.error());
}

void Dispatcher::recall_chat() {
  const auto kept = store_.value(chat_key(target_));
  if (!kept) return bear(kept.error());
  const std::string mark = mark_of(target_);
  if (*kept && (*kept)->starts_with(mark) && !target_.to.empty())
    target_.to.front() = (*kept)->substr(mark.size());
}

void Dispatcher::recall_disabled() {
  const auto mark = store_.value(disabled_key(target_));
  if (!mark) return bear(mark.error());
  disabled_ = *mark == mark_of(target_);
  if (!disabled_) return;
  log_.write(LogLevel::error, "sink_disabled",
             "the receiver answered 410 earlier: nothing is sent to this sink",
             {{"sink", target_.name}});
}

void Dispatcher::bear(const Error& error) {
  if (error.code != Errc::transient) throw OutboxFailure(error.detail);
  if (std::exchange(disk_is_full_, true)) return;
  log_.write(LogLevel::error, "outbox_waits", error.detail, {{"sink", target_.name}});
}

}  // namespace pw
