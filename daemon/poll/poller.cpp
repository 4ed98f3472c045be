#include "daemon/poll/poller.h"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/poll/backoff.h"
#include "daemon/poll/batch.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// An account with nothing due is asked again about its agenda: the wall clock,
// by which sweeps are due, may have been stepped.
constexpr Millis agenda_recheck = std::chrono::minutes(10);

}  // namespace

Poller::Poller(PollerParts parts) : parts_(std::move(parts)) {}

std::uint32_t Poller::add_lane(Lane lane, std::vector<Budget> budgets,
                               std::vector<std::string> apps) {
  lane.strikes.assign(budgets.size(), 0);
  lane.batch_every = batch_spacing(lane.connector->declaration(), budgets);
  lanes_.push_back(std::move(lane));
  return schedule_.add_lane(std::move(budgets), std::move(apps));
}

void Poller::add(Watch watch, std::uint32_t lane, Millis within) {
  const auto index = static_cast<std::uint32_t>(slots_.size());
  const AccountNumber number = watch.account.number;
  if (number >= slot_of_.size()) slot_of_.resize(number + 1, 0);
  slot_of_[number] = index + 1;
  slots_.push_back({std::move(watch), lane, true});
  lanes_[lane].members.push_back(index);
  lanes_[lane].habits_changed = lanes_[lane].share.shares();
  ++active_;
  const Pace spread{within, parts_.seed};
  schedule_.add(index, lane, clock().steady() + phase_of(spread, number));
}

void Poller::remove(AccountNumber account) {
  if (!watches(account)) return;
  const std::uint32_t index = slot_of_[account] - 1;
  slots_[index].active = false;
  slot_of_[account] = 0;
  pending_.erase(account);
  schedule_.remove(index);
  --active_;
}

bool Poller::watches(AccountNumber account) const {
  return account < slot_of_.size() && slot_of_[account] != 0;
}

const Watch* Poller::find(AccountNumber account) const {
  return watches(account) ? &slots_[slot_of_[account] - 1].watch : nullptr;
}

asio::awaitable<void> Poller::work() {
  Exchange exchange;
  for (;;) {
    const std::optional<Turn> turn = schedule_.pop_due(clock().steady());
    if (!turn) {
      co_await wait_for_work();
      continue;
    }
    // The next worker sees to the next turn while this one is in its look.
    if (schedule_.next_due() <= clock().steady() && !parked_.empty()) parked_.front()->cancel();
    const Ending ending = co_await take(*turn, exchange);
    put_back(*turn, ending);
  }
}

