// `pledgewatch run`: the daemon on the real world.
#include <cstdio>
#include <cstdlib>
#include <map>

#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/daemon.h"
#include "daemon/app/disk_room.h"
#include "daemon/app/http_settings.h"
#include "daemon/app/tell.h"
#include "daemon/app/wires.h"
#include "daemon/http/client.h"
#include "daemon/http/web_socket.h"
#include "daemon/runtime/service.h"
#include "daemon/runtime/system_clock.h"

namespace pw {

namespace asio = boost::asio;

namespace {

int terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 100;
  return size.ws_col;
}

void draw(Daemon& daemon) {
  std::string screen = "\x1b[H";
  for (const std::string& line : live_table(daemon.view(), terminal_width()))
    screen += line + "\x1b[K\n";
  screen += "\x1b[J";
  std::fwrite(screen.data(), 1, screen.size(), stdout);
  std::fflush(stdout);
}

asio::awaitable<void> show_live(Daemon& daemon, Clock& clock) {
  std::fputs("\x1b[2J", stdout);
  for (;;) {
    draw(daemon);
    co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(250));
  }
}

// A bad file keeps the old one, loudly.
void reload(Daemon& daemon, const RunOptions& options, Log& log) {
  notify_reloading();
  Issues issues;
  std::optional<Setup> setup = load_setup(options.config, issues);
  for (const Issue& issue : issues) log.write(LogLevel::error, "reload", print_issue(issue));
  if (!setup) {
    log.write(LogLevel::error, "reload_refused",
              "the files have mistakes; what was in force stays in force");
  } else if (const Result<Done> taken = daemon.reload(*std::move(setup), "operator", "SIGHUP");
             !taken) {
    log.write(LogLevel::error, "reload_failed", taken.error().detail);
  } else {
    log.write(LogLevel::info, "reloaded",
              "roster and rules are taken over; the change is an amendment in the log");
  }
  notify_ready();
}

// Ends on SIGTERM and SIGINT; a second one then ends the process at once, since
// the handlers are gone.
asio::awaitable<void> heed_signals(asio::signal_set& signals, Daemon& daemon,
                                   const RunOptions& options, Log& log) {
  for (;;) {
    const int signal = co_await signals.async_wait(asio::use_awaitable);
    if (signal != SIGHUP) break;
    reload(daemon, options, log);
  }
  signals.clear();  // what else is under way has its time to end
  notify_stopping();
  log.write(LogLevel::info, "stopping", "every look so far is recorded");
}

// Ends the daemon in the ordinary way, with the reason.
asio::awaitable<void> fail_with(Error error) {
  throw std::runtime_error(error.detail);
  co_return;
}

// The loop once more, for the last checkpoint's stamp; a failure has been logged.
Result<Done> stamp_last(asio::io_context& io, Daemon& daemon) {
  Result<Done> stamped = Done{};
  asio::co_spawn(io, daemon.stamp_last(), [&](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::exception& failure) {
      stamped = Error{Errc::transient, failure.what()};
    }
  });
  io.restart();
  io.run();
  return stamped;
}

int run_loop(asio::io_context& io, asio::signal_set& signals, Daemon& daemon,
             const RunOptions& options, Clock& clock, Log& log) {
  TaskGroup group(io.get_executor());
  daemon.start(group, options.until_closed);
  if (const Result<Done> served = daemon.serve(group); !served)
    group.spawn("web", fail_with(served.error()));
  group.spawn("signals", heed_signals(signals, daemon, options, log));
  if (options.live) group.spawn("live table", show_live(daemon, clock));
  std::exception_ptr failure;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) { failure = error; });
  notify_ready();
  io.run();
  signals.clear();

  const std::string cause = group.first_to_end();
  const bool asked = cause == "signals" || cause == "close";
  std::string why = cause == "signals" ? "asked to"
                    : cause == "close" ? "campaign closed"
                                       : cause + " ended";
  if (failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      why += std::string(": ") + error.what();
    }
    log.write(LogLevel::error, "stopped", why);
  }
  Result<Done> finished = daemon.finish(why);
  if (finished) finished = stamp_last(io, daemon);
  if (!finished) {
    log.write(LogLevel::error, "not_finished", finished.error().detail);
    return exit_world;
  }
  if (options.live) draw(daemon);
  return asked && !failure ? exit_fine : exit_world;
}

// One life of the daemon; `ran` once it watches.
int run_once(const RunOptions& options, Setup setup, Log& log, bool& ran) {
  asio::io_context io(1);
  SystemClock clock;
  Result<std::unique_ptr<HttpClient>> client =
      HttpClient::make(io, clock, http_options(setup.config));
  if (!client) {
    log.write(LogLevel::error, "http", client.error().detail);
    return exit_usage;
  }
  std::map<std::string, std::string> attested;
  for (const auto& [name, connector] : setup.config.connectors) {
    if (!connector.attest.empty()) attested.emplace(name, connector.attest);
  }
  Result<std::unique_ptr<WebSocketOpener>> sockets =
      WebSocketOpener::make(io, http_options(setup.config));
  if (!sockets) {
    log.write(LogLevel::error, "http", sockets.error().detail);
    return exit_usage;
  }
  World world{io, clock, **client, log, system_random};
  world.wire = [&io](const Config& config, const SinkConfig& sink) {
    return make_wire(io, config, sink);
  };
  world.sockets = sockets->get();
  Result<std::unique_ptr<Daemon>> daemon = Daemon::open(std::move(world), std::move(setup));
  if (!daemon) {
    log.write(LogLevel::error, "not_started", daemon.error().detail);
    return exit_world;
  }
  // Before anybody is told that it has started: who then stops it at once finds a
  // log that is closed and signed.
  asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  for (const auto& [name, words] : attested) {
    log.write(LogLevel::warning, "attested", "runs on the operator's word that it is permitted",
              {{"connector", name}, {"attest", words}});
  }
  log.write(LogLevel::info, "started", "watching; the log's public key stands beside it",
            {{"key", (*daemon)->vkey()}});
  ran = true;
  return run_loop(io, signals, **daemon, options, clock, log);
}

}  // namespace

int run_daemon(const RunOptions& options) {
  bool ran = false;
  for (;;) {
    Issues issues;
    std::optional<Setup> setup = load_setup(options.config, issues);
    print_issues(issues);
    if (!setup) return exit_usage;
    Log log = Log::to_stderr(options.live ? LogLevel::error : LogLevel::info);
    log.set_redactor(redactor_of(setup->config));
    const Config config = setup->config;
    const int code = run_once(options, *std::move(setup), log, ran);
    // A first start is somebody's who reads what it says.
    const bool full =
        ran && code == exit_world && least_room(config).free_bytes < room_needed_bytes;
    if (!full) return code;
    if (!wait_for_room(config, log)) return exit_fine;
  }
}

}  // namespace pw
