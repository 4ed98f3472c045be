#include "daemon/app/daemon.h"

#include <algorithm>
#include <cstring>

#include "connectors/registry.h"
#include "daemon/app/replay.h"
#include "daemon/app/sinks.h"
#include "daemon/core/hash.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/store_leaves.h"
#include "daemon/poll/poller.h"
#include "daemon/runtime/service.h"
#include "daemon/screen/screener.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr std::size_t salt_bytes = 16;
// The first look at an account comes within this time of the start, or within
// its interval where that is shorter.
constexpr Millis first_looks_within = std::chrono::minutes(2);

std::string software() { return "pledgewatch " PLEDGEWATCH_VERSION; }

Result<std::uint64_t> secret_seed(Store& store, const Random& random) {
  Result<std::optional<std::string>> known = store.value("seed");
  if (!known) return known.error();
  std::string hex = known->value_or("");
  if (hex.empty()) {
    const std::string bytes = random(8);
    hex = print_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (const Result<Done> kept = store.set_value("seed", hex); !kept) return kept.error();
  }
  const auto bytes = parse_hex(hex);
  if (!bytes || bytes->size() != 8) return Error{Errc::malformed, "the store's seed is damaged"};
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes->data(), 8);
  return seed;
}

Result<SignerKey> signing_key(const Config& config) {
  Result<SignerKey> key = read_key_file(config.log.key_file);
  if (key) return key;
  // The first start makes one; a file that is there and cannot be read is an error.
  Result<SignerKey> made = make_key(config.log.origin);
  if (!made) return made;
  if (const Result<Done> written = write_key_file(config.log.key_file, *made); !written)
    return key.error();
  return made;
}

}  // namespace

struct Daemon::Parts {
  explicit Parts(World w) : world(std::move(w)) {}

  World world;
  Config config;
  Connectors connectors;
  Grounds grounds;
  CampaignPlan plan;
  std::unique_ptr<Store> store;
  std::unique_ptr<StoreLeaves> leaves;
  std::unique_ptr<Folder> log_folder;
  std::unique_ptr<Folder> state_folder;
  std::optional<FolderLock> log_lock;
  std::optional<Signer> signer;
  std::optional<LogWriter> writer;
  std::optional<Recorder> recorder;
  std::optional<Screener> screener;
  std::optional<Poller> poller;
  std::vector<std::unique_ptr<Dispatcher>> sinks;
  std::map<std::string, std::uint32_t, std::less<>> lane_at;  // by the plan's lane name
  Board board;
  Replay replay;
  std::uint64_t seed = 0;
  std::string vkey;
  bool publish_now = false;  // a finding wants its checkpoint
  std::vector<Window> no_windows;

  const std::vector<Window>& windows_of(AccountNumber number) const {
    if (number >= grounds.account_at.size() || grounds.account_at[number] == 0) return no_windows;
    const Account& account = grounds.roster.accounts[grounds.account_at[number] - 1];
    return grounds.roster.pledges[account.pledge].windows;
  }
  SweepDelays sweeps() const { return {config.campaign.sweep, config.campaign.sweep_again}; }

  Result<Done> open_files();
  Result<Done> open_log();
  Result<Done> take_grounds(Setup& setup, bool first);
  Result<Done> log_terms(const Setup& setup, const std::string& who, const std::string& why);
  Result<Done> log_roster_pins();
  void start_poller();
  std::uint32_t lane(const PlannedLane& planned);
  void watch_roster(Millis within);
  void screen();
  Interval whole_window() const;
  Instant closes_at() const { return whole_window().end + config.campaign.closes; }
  asio::awaitable<void> keep_log();
  asio::awaitable<void> wait_for_close();
  asio::awaitable<void> keep_alive();
};

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Daemon::~Daemon() = default;
const std::string& Daemon::vkey() const { return parts_->vkey; }

