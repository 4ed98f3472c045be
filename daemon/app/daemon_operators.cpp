// How the daemon fares, told to the operators' own sinks; and the heartbeat that
// somebody else listens to.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "daemon/app/daemon_parts.h"
#include "daemon/outbox/notice.h"
#include "daemon/outbox/timed_fetch.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr Millis glance = std::chrono::seconds(30);

std::string operator_body(SinkType type, const std::string& campaign, const OperatorEvent& event,
                          Instant now) {
  if (reads_json(type)) {
    const nlohmann::ordered_json payload = {{"type", "pledgewatch.operators"},
                                            {"timestamp", print_rfc3339(now)},
                                            {"data",
                                             {{"campaign", campaign},
                                              {"key", event.key},
                                              {"title", event.title},
                                              {"over", event.over}}}};
    return payload.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  Notice notice;
  notice.kind = Notice::Kind::operators;
  notice.title = event.title;
  notice.severity = event.over ? "note" : "warning";
  notice.campaign = campaign;
  notice.key = "operators " + event.key;
  notice.resolves = event.over;
  notice.at = now;
  return print_notice(notice);
}

}  // namespace

// One transaction for all events and sinks.
void Daemon::Parts::tell_operators(const std::vector<OperatorEvent>& events) {
  const Instant now = world.clock.now();
  NoticeCommit commit;
  for (const OperatorEvent& event : events) {
    world.log.write(event.over ? LogLevel::info : LogLevel::warning, "operators", event.title,
                    {{"key", event.key}});
    const std::string id =
        "op_" + std::to_string(ms_of(now)) + '_' + print_hex(sha256(event.key)).substr(0, 12);
    for (const SinkConfig& sink : config.sinks) {
      if (!sink.operators) continue;
      commit.outbox.push_back(
          {id, sink.name, "", operator_body(type_of(sink), config.campaign.name, event, now), now});
    }
  }
  if (commit.outbox.empty()) return;
  if (const auto stored = store->commit_notices(commit); !stored) {
    if (stored.error().code != Errc::transient) throw StoreFailure(stored.error().detail);
    return;
  }
  for (const auto& sink : sinks) sink->notify();
}

std::uint64_t Daemon::Parts::disk_free_bytes() const {
  if (world.disk_free) return world.disk_free(config.state_dir);
  std::error_code failed;
  const auto space = std::filesystem::space(config.state_dir, failed);
  return failed ? ~std::uint64_t{0} : space.available;
}

const PlannedLane* Daemon::Parts::lane_of(AccountNumber account) const {
  if (account >= grounds.account_at.size() || grounds.account_at[account] == 0) return nullptr;
  const std::uint32_t lane = plan.lane_of[grounds.account_at[account] - 1];
  return lane == not_watched ? nullptr : &plan.lanes[lane];
}

std::optional<Millis> Daemon::Parts::gap_allowed(AccountNumber account) const {
  const PlannedLane* lane = lane_of(account);
  if (lane == nullptr) return std::nullopt;
  return lane->promise.gap_max - lane->plan.lag;
}

Millis Daemon::Parts::promised_gap(const std::string& platform) const {
  Millis longest{0};
  for (const PlannedLane& lane : plan.lanes) {
    if (lane.config->name == platform) longest = std::max(longest, lane.promise.gap_max);
  }
  return longest;
}

// A gap that a look ends is kept for the operators, since it may have outgrown its
// promise between two glances.
void Daemon::Parts::heard(const Look& look) {
  const Instant before = board.observed(look.account);
  board.heard(look);
  if (world.on_look) world.on_look(look);
  if (!observes(look.outcome)) return;
  const std::optional<Millis> allowed = gap_allowed(look.account);
  if (!allowed || (before != Instant{} && look.effective - before <= *allowed)) return;
  const auto gap = gap_in(windows_of(look.account), before, look.effective, joined(look.account));
  if (!gap || gap->length() <= *allowed) return;
  Millis& longest = gaps_closed[look.account];
  longest = std::max(longest, gap->length());
}

Instant Daemon::Parts::joined(AccountNumber account) const {
  const auto it = joined_at.find(account);
  return it == joined_at.end() ? Instant{} : it->second;
}

