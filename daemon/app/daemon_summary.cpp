// How the campaign stands, told unasked to the organisers' sinks.
#include <algorithm>

#include "daemon/app/daemon_parts.h"
#include "daemon/ledger/judge.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// Reading the log takes the thread no longer than this at once.
constexpr Millis summary_step_max = std::chrono::milliseconds(15);
constexpr Millis step_pause = std::chrono::milliseconds(50);
constexpr Millis disk_patience = std::chrono::seconds(5);

bool wants(const SummaryConfig& chosen, SummaryKind kind) {
  if (kind == SummaryKind::opening) return chosen.opening;
  return kind == SummaryKind::hourly ? chosen.hourly : chosen.closing;
}

void count(const Judgement& judgement, SummaryVerdicts& verdicts) {
  verdicts.actors = judgement.actors_by_verdict;
  verdicts.judged = judgement.actors_judged;
  verdicts.rumoured = judgement.actors_rumoured;
  verdicts.withdrawn = judgement.actors_withdrawn;
  for (const AccountVerdict& account : judgement.accounts) {
    if (account.standing != Standing::judged) continue;
    ++verdicts.accounts;
    const bool covered = account.coverage.baseline && account.coverage.closed &&
                         account.gaps.empty() && account.gaps_more == 0;
    verdicts.within_promise += covered ? 1 : 0;
    if (account.verdict != Verdict::kept) continue;
    verdicts.surfaces = verdicts.surfaces | account.surfaces;
    verdicts.kept_duration = std::max(verdicts.kept_duration, account.coverage.longest_gap);
  }
}

}  // namespace

SummaryTimes Daemon::Parts::summary_times() const {
  SummaryTimes times{whole_window(), {}, closes_at()};
  // A sweep is spread over as long as it waits.
  times.closing_at = std::min(times.closes, times.window.end + 2 * config.campaign.sweep);
  return times;
}

SummaryFacts Daemon::Parts::summary_facts(const SummaryMoment& moment) {
  SummaryFacts facts;
  facts.moment = moment;
  facts.campaign = config.campaign.name;
  facts.window = whole_window();
  facts.now = world.clock.now();
  if (run.state != RunState::running) facts.run = name_of(run.state);
  facts.actors = static_cast<int>(grounds.roster.pledges.size());
  facts.looks = board.looks();
  for (const PlatformCount& c : board.platforms(facts.now)) {
    facts.accounts += c.accounts;
    facts.platforms.push_back(
        {c.platform, c.accounts, c.blind, c.gap_max, promised_gap(c.platform)});
  }
  for (std::size_t state = 0; state < finding_state_names.size(); ++state) {
    const Result<std::uint64_t> count =
        store->finding_count({.state = static_cast<FindingState>(state), .mode = Mode::alert});
    if (!count) throw StoreFailure(count.error().detail);
    facts.findings[state] = static_cast<int>(*count);
  }
  return facts;
}

// The log as the report judges it, read in small steps, since everybody waits
// meanwhile.
struct Daemon::Parts::LogReading {
  LogReading(Parts& p, std::unique_ptr<Shelf> shelf)
      : parts(p),
        judge(
            [&p](const Digest& digest) -> Result<Terms> {
              const auto bytes = p.log_folder->read(object_path(digest), object_bytes_max);
              if (!bytes) return bytes.error();
              if (!*bytes)
                return Error{Errc::gone, "the terms that the log names are not in its folder"};
              return decode_terms(**bytes);
            },
            std::move(shelf)) {}

  // False once all of it is read.
  bool step() {
    const Result<std::uint64_t> known = parts.store->leaf_count();
    if (!known) throw StoreFailure(known.error().detail);
    if (read >= *known) return false;
    const Tick start = parts.world.clock.steady();
    const Result<Done> done = parts.store->each_leaf(
        read, *known - read, [&](std::uint64_t index, std::string_view leaf) {
          take(index, leaf);
          return parts.world.clock.steady() - start < summary_step_max;
        });
    if (!done) throw StoreFailure(done.error().detail);
    if (const auto failure = judge.failure()) throw StoreFailure(failure->detail);
    return true;
  }

  void take(std::uint64_t index, std::string_view leaf) {
    const Result<Entry> entry = decode(leaf);
    if (entry)
      judge.add(index, *entry);
    else
      judge.add_unknown(index, entry.error().detail);
    ++read;
  }

  Parts& parts;
  Judge judge;
  std::uint64_t read = 0;
};

asio::awaitable<void> Daemon::Parts::judge_log(SummaryFacts& facts) {
  Result<std::unique_ptr<Shelf>> shelf = open_shelf();
  if (!shelf) throw StoreFailure(shelf.error().detail);
  const auto reading = std::make_unique<LogReading>(*this, *std::move(shelf));
  while (reading->step()) co_await world.clock.sleep_until(world.clock.now() + step_pause);
  count(reading->judge.judge(world.clock.now()), facts.verdicts.emplace());
}

asio::awaitable<void> Daemon::Parts::tell_summary(const SummaryMoment& moment) {
  const auto chosen = [&](const SinkConfig& sink) { return wants(sink.summaries, moment.kind); };
  if (std::none_of(config.sinks.begin(), config.sinks.end(), chosen)) co_return;
  SummaryFacts facts = summary_facts(moment);
  if (moment.kind == SummaryKind::closing || moment.kind == SummaryKind::final)
    co_await judge_log(facts);
  NoticeCommit commit;
  const std::string notice = print_notice(summary_notice(facts));
  const std::string json = summary_body(facts);
  for (const SinkConfig& sink : config.sinks) {
    if (!chosen(sink)) continue;
    const std::string& body = reads_json(type_of(sink)) ? json : notice;
    commit.outbox.push_back({moment.id, sink.name, "", body, facts.now});
  }
  for (;;) {
    const auto stored = store->commit_notices(commit);
    if (stored) break;
    if (stored.error().code != Errc::transient) throw StoreFailure(stored.error().detail);
    co_await world.clock.sleep_until(world.clock.now() + disk_patience);
  }
  for (const auto& sink : sinks) sink->notify();
}

// One that was told before is in the outbox under the same id and not told again.
asio::awaitable<void> Daemon::Parts::summarise() {
  std::string told;
  for (;;) {
    const Instant now = world.clock.now();
    const std::optional<SummaryMoment> moment = moment_before(summary_times(), now);
    if (moment && moment->id != told) {
      co_await tell_summary(*moment);
      told = moment->id;
    }
    const auto next = moment_after(summary_times(), now);
    // Reload may move the window: looked at again within the hour.
    co_await world.clock.sleep_until(
        std::min(next.value_or(Instant::max()), now + Millis(std::chrono::hours(1))));
  }
}

}  // namespace pw
