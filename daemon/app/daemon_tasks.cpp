// The tasks that run beside the poller, and the order in which all of them start.
#include <algorithm>

#include "daemon/app/daemon_parts.h"
#include "daemon/runtime/service.h"

namespace pw {

namespace asio = boost::asio;

Interval Daemon::Parts::whole_window() const {
  Interval whole{Instant::max(), Instant{}};
  for (const Pledge& pledge : grounds.roster.pledges) {
    for (const Window& window : pledge.windows) {
      whole.start = std::min(whole.start, window.possible.start);
      whole.end = std::max(whole.end, window.possible.end);
    }
  }
  return whole.empty() ? Interval{} : whole;
}

// A checkpoint every minute and on every finding; findings that come together share one.
asio::awaitable<void> Daemon::Parts::keep_log() {
  const Millis every = config.log.checkpoint_every;
  const Millis breath = std::min(every, Millis(std::chrono::milliseconds(500)));
  for (;;) {
    const Result<Published> published = writer->catch_up(*leaves);
    if (!published) throw StoreFailure("the log could not be written: " + published.error().detail);
    if (const Result<Done> folded = store->checkpoint(); !folded)
      throw StoreFailure(folded.error().detail);
    co_await publish_bell.sleep(world.clock, world.clock.now() + (every - breath));
    co_await world.clock.sleep_until(world.clock.now() + breath);
  }
}

InboxParts Daemon::Parts::inbox() {
  return {*state_folder,       *store,
          world.clock,         world.log,
          grounds.roster,      [this] { return world.random(observation_salt_bytes); },
          [this] { screen(); }};
}

Result<Done> Daemon::Parts::observe(std::string_view record) {
  InboxParts parts = inbox();
  return take_observation(parts, record);
}

// And a moment more, for the last summary to leave.
asio::awaitable<void> Daemon::Parts::wait_for_close() {
  constexpr Millis last_words = std::chrono::seconds(3);
  while (world.clock.now() < closes_at() + last_words)
    co_await world.clock.sleep_until(closes_at() + last_words);
}

// The watchdog is fed only while turns are taken in time: a loop that turns
// without looking is no sign of life.
asio::awaitable<void> Daemon::Parts::keep_alive() {
  constexpr Millis late_max = std::chrono::minutes(5);
  const Millis interval = watchdog_interval();
  for (;;) {
    if (poller->lateness() < late_max) notify_watchdog();
    notify_status(std::to_string(poller->size()) + " accounts watched, " +
                  std::to_string(board.looks()) + " looks, " + std::to_string(board.findings()) +
                  " findings");
    co_await world.clock.sleep_until(
        world.clock.now() + (interval > Millis{0} ? interval : Millis(std::chrono::seconds(10))));
  }
}

namespace {

// Ends the group as any task does that meets a disk that takes nothing.
asio::awaitable<void> end_with(StoreFailure failure) {
  throw failure;
  co_return;
}

}  // namespace

void Daemon::start(TaskGroup& group, bool until_closed) {
  Parts& p = *parts_;
  try {
    p.recorder->record_entry(RunEntry{p.world.clock.now(), "start", software()});
  } catch (const StoreFailure& failure) {
    group.spawn("start", end_with(failure));
    return;
  }
  for (int i = 0; i < p.config.concurrency; ++i)
    group.spawn("poller " + std::to_string(i + 1), p.poller->work());
  group.spawn("batches", p.poller->check_batches());
  if (p.listener) {
    group.spawn("stream", p.listener->run());
    group.spawn("stream filter", p.listener->refresh());
  }
  if (p.hub) group.spawn("hub", p.hub->run());
  if (p.activity) group.spawn("activity", p.activity->run());
  group.spawn("recorder", p.recorder->run(p.world.clock));
  group.spawn("log", p.keep_log());
  group.spawn("watchdog", p.keep_alive());
  group.spawn("inbox", read_inbox(p.inbox()));
  for (std::size_t i = 0; i < p.sinks.size(); ++i) {
    group.spawn("sink " + p.config.sinks[i].name, p.sinks[i]->run(),
                [&p, i] { p.sinks[i]->end_by(p.world.clock.now() + stop_grace); });
  }
  group.spawn("pace", p.keep_pace());
  group.spawn("summaries", p.summarise());
  group.spawn("operators", p.watch_health());
  if (!token_questions(p.config, p.connectors).empty()) group.spawn("credentials", p.ask_tokens());
  if (p.config.log.stamp) group.spawn("stamps", p.stamp_log());
  if (p.config.heartbeat) group.spawn("heartbeat", p.beat());
  if (until_closed) group.spawn("close", p.wait_for_close());
}

}  // namespace pw