void Daemon::Parts::add_gaps(DaemonHealth& health) {
  std::map<std::string_view, ConnectorHealth*> by_platform;
  for (ConnectorHealth& connector : health.connectors)
    by_platform.emplace(connector.platform, &connector);
  for (const Account& account : grounds.roster.accounts) {
    const std::optional<Millis> allowed = gap_allowed(account.number);
    const auto platform = by_platform.find(account.platform);
    if (!allowed || platform == by_platform.end()) continue;
    ConnectorHealth& connector = *platform->second;
    if (const auto closed = gaps_closed.find(account.number); closed != gaps_closed.end())
      connector.closed.push_back({account.number, closed->second, *allowed});
    // What a platform shows later by its lag, no look can have shown yet.
    const Instant showable = health.now - lane_of(account.number)->plan.lag;
    const auto gap = gap_in(windows_of(account.number), board.observed(account.number), showable,
                            joined(account.number));
    if (gap && gap->length() > *allowed)
      connector.open.push_back({account.number, gap->length(), *allowed});
  }
}

DaemonHealth Daemon::Parts::health() {
  DaemonHealth health;
  health.now = world.clock.now();
  health.lateness = poller->lateness();
  for (const PlatformCount& count : board.platforms(health.now))
    health.connectors.push_back({count.platform, count.accounts, count.blind});
  add_gaps(health);
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    const std::string& name = config.sinks[i].name;
    if (sinks[i]->disabled())
      health.sinks_off.push_back(name);
    else if (const auto since = sinks[i]->failing_since())
      health.failing.push_back({name, *since});
    health.deliveries_dead += sinks[i]->dead();
  }
  health.credentials = credential_lives(config, token_words);
  health.credentials_needed_until = credentials_needed_until(config, grounds.roster);
  if (activity) health.push_fault = activity->fault();
  health.stamp_fault = stamp_fault;
  health.disk_free_bytes = disk_free_bytes();
  return health;
}

asio::awaitable<void> Daemon::Parts::watch_health() {
  OperatorWatch watch([this](AccountNumber account) {
    const std::uint32_t at = account < grounds.account_at.size() ? grounds.account_at[account] : 0;
    return at == 0 ? "account " + std::to_string(account)
                   : print_account(grounds.roster.accounts[at - 1]);
  });
  tell_operators({{"start", "the daemon has started (" + software() + ")"}});
  Instant wall = world.clock.now();
  Tick steady = world.clock.steady();
  for (;;) {
    co_await world.clock.sleep_until(world.clock.now() + glance);
    const Instant wall_now = world.clock.now();
    const Tick steady_now = world.clock.steady();
    const auto passed = std::chrono::duration_cast<Millis>(steady_now - steady);
    DaemonHealth now = health();
    now.clock_step = (wall_now - wall) - passed;
    now.stood_still = passed - glance;
    wall = wall_now;
    steady = steady_now;
    gaps_closed.clear();
    const std::vector<OperatorEvent> events = watch.note(now);
    if (!events.empty()) tell_operators(events);
    if (config.amnesty) grant_amnesty();
  }
}

// It says nothing and is not repeated: only its absence is news, to others.
asio::awaitable<void> Daemon::Parts::beat() {
  HttpRequest request;
  request.method = "POST";
  request.url = config.heartbeat->url.value;
  request.redirects = Redirects::refuse;
  request.allowance = &config.heartbeat->allowance;
  HttpResponse response;
  bool failing = false;
  for (;;) {
    const Result<Done> fetched =
        co_await fetch_within(world.fetcher, world.clock, Millis{20'000}, request, response);
    const bool heard = fetched && response.status >= 200 && response.status <= 299;
    if (!heard && !failing)
      world.log.write(LogLevel::warning, "heartbeat", "nobody hears it; tried again each interval");
    if (heard && failing) world.log.write(LogLevel::info, "heartbeat", "heard again");
    failing = !heard;
    co_await world.clock.sleep_until(world.clock.now() + config.heartbeat->every);
  }
}

}  // namespace pw