Result<std::unique_ptr<Daemon>> Daemon::open(World world, Setup setup) {
  auto parts = std::make_unique<Parts>(std::move(world));
  parts->config = std::move(setup.config);
  parts->connectors = std::move(setup.connectors);
  if (const Result<Done> opened = parts->open_files(); !opened) return opened.error();
  if (const Result<Done> taken = parts->take_grounds(setup, /*first=*/true); !taken)
    return taken.error();
  if (const Result<Done> opened = parts->open_log(); !opened) return opened.error();

  parts->recorder.emplace(*parts->store,
                          [p = parts.get()](const Look& look) { p->board.heard(look); });
  parts->screener.emplace(*parts->store, [p = parts.get()](const Finding& finding) {
    p->board.found(finding, finding.found_at);
    p->publish_now = true;
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
  auto sinks = make_dispatchers(parts->config, *parts->store, parts->world.fetcher,
                                parts->world.clock, parts->world.log);
  if (!sinks) return sinks.error();
  parts->sinks = *std::move(sinks);
  parts->start_poller();
  return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Result<Done> Daemon::Parts::open_files() {
  Result<std::unique_ptr<Folder>> state = open_folder(config.state_dir);
  if (!state) return state.error();
  state_folder = *std::move(state);
  Result<std::unique_ptr<Folder>> log = open_folder(config.log_dir);
  if (!log) return log.error();
  log_folder = *std::move(log);
  Result<FolderLock> lock = lock_folder(config.log_dir);
  if (!lock) return lock.error();
  log_lock.emplace(*std::move(lock));
  Result<std::unique_ptr<Store>> opened =
      open_sqlite(config.state_dir + "/pledgewatch.db", OpenMode::read_write);
  if (!opened) return opened.error();
  store = *std::move(opened);
  if (world.on_commit) store->on_commit(world.on_commit);
  leaves = std::make_unique<StoreLeaves>(*store);
  Result<std::uint64_t> known_seed = secret_seed(*store, world.random);
  if (!known_seed) return known_seed.error();
  seed = *known_seed;
  Result<SignerKey> key = signing_key(config);
  if (!key) return key.error();
  vkey = print_vkey(verifier_of(*key));
  Result<Signer> signing = Signer::open(*std::move(key), *state_folder);
  if (!signing) return signing.error();
  signer.emplace(*std::move(signing));
  writer.emplace(*log_folder, *signer);
  return log_folder->replace(std::string(vkey_file), vkey + "\n");
}

Result<Done> Daemon::Parts::take_grounds(Setup& setup, bool first) {
  const Result<Done> enrolled = store->enrol(setup.roster.accounts, {});
  if (!enrolled) return enrolled;
  Grounds next;
  next.campaign =
      setup.config.campaign.name.empty() ? config.campaign.name : setup.config.campaign.name;
  next.roster = std::move(setup.roster);
  next.account_at = index_accounts(next.roster.accounts);
  next.stable_id.assign(next.account_at.size(), true);
  for (const Account& account : next.roster.accounts) {
    const auto it = connectors.find(account.platform);
    if (it != connectors.end())
      next.stable_id[account.number] = it->second->declaration().stable_id;
    if (first || !poller->watches(account.number)) board.watch(account);
  }
  next.packs = std::move(setup.packs);
  next.statement = std::move(setup.statement);
  next.sinks = sink_routes(config, setup.sink_conditions);
  grounds = std::move(next);
  plan = plan_campaign(config, grounds.roster, connectors);
  return Done{};
}

Result<Done> Daemon::Parts::open_log() {
  const ReplayWindows windows{
      [this](AccountNumber number) -> const std::vector<Window>& { return windows_of(number); },
      sweeps()};
  Result<Replay> read =
      replay_log(*store, windows, [this](const Look& look) { board.heard(look); });
  if (!read) return read.error();
  replay = *std::move(read);
  replay.accounts.resize(std::max(replay.accounts.size(), grounds.account_at.size()));
  Result<std::vector<Finding>> findings = store->findings();
  if (!findings) return findings.error();
  for (const Finding& finding : *findings) board.found(finding, finding.found_at);
  // Leases of a process that is gone are free at once.
  return store->release_leases(world.clock.now());
}

Result<Done> Daemon::Parts::log_terms(const Setup& setup, const std::string& who,
                                      const std::string& why) {
  const std::string terms = encode_terms(terms_of(config, grounds.roster, connectors, plan));
  const Digest terms_digest = sha256(terms);
  const Digest rules_digest = sha256(setup.packs_text);
  if (replay.terms == terms_digest && replay.rules == rules_digest) return Done{};
  const std::string declarations = declarations_json(connectors);
  for (const std::string& bytes : {terms, setup.packs_text, declarations}) {
    if (const Result<Digest> written = write_object(*log_folder, bytes); !written)
      return written.error();
  }
  CampaignEntry entry;
  entry.at = world.clock.now();
  entry.amendment = replay.terms.has_value();
  if (entry.amendment) {
    entry.who = who;
    entry.why = why;
  }
  entry.campaign = config.campaign.name;
  entry.software = software();
  entry.terms = terms_digest;
  entry.rules = rules_digest;
  entry.connectors = sha256(declarations);
  const std::string leaf = encode(entry);
  if (const Result<Done> stored = store->commit_leaves({&leaf, 1}); !stored) return stored;
  replay.terms = terms_digest;
  replay.rules = rules_digest;
  return Done{};
}

// Ids that the roster itself gives are pinned before anybody looks.
Result<Done> Daemon::Parts::log_roster_pins() {
  std::vector<std::string> pins;
  for (const Account& account : grounds.roster.accounts) {
    if (account.number >= replay.accounts.size()) replay.accounts.resize(account.number + 1);
    Standing& standing = replay.accounts[account.number];
    if (account.id.empty() || standing.pinned) continue;
    pins.push_back(encode(PinEntry{account.number, sha256(account.id), world.clock.now()}));
    standing.pinned = true;
  }
  return pins.empty() ? Result<Done>(Done{}) : store->commit_leaves(pins);
}

void Daemon::Parts::start_poller() {
  PollerParts poll{.clock = world.clock,
                   .fetcher = world.fetcher,
                   .store = *store,
                   .recorder = *recorder,
                   .log = world.log,
                   .seed = seed,
                   .sweeps = sweeps(),
                   .windows = [this](const Account& account) -> const std::vector<Window>& {
                     return windows_of(account.number);
                   },
                   .on_news = [this] { screen(); },
                   .make_salt = [this] { return world.random(salt_bytes); }};
  poller.emplace(std::move(poll));
  for (const PlannedLane& planned : plan.lanes) lane(planned);
  watch_roster(first_looks_within);
  // Posts whose screening a crash cut off.
  screen();
}

std::uint32_t Daemon::Parts::lane(const PlannedLane& planned) {
  if (const auto it = lane_at.find(planned.plan.name); it != lane_at.end()) return it->second;
  Lane made;
  made.name = planned.plan.name;
  made.connector = planned.connector;
  made.allowance = planned.config->allowance;
  for (const CredentialConfig& credential : planned.config->credentials) {
    made.credentials.push_back(
        {credential.label, credential.app, credential.user_id, credential.token.value});
  }
  made.interval = planned.promise.interval;
  made.pages_max = planned.config->pages_max;
  const std::uint32_t index =
      poller->add_lane(std::move(made), planned.plan.budgets, planned.plan.apps);
  lane_at.emplace(planned.plan.name, index);
  return index;
}

void Daemon::Parts::watch_roster(Millis within) {
  Result<std::vector<AccountState>> states = store->states();
  if (!states) throw StoreFailure(states.error().detail);
  std::vector<AccountState*> state_of(grounds.account_at.size(), nullptr);
  for (AccountState& state : *states) {
    if (state.account < state_of.size()) state_of[state.account] = &state;
  }
  for (std::uint32_t i = 0; i < grounds.roster.accounts.size(); ++i) {
    const Account& account = grounds.roster.accounts[i];
    if (plan.lane_of[i] == not_watched || poller->watches(account.number)) continue;
    const PlannedLane& planned = plan.lanes[plan.lane_of[i]];
    Watch watch;
    watch.account = account;
    watch.state.account = account.number;
    if (state_of[account.number] != nullptr) watch.state = std::move(*state_of[account.number]);
    if (watch.state.id.empty()) watch.state.id = account.id;
    watch.account.id = watch.state.id;
    const Standing& standing = replay.accounts[account.number];
    watch.memory = standing.memory;
    watch.agenda = standing.agenda;
    watch.turns = standing.turns;
    poller->add(std::move(watch), lane(planned), std::min(within, planned.promise.interval));
  }
}

void Daemon::Parts::screen() {
  const Result<int> found = screener->screen(grounds, world.clock.now());
  if (!found) throw StoreFailure(found.error().detail);
  if (*found == 0) return;
  for (const auto& sink : sinks) sink->notify();
}

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

// A checkpoint every minute and on every finding.
asio::awaitable<void> Daemon::Parts::keep_log() {
  constexpr Millis glance = std::chrono::milliseconds(500);
  Tick last = world.clock.steady() - config.log.checkpoint_every;
  for (;;) {
    if (publish_now || world.clock.steady() - last >= config.log.checkpoint_every) {
      publish_now = false;
      last = world.clock.steady();
      const Result<Published> published = writer->catch_up(*leaves);
      if (!published)
        throw StoreFailure("the log could not be written: " + published.error().detail);
      if (const Result<Done> folded = store->checkpoint(); !folded)
        throw StoreFailure(folded.error().detail);
    }
    co_await world.clock.sleep_until(world.clock.now() + glance);
  }
}

asio::awaitable<void> Daemon::Parts::wait_for_close() {
  co_await world.clock.sleep_until(closes_at());
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

void Daemon::start(TaskGroup& group, bool until_closed) {
  Parts& p = *parts_;
  p.recorder->record_entry(RunEntry{p.world.clock.now(), "start", software()});
  for (int i = 0; i < p.config.concurrency; ++i)
    group.spawn("poller " + std::to_string(i + 1), p.poller->work());
  group.spawn("recorder", p.recorder->run(p.world.clock));
  group.spawn("log", p.keep_log());
  group.spawn("watchdog", p.keep_alive());
  for (std::size_t i = 0; i < p.sinks.size(); ++i) {
    group.spawn("sink " + p.config.sinks[i].name, p.sinks[i]->run());
  }
  if (until_closed) group.spawn("close", p.wait_for_close());
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
  if (const Result<Done> taken = p.take_grounds(setup, /*first=*/false); !taken) return taken;
  if (const Result<Done> logged = p.log_terms(setup, who, why); !logged) return logged;
  if (const Result<Done> pinned = p.log_roster_pins(); !pinned) return pinned;
  for (AccountNumber number = 0; number < p.replay.accounts.size(); ++number) {
    if (p.poller->watches(number) && p.windows_of(number).empty()) p.poller->remove(number);
  }
  p.watch_roster(first_looks_within);
  p.recorder->record_entry(RunEntry{p.world.clock.now(), "reload", why});
  p.screen();
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
  if (const Result<std::uint64_t> count = p.store->leaf_count()) view.log_leaves = *count;
  const Result<std::vector<Delivery>> deliveries = p.store->deliveries();
  if (!deliveries) return view;
  for (const Delivery& delivery : *deliveries) {
    if (delivery.state == DeliveryState::delivered)
      ++view.deliveries_done;
    else if (delivery.state == DeliveryState::dead)
      ++view.deliveries_dead;
    else
      ++view.deliveries_waiting;
  }
  return view;
}

}  // namespace pw
