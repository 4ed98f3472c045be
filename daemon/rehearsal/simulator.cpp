#include "daemon/rehearsal/simulator.h"

#include <csignal>
#include <cstdio>
#include <fstream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/rehearsal/demo_campaign.h"
#include "daemon/rehearsal/server.h"
#include "daemon/runtime/system_clock.h"
#include "daemon/runtime/task_group.h"

namespace pw {
namespace {

namespace asio = boost::asio;

constexpr int exit_wrong_usage = 2;
constexpr int exit_world_failed = 3;

std::string fault_of(const SimulateOptions& options) {
  if (options.folder.empty()) return "no folder to write to";
  if (options.accounts < 4 || options.accounts > 900) return "between 4 and 900 accounts";
  if (options.day < std::chrono::minutes(1)) return "a day of at least one minute";
  if (options.lead < Millis{0}) return "a day cannot begin before now";
  return {};
}

Instant next_second(Instant t) {
  const Millis part = t.time_since_epoch() % std::chrono::seconds(1);
  return part == Millis{0} ? t : t - part + std::chrono::seconds(1);
}

std::string ready_line(const SimulateOptions& options, const SimServer& server,
                       const DemoCampaign& campaign) {
  return "simulating at http://127.0.0.1:" + std::to_string(server.port()) + ", seed " +
         std::to_string(options.seed) + ", " + std::to_string(campaign.plan.accounts.size()) +
         " accounts, window " + print_rfc3339(campaign.terms.window.start) + " to " +
         print_rfc3339(campaign.terms.window.end) + ", campaign " + options.folder +
         "/campaign.yaml";
}

// Ends when somebody asks the process to.
asio::awaitable<void> wait_for_signal(asio::signal_set& signals) {
  co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> join(TaskGroup& group, std::exception_ptr& cause) {
  try {
    co_await group.join();
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) cause = std::current_exception();
  }
}

class Simulator {
 public:
  explicit Simulator(const SimulateOptions& options) : options_(options) {}

  Result<Done> run() {
    Result<std::unique_ptr<SimServer>> server =
        SimServer::listen(io_.get_executor(), clock_, options_.port);
    if (!server) return server.error();
    const Instant start = next_second(clock_.now() + options_.lead);
    const DemoCampaign campaign = make_demo_campaign(
        {options_.seed, options_.accounts, {start, start + options_.day}, (*server)->port()});
    const Result<Done> written = write_demo_campaign(campaign, options_.folder);
    if (!written) return written.error();
    std::ofstream received(options_.folder + "/received.jsonl", std::ios::trunc);
    if (!received) return Error{Errc::transient, options_.folder + "/received.jsonl: not writable"};

    const SimWorld world(campaign.population);
    Receiver receiver(
        campaign.hook_secrets,
        {HookFailure::error, HookFailure::too_many, HookFailure::close, HookFailure::hang},
        [&](const std::string& line) { received << line << '\n'
                                                << std::flush; });
    (*server)->serve(world, receiver);
    // Before anybody is told: a signal that comes at once must not be lost.
    asio::signal_set signals(io_, SIGTERM, SIGINT);
    say(ready_line(options_, **server, campaign));
    serve_until_asked(**server, signals);
    return Done{};
  }

 private:
  void say(const std::string& line) const {
    if (options_.say) return options_.say(line);
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  }

  void serve_until_asked(SimServer& server, asio::signal_set& signals) {
    TaskGroup group(io_.get_executor());
    group.spawn("server", server.run());
    group.spawn("signals", wait_for_signal(signals));
    std::exception_ptr cause;
    asio::co_spawn(io_, join(group, cause), [&](std::exception_ptr bug) {
      if (bug) cause = bug;
    });
    io_.run();
    if (cause) std::rethrow_exception(cause);
  }

  const SimulateOptions& options_;
  asio::io_context io_;
  SystemClock clock_;
};

}  // namespace

int run_simulator(const SimulateOptions& options) {
  if (const std::string fault = fault_of(options); !fault.empty()) {
    std::fprintf(stderr, "simulate: %s\n", fault.c_str());
    return exit_wrong_usage;
  }
  const Result<Done> done = Simulator(options).run();
  if (done) return 0;
  std::fprintf(stderr, "simulate: %s\n", done.error().detail.c_str());
  return exit_world_failed;
}

}  // namespace pw
