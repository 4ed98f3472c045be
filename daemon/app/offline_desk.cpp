#include "daemon/app/offline_desk.h"

#include <map>
#include <utility>

#include "daemon/app/ledger_reading.h"
#include "daemon/app/sinks.h"
#include "daemon/ledger/entry.h"

namespace pw {

OfflineDesk::OfflineDesk(Setup setup, std::unique_ptr<Store> store, Instant now)
    : setup_(std::move(setup)),
      store_(std::move(store)),
      reviews_(*store_, setup_.config, grounds_),
      now_(now) {
  grounds_.campaign = setup_.config.campaign.name;
  grounds_.sinks = sink_routes(setup_.config, setup_.sink_conditions);
  grounds_.roster = std::move(setup_.roster);
  grounds_.account_at = index_accounts(grounds_.roster.accounts);
  grounds_.packs = std::move(setup_.packs);
}

Result<std::unique_ptr<OfflineDesk>> OfflineDesk::open(Setup setup, OpenMode mode, Instant now) {
  Result<std::unique_ptr<Store>> store =
      open_sqlite(setup.config.state_dir + "/pledgewatch.db", mode);
  if (!store) return store.error();
  if (mode == OpenMode::read_write) {
    if (const auto enrolled = (*store)->enrol(setup.roster.accounts, {}); !enrolled)
      return enrolled.error();
  }
  const bool enrolled = mode == OpenMode::read_write;
  std::unique_ptr<OfflineDesk> desk(new OfflineDesk(std::move(setup), *std::move(store), now));
  desk->numbered_ = enrolled;
  return desk;
}

void OfflineDesk::number_accounts() {
  if (std::exchange(numbered_, true)) return;
  const Result<LedgerReading> reading = read_ledger(setup_.config);
  if (!reading) return;  // then findings are shown without names
  std::map<std::string, AccountNumber> numbers;
  for (const AccountVerdict& verdict : reading->judgement.accounts)
    numbers.emplace(print_account(verdict.account), verdict.account.number);
  for (Account& account : grounds_.roster.accounts) {
    const auto it = numbers.find(print_account(account));
    if (it != numbers.end()) account.number = it->second;
  }
  grounds_.account_at = index_accounts(grounds_.roster.accounts);
}

Result<std::vector<FindingView>> OfflineDesk::findings(const FindingsAsk& ask) {
  number_accounts();
  return reviews_.findings(ask);
}

Result<FindingView> OfflineDesk::finding(const std::string& id) {
  number_accounts();
  return reviews_.finding(id);
}

Result<ReviewOutcome> OfflineDesk::review(const ReviewRequest& request) {
  return reviews_.take(request, now_);
}

Result<std::vector<Delivery>> OfflineDesk::deliveries(const DeliveriesAsk& ask) {
  return store_->deliveries(ask);
}

Result<std::vector<AttemptRecord>> OfflineDesk::attempts_of(const Delivery& delivery) {
  return store_->attempts_of(delivery.row.sink, delivery.row.id);
}

Result<Done> OfflineDesk::resend(const std::string& sink, const std::string& id,
                                 const std::string& who) {
  const std::string leaf = encode(RunEntry{now_, "resend", sink + ' ' + id + " by " + who});
  const Result<bool> found = store_->resend(sink, id, now_, {&leaf, 1});
  if (!found) return found.error();
  if (!*found) return Error{Errc::gone, "no dead delivery " + id + " of sink " + sink};
  return Done{};
}

Result<SilenceDesk*> OfflineDesk::silence_desk() {
  if (!silences_) {
    silences_.emplace(*store_);
    if (const auto loaded = silences_->load(); !loaded) return loaded.error();
  }
  return &*silences_;
}

Result<std::vector<Silence>> OfflineDesk::silences() { return store_->silences(); }

Result<Silence> OfflineDesk::add_silence(const SilenceRequest& request) {
  const Result<SilenceDesk*> desk = silence_desk();
  if (!desk) return desk.error();
  return (*desk)->add(request, now_);
}

Result<Silence> OfflineDesk::end_silence(const std::string& id, const std::string& who) {
  const Result<SilenceDesk*> desk = silence_desk();
  if (!desk) return desk.error();
  return (*desk)->end(id, who, now_);
}

Result<CampaignRun> OfflineDesk::campaign_run() {
  CampaignRun run;
  const Result<std::uint64_t> count = store_->leaf_count();
  if (!count) return count.error();
  const Result<Done> read = store_->each_leaf(0, *count, [&](std::uint64_t, std::string_view leaf) {
    const Result<Entry> entry = decode(leaf);
    const auto* change = entry ? std::get_if<RunEntry>(&*entry) : nullptr;
    if (change != nullptr) note_run(run, *change);
    return true;
  });
  if (!read) return read.error();
  return run;
}

Result<Done> OfflineDesk::command_campaign(const std::string& event, const std::string& who,
                                           const std::string& why) {
  const Result<CampaignRun> run = campaign_run();
  if (!run) return run.error();
  const Result<RunEntry> entry = run_command(*run, event, who, why, now_);
  if (!entry) return entry.error();
  const std::string leaf = encode(*entry);
  return store_->commit_leaves({&leaf, 1});
}

}  // namespace pw
