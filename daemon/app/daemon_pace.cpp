// What waits to be told together: when it goes, and as what. And reminders of what
// nobody has reviewed.
#include <algorithm>
#include <set>

#include "daemon/app/daemon_parts.h"
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

OutboxRow row_of(const SinkConfig& sink, const Pace& pace, const Telling& telling,
                 const std::vector<HeldAlert>& held, Instant now) {
  OutboxRow row;
  row.id = telling_id(pace, sink.name, telling, held, now);
  row.sink = sink.name;
  row.not_before = now;
  std::vector<std::string> bodies;
  for (const std::size_t member : telling.members) {
    bodies.push_back(held[member].body);
    if (row.finding.empty())
      row.finding = held[member].finding;
    else
      row.also.push_back(held[member].finding);
  }
  const bool alone = bodies.size() == 1 && !telling.over_limit;
  const Together why = telling.over_limit ? Together::over_limit : Together::group;
  row.body = alone ? bodies.front()
                   : together_body(reads_json(type_of(sink)), why, bodies, pace.flood, now);
  return row;
}

std::vector<HeldAlert> held_for(const std::string& sink, const std::vector<HeldAlert>& all) {
  std::vector<HeldAlert> held;
  std::copy_if(all.begin(), all.end(), std::back_inserter(held),
               [&](const HeldAlert& alert) { return alert.sink == sink; });
  return held;
}

}  // namespace

// What was told before a restart, read in parts: all of it is a campaign's worth.
void Daemon::Parts::recall_told() {
  DeliveriesAsk ask;
  ask.limit = recalled_at_once;
  for (bool more = true; more;) {
    const Result<std::vector<Delivery>> told = store->deliveries(ask);
    if (!told) throw StoreFailure(told.error().detail);
    for (const SinkConfig& sink : config.sinks) recall_pace(sink.name, *told, paces[sink.name]);
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

// One transaction for all sinks. Returns when something is due next.
std::optional<Instant> Daemon::Parts::tell_held() {
  const Result<std::vector<HeldAlert>> all = store->held();
  if (!all) throw StoreFailure(all.error().detail);
  if (all->empty()) return std::nullopt;
  const Instant now = world.clock.now();
  std::optional<Instant> next;
  NoticeCommit commit;
  auto told = paces;
  for (const SinkConfig& sink : config.sinks) {
    // Without a pace: what an earlier configuration held goes at once.
    const Pace pace = pace_of(sink).value_or(Pace{});
    const std::vector<HeldAlert> held = held_for(sink.name, *all);
    const Tellings tellings =
        tell_now(pace, told[sink.name], held, now,
                 [&](const HeldAlert& alert) { return silenced(alert.finding, now); });
    next = earlier(next, tellings.next);
    for (const KeptBack& kept : tellings.kept_back) {
      const HeldAlert& alert = held[kept.member];
      OutboxRow row{"msg_" + alert.finding, sink.name, alert.finding, alert.body, now};
      row.withheld = kept.why;
      commit.released.emplace_back(sink.name, alert.finding);
      commit.outbox.push_back(std::move(row));
    }
    for (const Telling& telling : tellings.now) {
      OutboxRow row = row_of(sink, pace, telling, held, now);
      row.withheld = paused();
      if (row.withheld.empty()) note_told(pace, sink.name, telling, now, told[sink.name]);
      for (const std::size_t member : telling.members)
        commit.released.emplace_back(sink.name, held[member].finding);
      commit.outbox.push_back(std::move(row));
    }
  }
  if (commit.outbox.empty()) return next;
  if (const auto stored = store->commit_notices(commit); !stored) {
    if (stored.error().code != Errc::transient) throw StoreFailure(stored.error().detail);
    return now + room_wait;
  }
  paces = std::move(told);
  for (const auto& sink : sinks) sink->notify();
  return earlier(next, now);  // what follows from it is asked once more
}

// Findings that this sink had and that are still open, oldest told first.
Result<std::vector<Unreviewed>> Daemon::Parts::unreviewed(const std::string& sink) {
  const Result<std::vector<Finding>> findings = store->findings({.state = FindingState::open});
  if (!findings) return findings.error();
  std::set<std::string_view> open;
  for (const Finding& finding : *findings) open.insert(finding.id);
  if (open.empty()) return std::vector<Unreviewed>{};
  const Result<std::vector<Delivery>> told =
      store->deliveries({.state = DeliveryState::delivered, .sink = sink});
  if (!told) return told.error();
  std::vector<Unreviewed> waiting;
  const auto take = [&](const std::string& finding, Instant at) {
    if (open.erase(finding) > 0) waiting.push_back({finding, at});
  };
  for (const Delivery& delivery : *told) {
    if (delivery.row.id.starts_with(reminder_prefix)) continue;
    take(delivery.row.finding, delivery.created_at);
    for (const std::string& finding : delivery.row.also) take(finding, delivery.created_at);
  }
  return waiting;
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
      const Result<std::vector<Unreviewed>> open = unreviewed(sink.name);
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
  std::vector<std::string> bodies;
  for (const std::string& id : reminder.findings) {
    const Result<FindingView> view = desk->finding(id);
    if (!view) throw StoreFailure(view.error().detail);
    if (view->actor.empty() || !silenced(id, now).empty()) continue;
    const Pledge& pledge = grounds.roster.pledges[view->account.pledge];
    bodies.push_back(route->body({view->finding, view->post, view->account, pledge}, now));
    if (row.finding.empty())
      row.finding = id;
    else
      row.also.push_back(id);
  }
  if (bodies.empty()) return std::nullopt;
  row.id = std::string(reminder_prefix) + std::to_string(ms_of(now));
  row.sink = sink.name;
  row.not_before = now;
  row.body =
      together_body(reads_json(type_of(sink)), Together::reminder, bodies, std::nullopt, now);
  return row;
}

}  // namespace pw
