// What a running daemon is made of. Private to daemon*.cpp: how it is opened, whom
// it watches, and the tasks that keep it going each have a file.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/daemon.h"
#include "daemon/app/observations.h"
#include "daemon/app/operator_watch.h"
#include "daemon/app/replay.h"
#include "daemon/app/signer_wire.h"
#include "daemon/app/sinks.h"
#include "daemon/app/token_watch.h"
#include "daemon/ledger/evidence.h"
#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/shelf.h"
#include "daemon/ledger/store_leaves.h"
#include "daemon/outbox/bell.h"
#include "daemon/outbox/pace.h"
#include "daemon/outbox/summary.h"
#include "daemon/poll/poller.h"
#include "daemon/screen/screener.h"
#include "daemon/stream/activity_subscriber.h"
#include "daemon/stream/hub_subscriber.h"
#include "daemon/stream/listener.h"
#include "daemon/web/backend.h"

namespace pw {

inline std::string software() { return "pledgewatch " PLEDGEWATCH_VERSION; }

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
  std::unique_ptr<SignerSocket> signer_link;  // where another process holds the key
  std::optional<Signer> signer;
  std::optional<LogWriter> writer;
  std::optional<Recorder> recorder;
  std::optional<Screener> screener;
  std::optional<EvidenceKeeper> evidence;
  std::optional<ReviewDesk> desk;
  std::optional<SilenceDesk> silence_desk;
  std::optional<EraseDesk> erase_desk;
  std::optional<Poller> poller;
  std::unique_ptr<Listener> listener;            // null: no stream is configured
  std::unique_ptr<HubSubscriber> hub;            // null: no hub reaches us
  std::unique_ptr<ActivitySubscriber> activity;  // null: X does not
  std::vector<std::unique_ptr<Fetcher>> wires;   // of sinks that are no HTTP; outlive `sinks`
  std::vector<std::unique_ptr<Dispatcher>> sinks;
  std::map<std::string, PaceMemory, std::less<>> paces;  // by sink
  struct ReminderClock {
    std::optional<Instant> last{};  // the last reminder
    Instant ask_at{};               // when one can be due
  };
  std::map<std::string, ReminderClock, std::less<>> reminders;  // by sink
  Bell pace_bell;                                               // something new is held
  std::map<std::string, std::uint32_t, std::less<>> lane_at;    // by the plan's lane name
  std::map<std::string, TokenWord> token_words;                 // by the credential's name
  CampaignRun run;
  Board board;
  std::map<AccountNumber, Instant> joined_at;   // of those that a reload has brought
  std::map<AccountNumber, Millis> gaps_closed;  // beyond the promise, since operators were told
  Replay replay;
  std::uint64_t seed = 0;
  std::string vkey;
  std::string stamp_fault;               // as DaemonHealth has it
  Bell publish_bell;                     // a finding wants its checkpoint
  std::uint64_t reviewers_revision = 0;  // grows when a reload changes who they are
  std::vector<Window> no_windows;
  std::shared_ptr<Web> web;  // shared: its type is known to daemon_web*.cpp alone

  const std::vector<Window>& windows_of(AccountNumber number) const {
    if (number >= grounds.account_at.size() || grounds.account_at[number] == 0) return no_windows;
    const Account& account = grounds.roster.accounts[grounds.account_at[number] - 1];
    return grounds.roster.pledges[account.pledge].windows;
  }
  SweepDelays sweeps() const { return {config.campaign.sweep, config.campaign.sweep_again}; }

  Result<Done> open_files();
  Result<Signer> open_signer();
  Result<Done> open_log();
  // For a judge that reads the log here.
  Result<std::unique_ptr<Shelf>> open_shelf() const;
  Result<Done> take_grounds(Setup& setup, bool first);
  Result<Done> log_terms(const Setup& setup, const std::string& who, const std::string& why);
  Result<Done> log_roster_pins();
  void start_poller();
  void open_stream();
  Result<Done> open_hub();
  void open_activity();
  std::vector<std::string> callback_hosts() const;
  HubSaid answer_hub(const HubAsk& ask);
  HubSaid answer_activity(const HubAsk& ask);
  void listen_to(const Account& account);
  void stop_listening_to(const Account& account);
  void hear(AccountNumber account, const JetstreamEvent& event);
  std::uint32_t lane(const PlannedLane& planned);
  double habit_of(AccountNumber account);
  void watch_roster(Millis within);
  void screen();
  std::vector<std::string> posts_that_matter(const Answer& answer) const;
  void keep_evidence(const Answer& answer);
  void tell_operators(const std::vector<OperatorEvent>& events);
  DaemonHealth health();
  const PlannedLane* lane_of(AccountNumber account) const;  // null: nobody looks at it
  // Of a watched account's gap: what the judge allows it. Nothing: nobody looks at it.
  std::optional<Millis> gap_allowed(AccountNumber account) const;
  Instant joined(AccountNumber account) const;
  void heard(const Look& look);
  void add_gaps(DaemonHealth& health);
  Millis promised_gap(const std::string& platform) const;
  std::uint64_t disk_free_bytes() const;
  boost::asio::awaitable<void> watch_health();
  boost::asio::awaitable<void> ask_tokens();
  void recall_tokens(const std::vector<TokenQuestion>& questions);
  void note_token(const TokenQuestion& question, TokenWord word);
  boost::asio::awaitable<void> beat();
  boost::asio::awaitable<void> summarise();
  boost::asio::awaitable<void> tell_summary(const SummaryMoment& moment);
  SummaryTimes summary_times() const;
  SummaryFacts summary_facts(const SummaryMoment& moment);
  struct LogReading;
  boost::asio::awaitable<void> judge_log(SummaryFacts& facts);
  boost::asio::awaitable<void> keep_pace();
  void recall_told();
  std::optional<Instant> tell_held();
  std::optional<Instant> remind_of_open();
  std::optional<OutboxRow> reminder_row(const SinkConfig& sink, const Reminder& reminder,
                                        Instant now);
  std::string paused() const;
  std::string silenced(const Subject& subject, const Labels& labels, Instant now) const;
  std::string silenced(const std::string& finding, Instant now);
  // What a person saw, as print_observed has it. `malformed`: no such record; `gone`:
  // no such account.
  Result<Done> observe(std::string_view record);
  InboxParts inbox();
  void reviewed(const ReviewOutcome& outcome, const std::string& by);
  void grant_amnesty();
  Interval whole_window() const;
  Instant closes_at() const { return whole_window().end + config.campaign.closes; }
  std::vector<Entry> habit_in(const Answer& answer) const;
  boost::asio::awaitable<void> keep_log();
  boost::asio::awaitable<void> stamp_log();
  boost::asio::awaitable<Result<Done>> stamp_checkpoint(Millis patience);
  boost::asio::awaitable<void> wait_for_close();
  boost::asio::awaitable<void> keep_alive();
};

}  // namespace pw
