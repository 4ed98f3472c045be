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
#include "daemon/app/campaign_run.h"
#include "daemon/app/live_table.h"
#include "daemon/app/review_desk.h"
#include "daemon/app/setup.h"
#include "daemon/app/silence_desk.h"
#include "daemon/core/result.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"
#include "daemon/runtime/message_socket.h"
#include "daemon/runtime/random.h"
#include "daemon/runtime/task_group.h"

namespace pw {

// The world as one daemon sees it. All of it outlives the daemon.
struct World {
  boost::asio::io_context& io;
  Clock& clock;
  Fetcher& fetcher;
  Log& log;
  Random random;
  // Told after every transaction: a test kills the process there.
  std::function<void(std::uint64_t)> on_commit{};
  // Reaches a sink that is no HTTP: mail, programs. Nothing: by `fetcher`, as in a
  // rehearsal.
  std::function<Result<std::unique_ptr<Fetcher>>(const Config&, const SinkConfig&)> wire{};
  // Null where there is no such network: then no stream is listened to.
  SocketOpener* sockets = nullptr;
};

class Daemon {
 public:
  // Opens the store, enrols the accounts, replays the log, and writes what is in
  // force to it. Errors are the world's: a locked store, a broken disk, a log
  // that contradicts its checkpoints.
  static Result<std::unique_ptr<Daemon>> open(World world, Setup setup);
  ~Daemon();

  // Spawns every task into `group`; ended by group.stop(). With `until_closed`
  // a task of its own ends by itself when the last verdict can no longer change.
  void start(TaskGroup& group, bool until_closed);

  // After the group has ended: what is pending is committed, the stop is logged,
  // the last checkpoint signed.
  Result<Done> finish(const std::string& why);

  // Takes over roster and rules; everything else needs a restart. The change is
  // an amendment in the log, with who and why.
  Result<Done> reload(Setup setup, const std::string& who, const std::string& why);

  // Serves the pages, the API and the unix socket as `web:` says, by a task of its
  // own. After start(); errors are those of the sockets and the TLS files.
  Result<Done> serve(TaskGroup& group);
  // Where it does, once serve() has been called.
  std::vector<std::string> web_addresses() const;

  LiveView view();
  const std::string& vkey() const;

  // For the web pages and the command line, in daemon_review.cpp. The caller has
  // found out who asks; names are those of the configuration.
  const std::vector<Reviewer>& reviewers() const;
  Result<ReviewOutcome> review(const ReviewRequest& request);
  Result<std::vector<FindingView>> findings();
  Result<std::vector<Review>> reviews();
  Result<std::vector<Delivery>> deliveries();
  Result<std::vector<AttemptRecord>> attempts();
  // A dead delivery is due again, at once. `gone`: none that is dead.
  Result<Done> resend(const std::string& sink, const std::string& id, const std::string& who);
  Result<std::vector<Silence>> silences();
  // `malformed`: a condition that is none, an end that has passed, no reason. The
  // condition's mistakes are in the error's detail.
  Result<Silence> add_silence(const SilenceRequest& request);
  Result<Silence> end_silence(const std::string& id, const std::string& who);
  // Alerts stop while it is paused; looking goes on. "pause", "resume" or "end",
  // after which it stays ended. `malformed` when it makes no sense now.
  Result<Done> command_campaign(const std::string& event, const std::string& who,
                                const std::string& why);
  CampaignRun campaign_run() const;

 private:
  struct Parts;
  struct Web;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace pw