// At most one worker sleeps until the next turn is due; the rest are parked
// until somebody finds more due than it can take. A worker that puts back an
// account due earlier than the sleeper wakes sleeps for that one itself, and is
// parked again afterwards: the other sleeps on.
asio::awaitable<void> Poller::wait_for_work() {
  const Tick due = schedule_.next_due();
  if (due < next_wake()) {
    const auto wake = wakes_.insert(due);
    co_await clock().sleep_until(clock().now() + (due - clock().steady()));
    wakes_.erase(wake);
    co_return;
  }
  asio::steady_timer gate(co_await asio::this_coro::executor,
                          asio::steady_timer::time_point::max());
  const auto place = parked_.insert(parked_.end(), &gate);
  co_await gate.async_wait(asio::as_tuple(asio::use_awaitable));
  parked_.erase(place);
  // Being woken and being cancelled both abort the wait; only one is an exit.
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

asio::awaitable<Poller::Ending> Poller::take(const Turn& turn, Exchange& exchange) {
  Slot& slot = slots_[turn.account];
  exchange.paid = true;
  const auto purpose = purpose_at(parts_.windows(slot.watch.account), parts_.sweeps,
                                  slot.watch.agenda, slot.watch.state.has_baseline, clock().now());
  if (!purpose)
    co_return Ending{Outcome::unchanged, Scope::account, std::nullopt, /*looked=*/false};
  if (slot.watch.state.id.empty()) {
    Ending ending = co_await resolve(slot, turn, exchange);
    co_return ending;
  }
  const Declaration& declared = lanes_[turn.lane].connector->declaration();
  if (declared.has_home && wants_home(slot, *purpose)) {
    const std::optional<Trouble> trouble = co_await find_home(slot, turn, exchange);
    if (trouble) co_return fail(slot, *purpose, *trouble, exchange);
  }
  if (declared.probe == ProbeProves::silence) {
    Ending ending = co_await look_by_revision(slot, turn, *purpose, exchange);
    co_return ending;
  }
  Ending ending = co_await look(slot, turn, *purpose, exchange);
  co_return ending;
}

void Poller::say_change(const Slot& slot, const Look& look) {
  const bool was_ok = observes(slot.watch.last);
  if (observes(look.outcome)) {
    if (!was_ok) {
      parts_.log.write(LogLevel::info, "account_visible_again", "",
                       {{"account", print_account(slot.watch.account)}});
    }
    return;
  }
  if (look.outcome == slot.watch.last) return;  // said once
  parts_.log.write(LogLevel::warning, "account_not_observed", look.detail,
                   {{"account", print_account(slot.watch.account)},
                    {"outcome", name_of(look.outcome)},
                    {"status", look.http_status}});
}

void Poller::note_blocks(const Turn& turn, const Ending& ending) {
  Lane& lane = lanes_[turn.lane];
  int& strikes = lane.strikes[turn.meter];
  // A login wall in front of one account is that account's; a token or an app
  // that is not welcome will not be for the next account either.
  const bool barred = ending.outcome == Outcome::refused &&
                      (ending.scope == Scope::credential || ending.scope == Scope::app);
  const bool blocks = ending.outcome == Outcome::rate_limited || barred;
  if (!blocks) {
    strikes = 0;
    return;
  }
  const Tick until = clock().steady() + block_after(ending.retry_after, ++strikes);
  switch (ending.scope) {
    case Scope::account:
      break;
    case Scope::credential:
      schedule_.block_meter(turn, until);
      break;
    case Scope::app:
      schedule_.block_app(turn, until);
      break;
    case Scope::host:
      schedule_.block_lane(turn, until);
      break;
  }
  if (ending.scope != Scope::account) even_out(turn.lane, until);
  if (strikes == 1 && ending.scope != Scope::account) {
    const bool named = !lane.credentials.empty() && ending.scope != Scope::host;
    parts_.log.write(LogLevel::warning, "budget_blocked", "asking again when the platform lets us",
                     {{"lane", lane.name},
                      {"credential", named ? lane.credentials[turn.meter].label : ""},
                      {"outcome", name_of(ending.outcome)},
                      {"for", print_duration(until - clock().steady())}});
  }
}

void Poller::put_back(const Turn& turn, const Ending& ending) {
  Slot& slot = slots_[turn.account];
  Watch& watch = slot.watch;
  if (!slot.active) return;
  const Tick steady = clock().steady();
  watch.asked = steady;
  share_out(turn.lane);
  if (ending.looked) {
    note_blocks(turn, ending);
    ++watch.turns;
    // A block of the whole budget is not this account's failure.
    const bool own = ending.scope == Scope::account || ending.outcome != Outcome::rate_limited;
    if (observes(ending.outcome))
      watch.failures = 0;
    else if (own && watch.failures < 100)
      ++watch.failures;
  }
  const auto change =
      next_change(parts_.windows(watch.account), parts_.sweeps, watch.agenda, clock().now());
  if (!change && watch.state.has_baseline) return remove(watch.account.number);

  Tick due = due_after(slot, ending.looked);
  // A failure backs off, whatever was heard.
  if (std::exchange(watch.hastened, false) && watch.failures == 0)
    due = std::min(due, soonest(slot));
  schedule_.put_back(turn.account, due);
}

// When the account is looked at next, whose look has just ended.
Tick Poller::due_after(const Slot& slot, bool looked) const {
  const Watch& watch = slot.watch;
  const Instant now = clock().now();
  const Tick steady = clock().steady();
  const std::vector<Window>& windows = parts_.windows(watch.account);
  const auto change = next_change(windows, parts_.sweeps, watch.agenda, now);
  const auto purpose =
      purpose_at(windows, parts_.sweeps, watch.agenda, watch.state.has_baseline, now);
  if (!purpose && change) return steady + std::min(*change - now, agenda_recheck);
  Tick due = steady;
  if (looked) {
    due += delay_after({interval_of(slot), parts_.seed}, watch.account.number, watch.turns,
                       watch.failures);
  }
  // A sweep comes due between two routine looks: it does not wait for the next.
  const bool healthy = watch.failures == 0 && purpose == Purpose::routine;
  if (healthy && change && *change > now) due = std::min(due, steady + (*change - now));
  return due;
}

}  // namespace pw
