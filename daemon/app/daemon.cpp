#include "daemon/app/daemon.h"

#include "daemon/app/daemon_parts.h"
#include "daemon/runtime/memory.h"
#include "daemon/screen/screening.h"

namespace pw {

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Daemon::~Daemon() = default;
const std::string& Daemon::vkey() const { return parts_->vkey; }

Result<std::unique_ptr<Daemon>> Daemon::open(World world, Setup setup) {
  try {
    return open_parts(std::move(world), std::move(setup));
  } catch (const StoreFailure& failure) {
    return Error{Errc::transient, failure.what()};
  }
}

Result<std::unique_ptr<Daemon>> Daemon::open_parts(World world, Setup setup) {
  auto parts = std::make_unique<Parts>(std::move(world));
  parts->config = std::move(setup.config);
  parts->connectors = std::move(setup.connectors);
  if (const Result<Done> opened = parts->open_files(); !opened) return opened.error();
  if (const Result<Done> taken = parts->take_grounds(setup, /*first=*/true); !taken)
    return taken.error();
  if (const Result<Done> opened = parts->open_log(); !opened) return opened.error();

  parts->recorder.emplace(
      *parts->store, [p = parts.get()](const Look& look) { p->heard(look); },
      [p = parts.get()](const StoredPost& post) { return needs_screening(p->grounds, post); });
  parts->screener.emplace(*parts->store, [p = parts.get()](const Finding& finding) {
    p->board.found(finding, finding.found_at);
    p->publish_bell.ring();
    p->world.log.write(LogLevel::warning, "finding", finding.summary,
                       {{"id", finding.id}, {"rule", finding.rule}, {"why", finding.why}});
  });
  // What was in force when the log began judges; a change since is an amendment.
  if (const Result<Done> logged =
          parts->log_terms(setup, "operator", "files changed before a restart");
      !logged) {
    return logged.error();
  }
  if (const Result<Done> pinned = parts->log_roster_pins(); !pinned) return pinned.error();
  auto wires = make_dispatchers(parts->config, *parts->store, parts->world.fetcher,
                                parts->world.wire, parts->world.clock, parts->world.log);
  if (!wires) return wires.error();
  parts->wires = std::move(wires->fetchers);
  parts->sinks = std::move(wires->dispatchers);
  parts->start_poller();
  give_back_memory();
  return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Result<Done> Daemon::finish(const std::string& why) {
  Parts& p = *parts_;
  try {
    p.recorder->record_entry(RunEntry{p.world.clock.now(), "stop", why});
  } catch (const StoreFailure& failure) {
    return Error{Errc::transient, failure.what()};
  }
  const Result<Published> published = p.writer->catch_up(*p.leaves);
  if (!published) return published.error();
  return p.store->checkpoint();
}

Result<Done> Daemon::reload(Setup setup, const std::string& who, const std::string& why) {
  Parts& p = *parts_;
  // Whoever is no longer named is out before anything else is tried.
  p.config.reviewers = std::move(setup.config.reviewers);
  ++p.reviewers_revision;
  if (const Result<Done> taken = p.take_grounds(setup, /*first=*/false); !taken) return taken;
  if (const Result<Done> logged = p.log_terms(setup, who, why); !logged) return logged;
  if (const Result<Done> pinned = p.log_roster_pins(); !pinned) return pinned;
  for (AccountNumber number = 0; number < p.replay.accounts.size(); ++number) {
    if (!p.poller->watches(number) || !p.windows_of(number).empty()) continue;
    p.stop_listening_to(p.poller->find(number)->account);
    p.poller->remove(number);
  }
  p.watch_roster(p.world.first_looks_within);
  p.recorder->record_entry(RunEntry{p.world.clock.now(), "reload", why});
  p.screen();
  give_back_memory();
  return Done{};
}

LiveView Daemon::view() {
  Parts& p = *parts_;
  LiveView view;
  view.campaign = p.config.campaign.name;
  view.window = p.whole_window();
  view.now = p.world.clock.now();
  view.closes = p.closes_at();
  view.board = &p.board;
  view.lateness = p.poller->lateness();
  view.addresses = web_addresses();
  if (const Result<std::uint64_t> count = p.store->leaf_count()) view.log_leaves = *count;
  const Result<std::vector<DeliveryCount>> counts = p.store->delivery_counts();
  if (!counts) return view;
  for (const DeliveryCount& count : *counts) {
    if (count.state == DeliveryState::delivered)
      view.deliveries_done += count.count;
    else if (count.state == DeliveryState::dead)
      view.deliveries_dead += count.count;
    else
      view.deliveries_waiting += count.count;
  }
  return view;
}

}  // namespace pw
