#include "daemon/app/survey.h"

#include <algorithm>
#include <csignal>
#include <map>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/app/http_settings.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/scratch_folder.h"
#include "daemon/app/tell.h"
#include "daemon/http/client.h"
#include "daemon/runtime/system_clock.h"

namespace pw {
namespace {

namespace asio = boost::asio;

using Looks = std::map<AccountNumber, Look>;

// Nobody is told.
void silence(Setup& setup) {
  setup.config.sinks.clear();
  setup.sink_conditions.clear();
}

std::size_t watched_in(const Setup& setup) {
  const auto& lanes = setup.plan.lane_of;
  return lanes.size() -
         static_cast<std::size_t>(std::count(lanes.begin(), lanes.end(), not_watched));
}

asio::awaitable<void> until_all_looked(Clock& clock, const Looks& looks, std::size_t wanted,
                                       const SurveyLimits& limits) {
  constexpr Millis glance = std::chrono::milliseconds(100);
  const Instant end = clock.now() + limits.within;
  while (looks.size() < wanted && clock.now() < end) {
    if (limits.progress)
      limits.progress(static_cast<double>(looks.size()) / static_cast<double>(wanted));
    co_await clock.sleep_until(std::min(end, clock.now() + glance));
  }
  if (limits.progress) limits.progress(1);
}

asio::awaitable<void> until_interrupted(asio::signal_set& signals) {
  co_await signals.async_wait(asio::use_awaitable);
}

// What the daemon of the survey has stored, account by account.
Result<std::vector<SurveyedAccount>> collect(const Config& config, const Looks& looks) {
  Result<LedgerReading> reading = read_ledger(config);
  if (!reading) return reading.error();
  Result<std::vector<AccountState>> states = reading->store->states();
  if (!states) return states.error();
  std::map<AccountNumber, std::string> ids;
  for (AccountState& state : *states) ids.emplace(state.account, std::move(state.id));
  std::vector<SurveyedAccount> accounts;
  for (const AccountVerdict& known : reading->judgement.accounts) {
    SurveyedAccount& account = accounts.emplace_back(SurveyedAccount{known.account});
    const AccountNumber number = known.account.number;
    if (const auto id = ids.find(number); id != ids.end()) account.account.id = id->second;
    if (const auto look = looks.find(number); look != looks.end()) account.look = look->second;
    Result<std::vector<StoredPost>> posts = reading->store->posts_of({&number, 1});
    if (!posts) return posts.error();
    account.posts = *std::move(posts);
  }
  return accounts;
}

// Runs the daemon until `limits` end it; an error is the daemon's.
Result<Done> look_once(World world, Setup setup, std::size_t wanted, const Looks& looks,
                       const SurveyLimits& limits, const std::function<void()>& run) {
  asio::io_context& io = world.io;
  Clock& clock = world.clock;
  Result<std::unique_ptr<Daemon>> daemon = Daemon::open(std::move(world), std::move(setup));
  if (!daemon) return daemon.error();
  asio::signal_set signals(io, SIGTERM, SIGINT);
  TaskGroup group(io.get_executor());
  (*daemon)->start(group, /*until_closed=*/false);
  group.spawn("survey", until_all_looked(clock, looks, wanted, limits));
  group.spawn("signals", until_interrupted(signals));
  std::string failure;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::exception& caught) {
      failure = caught.what();
    }
  });
  run();
  if (!failure.empty()) return Error{Errc::transient, failure};
  return (*daemon)->finish("surveyed");
}

}  // namespace

SurveyLimits survey_limits(std::optional<Millis> within, bool json) {
  SurveyLimits limits;
  limits.within = within.value_or(limits.within);
  if (!json && isatty(STDERR_FILENO) == 1)
    limits.progress = [](double done) { draw_progress("looking at each account", done); };
  return limits;
}

Result<std::vector<SurveyedAccount>> survey(World world, Setup setup, const std::string& folder,
                                            const SurveyLimits& limits,
                                            const std::function<void()>& run) {
  keep_to_itself(folder, setup.config);
  silence(setup);
  world.first_looks_within = std::chrono::seconds(1);
  Looks looks;
  world.on_look = [&](const Look& look) { looks.try_emplace(look.account, look); };
  const Config config = setup.config;
  const std::size_t wanted = watched_in(setup);
  const Result<Done> looked =
      look_once(std::move(world), std::move(setup), wanted, looks, limits, run);
  if (!looked) return looked.error();
  return collect(config, looks);
}

Result<std::vector<SurveyedAccount>> survey_online(Setup setup, const SurveyLimits& limits) {
  const ScratchFolder folder("survey", "");
  if (!folder.usable()) return Error{Errc::transient, "no empty folder at " + folder.path()};
  asio::io_context io(1);
  SystemClock clock;
  Result<std::unique_ptr<HttpClient>> client =
      HttpClient::make(io, clock, http_options(setup.config));
  if (!client) return client.error();
  Log log = Log::to_stderr(LogLevel::error);
  log.set_redactor(redactor_of(setup.config));
  return survey(World{io, clock, **client, log, system_random}, std::move(setup), folder.path(),
                limits, [&io] { io.run(); });
}

}  // namespace pw
