// The daemon, put together: store, poller, screener, log, alerts. It lives on
// any Clock and any Fetcher, so that a rehearsal and a test run the same one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/app/board.h"
#include "daemon/app/erase_desk.h"
#include "daemon/app/live_table.h"
#include "daemon/app/people.h"
#include "daemon/app/setup.h"
#include "daemon/core/result.h"
#include "daemon/ledger/folder.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"
#include "daemon/runtime/message_socket.h"
#include "daemon/runtime/random.h"
#include "daemon/runtime/task_group.h"

namespace pw {

struct HubAsk;
struct HubSaid;

// A stop has ten seconds in all (TimeoutStopSec of the unit): deliveries under way take up
// to five (stop_grace), and the log has to be written after that too.
inline constexpr Millis last_stamp_within = std::chrono::seconds(3);

// The world as one daemon sees it. All of it outlives the daemon.
struct World {
  boost::asio::io_context& io;
  Clock& clock;
  Fetcher& fetcher;
  Log& log;
  Random random;
  // Told after every transaction: a test kills the process there.
  std::function<void(std::uint64_t)> on_commit{};
  // Told of every look before it is stored; may be empty.
  std::function<void(const Look&)> on_look{};
  // The first look at an account comes within this time of the start, or within its
  // interval where that is shorter, as far as the budgets allow.
  Millis first_looks_within{std::chrono::minutes(2)};
  // Null where there is no such network: then no stream is listened to.
  SocketOpener* sockets = nullptr;
  // Reaches a sink that is no HTTP: mail, programs. Nothing: by `fetcher`, as in a
  // rehearsal.
  std::function<Result<std::unique_ptr<Fetcher>>(const Config&, const SinkConfig&)> wire{};
  // Stands between the daemon and the folders of its log and its state, so that a
  // test's disk can fail; may be empty.
  std::function<std::unique_ptr<Folder>(std::unique_ptr<Folder>)> disk{};
  // Bytes free where the folder lies; nothing: the file system is asked.
  std::function<std::uint64_t(const std::string& folder)> disk_free{};
};

class Daemon final : public People {
 public:
  // Opens the store, enrols the accounts, replays the log, and writes what is in
  // force to it. Errors are the world's: a locked store, a broken disk, a log
  // that contradicts its checkpoints.
  static Result<std::unique_ptr<Daemon>> open(World world, Setup setup);
  ~Daemon() override;

  // Spawns every task into `group`; ended by group.stop(). With `until_closed`
  // a task of its own ends by itself when the last verdict can no longer change.
  void start(TaskGroup& group, bool until_closed);

  // After the group has ended: what is pending is committed, the stop is logged,
  // the last checkpoint signed.
  Result<Done> finish(const std::string& why);

  // After finish(): its checkpoint is shown to the time stamp authority, where one is
  // configured, within last_stamp_within. A failure is logged; throws StoreFailure when
  // the log cannot be written.
  boost::asio::awaitable<void> stamp_last();

  // Takes over roster, rules and reviewers, whose old tokens are nobody's from then
  // on; everything else needs a restart. The change is
  // an amendment in the log, with who and why.
  Result<Done> reload(Setup setup, const std::string& who, const std::string& why);

  // Serves the pages, the API and the unix socket as `web:` says, by a task of its
  // own. After start(); errors are those of the sockets and the TLS files.
  Result<Done> serve(TaskGroup& group);
  // Where it does, once serve() has been called.
  std::vector<std::string> web_addresses() const;

  // What a hub, or X, calls us with at /hub; the pages' server hands it on.
  HubSaid called(const HubAsk& ask);

  LiveView view();
  const std::string& vkey() const;

  // In daemon_review.cpp. The caller has found out who asks; names are those of the
  // configuration.
  const std::vector<Reviewer>& reviewers() const;
  Instant now() const override;
  Result<std::vector<FindingView>> findings(const FindingsAsk& ask) override;
  Result<FindingView> finding(const std::string& id) override;
  Result<ReviewOutcome> review(const ReviewRequest& request) override;
  Result<std::vector<Delivery>> deliveries(const DeliveriesAsk& ask) override;
  Result<std::vector<AttemptRecord>> attempts_of(const Delivery& delivery) override;
  Result<Done> resend(const std::string& sink, const std::string& id,
                      const std::string& who) override;
  Result<std::vector<Silence>> silences() override;
  Result<Silence> add_silence(const SilenceRequest& request) override;
  Result<Silence> end_silence(const std::string& id, const std::string& who) override;
  // As EraseDesk; and no evidence of the account is kept from then on, since the
  // platform's answers hold what was erased.
  Result<Erased> erase(const EraseRequest& request);
  Result<Done> command_campaign(const std::string& event, const std::string& who,
                                const std::string& why) override;
  Result<CampaignRun> campaign_run() override;

 private:
  struct Parts;
  struct Web;
  explicit Daemon(std::unique_ptr<Parts> parts);
  static Result<std::unique_ptr<Daemon>> open_parts(World world, Setup setup);
  std::unique_ptr<Parts> parts_;
};

}  // namespace pw
