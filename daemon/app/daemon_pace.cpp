// What waits to be told together: when it goes, and as what. And reminders of what
// nobody has reviewed.
#include <algorithm>

#include "daemon/app/daemon_parts.h"
#include "daemon/outbox/tell_held.h"
#include "daemon/outbox/together.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// What comes within it is taken together: a flood is read a few times a second
// rather than once a finding.
constexpr Millis breath = std::chrono::milliseconds(200);
// ... and takes at most this share of the one thread, however much waits.
constexpr int breath_share = 20;
constexpr Millis room_wait = std::chrono::seconds(5);
constexpr int recalled_at_once = 500;

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

// What was told before a restart, read in parts: all of it is a campaign's worth.
void Daemon::Parts::recall_told() {
  DeliveriesAsk ask;
  ask.limit = recalled_at_once;
  for (bool more = true; more;) {
    const Result<std::vector<Delivery>> told = store->deliveries(ask);
    if (!told) throw StoreFailure(told.error().detail);
    for (const SinkConfig& sink : config.sinks) {
      recall_pace(pace_of(sink).value_or(Pace{}), sink.name, *told, world.clock.now(),
                  paces[sink.name]);
    }
    for (const Delivery& delivery : *told) {
      if (delivery.row.id.starts_with(reminder_prefix))
        reminders[delivery.row.sink].last = delivery.created_at;
    }
    more = static_cast<int>(told->size()) == ask.limit;
    if (more) ask.beyond = told->back().place;
  }
}

asio::awaitable<void> Daemon::Parts::keep_pace() {
  recall_told();
  for (;;) {
    const Tick begun = world.clock.steady();
    const std::optional<Instant> next = earlier(tell_held(), remind_of_open());
    const Millis cost = world.clock.steady() - begun;
    co_await world.clock.sleep_until(world.clock.now() + std::max(breath, cost * breath_share));
    co_await pace_bell.sleep(world.clock, next);
  }
}

// Returns when something is due next.
std::optional<Instant> Daemon::Parts::tell_held() {
  const Instant now = world.clock.now();
  const Silenced silences = [&](const HeldAlert& alert) { return silenced(alert.finding, now); };
  std::optional<Instant> next;
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    const SinkConfig& sink = config.sinks[i];
    // Without a pace: what an earlier configuration held goes at once.
    const PacedSink paced{sink.name, reads_json(type_of(sink)), pace_of(sink).value_or(Pace{}),
                          paused()};
    const Result<ToldHeld> told = pw::tell_held(*store, paced, now, silences, paces[sink.name]);
    if (!told && told.error().code != Errc::transient) throw StoreFailure(told.error().detail);
    if (!told || told->any) sinks[i]->notify();
    next = earlier(next, told ? told->next : now + room_wait);
  }
  return next;
}

// The store is read once an interval and sink, not once a finding.
std::optional<Instant> Daemon::Parts::remind_of_open() {
  const Instant now = world.clock.now();
  if (run.state != RunState::running || now >= closes_at()) return std::nullopt;
  std::optional<Instant> next;
  NoticeCommit commit;
  for (const SinkConfig& sink : config.sinks) {
    if (!sink.repeat) continue;
    ReminderClock& clock = reminders[sink.name];
    if (clock.ask_at <= now) {
      const Result<std::vector<ToldFinding>> open = store->unreviewed(sink.name, reminder_prefix);
      if (!open) throw StoreFailure(open.error().detail);
      const Reminder reminder = remind(*sink.repeat, clock.last, *open, now);
      clock.ask_at = reminder.next.value_or(now + *sink.repeat);
      if (auto row = reminder_row(sink, reminder, now)) {
        clock.last = now;
        commit.outbox.push_back(*std::move(row));
      }
    }
    next = earlier(next, clock.ask_at);
  }
  if (commit.outbox.empty()) return next;
  if (const auto stored = store->commit_notices(commit); !stored) {
    if (stored.error().code != Errc::transient) throw StoreFailure(stored.error().detail);
    return next;
  }
  for (const auto& sink : sinks) sink->notify();
  return next;
}

// Worded by what is known of each now; an actor who left the roster is not named.
std::optional<OutboxRow> Daemon::Parts::reminder_row(const SinkConfig& sink,
                                                     const Reminder& reminder, Instant now) {
  if (reminder.findings.empty()) return std::nullopt;
  const auto route = std::find_if(grounds.sinks.begin(), grounds.sinks.end(),
                                  [&](const SinkRoute& r) { return r.name == sink.name; });
  if (route == grounds.sinks.end()) return std::nullopt;
  OutboxRow row;
  TogetherBody together(reads_json(type_of(sink)), Together::reminder);
  for (const std::string& id : reminder.findings) {
    const Result<FindingView> view = desk->finding(id);
    if (!view) throw StoreFailure(view.error().detail);
    if (view->actor.empty() || !silenced(id, now).empty()) continue;
    const Pledge& pledge = grounds.roster.pledges[view->account.pledge];
    together.add(route->body({view->finding, view->post, view->account, pledge}, now));
    if (row.finding.empty())
      row.finding = id;
    else
      row.also.push_back(id);
  }
  if (row.finding.empty()) return std::nullopt;
  row.id = std::string(reminder_prefix) + std::to_string(ms_of(now));
  row.sink = sink.name;
  row.not_before = now;
  row.body = together.print(now);
  return row;
}

}  // namespace pw
