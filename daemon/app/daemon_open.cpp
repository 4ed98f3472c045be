// From files on disk to a daemon that can start: store, key, log, and what is in
// force.
#include <algorithm>
#include <cstring>

#include "daemon/app/daemon_parts.h"
#include "daemon/core/hash.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/scratch_shelf.h"

namespace pw {
namespace {

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

Result<Done> Daemon::Parts::open_files() {
  Result<std::unique_ptr<Folder>> state = open_folder(config.state_dir);
  if (!state) return state.error();
  state_folder = *std::move(state);
  Result<std::unique_ptr<Folder>> log = open_folder(config.log_dir);
  if (!log) return log.error();
  log_folder = *std::move(log);
  if (world.disk) {
    state_folder = world.disk(std::move(state_folder));
    log_folder = world.disk(std::move(log_folder));
  }
  // First, since its refusal names the process that has it.
  Result<std::unique_ptr<Store>> opened =
      open_sqlite(config.state_dir + "/pledgewatch.db", OpenMode::read_write);
  if (!opened) return opened.error();
  Result<FolderLock> lock = lock_folder(config.log_dir);
  if (!lock) return lock.error();
  log_lock.emplace(*std::move(lock));
  store = *std::move(opened);
  if (world.on_commit) store->on_commit(world.on_commit);
  leaves = std::make_unique<StoreLeaves>(*store);
  desk.emplace(*store, config, grounds);
  silence_desk.emplace(*store);
  erase_desk.emplace(*store, *state_folder, grounds);
  if (const Result<Done> loaded = silence_desk->load(); !loaded) return loaded.error();
  Result<std::uint64_t> known_seed = secret_seed(*store, world.random);
  if (!known_seed) return known_seed.error();
  seed = *known_seed;
  Result<Signer> signing = open_signer();
  if (!signing) return signing.error();
  signer.emplace(*std::move(signing));
  vkey = print_vkey(signer->verifier());
  writer.emplace(*log_folder, *signer);
  return log_folder->replace(std::string(vkey_file), vkey + "\n");
}

Result<std::unique_ptr<Shelf>> Daemon::Parts::open_shelf() const {
  auto scratch = Scratch::open(config.state_dir + "/judge.scratch");
  if (!scratch) return scratch.error();
  return std::unique_ptr<Shelf>(std::make_unique<ScratchShelf>(*std::move(scratch)));
}

// With a key of our own, or through the process that holds it.
Result<Signer> Daemon::Parts::open_signer() {
  if (!config.log.signer.empty()) {
    signer_link = std::make_unique<SignerSocket>(config.log.signer);
    return Signer::open(*signer_link);
  }
  Result<SignerKey> key = signing_key(config);
  if (!key) return key.error();
  return Signer::open(*std::move(key), *state_folder);
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
  next.dates_uploads.assign(next.account_at.size(), false);
  for (const Account& account : next.roster.accounts) {
    const auto it = connectors.find(account.platform);
    if (it != connectors.end()) {
      next.stable_id[account.number] = it->second->declaration().stable_id;
      next.dates_uploads[account.number] = it->second->declaration().dates_uploads;
    }
    if (canary_every(config, account) > Millis{0}) next.canaries.insert(account.number);
    if (!first && poller->watches(account.number)) continue;
    board.watch(account);
    if (!first) joined_at[account.number] = world.clock.now();
  }
  next.packs = std::move(setup.packs);
  next.statement = std::move(setup.statement);
  next.sinks = sink_routes(config, setup.sink_conditions);
  next.paused = [this] { return paused(); };
  next.silenced = [this](const Subject& subject, const Labels& labels, Instant now) {
    return silenced(subject, labels, now);
  };
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
  run = replay.run;
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
  const std::string declarations = declarations_json(connectors, config);
  const std::pair<std::string_view, std::string_view> objects[] = {
      {terms, ".json"}, {setup.packs_text, ".yaml"}, {declarations, ".json"}};
  for (const auto& [bytes, extension] : objects) {
    if (const Result<Digest> written = write_object(*log_folder, bytes, extension); !written)
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
    AccountStanding& standing = replay.accounts[account.number];
    if (account.id.empty() || standing.pinned) continue;
    pins.push_back(encode(PinEntry{account.number, sha256(account.id), world.clock.now()}));
    standing.pinned = true;
  }
  return pins.empty() ? Result<Done>(Done{}) : store->commit_leaves(pins);
}

}  // namespace pw
