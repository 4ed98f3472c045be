// The whole pipeline against a real nginx, beside wrk on the same server in the
// same run: schedule, request, decode, dedup, rules, store, log; one process,
// one core. Usage: bench_poll [--json] [--seconds N] [--accounts N]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

#include <malloc.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "connectors/registry.h"
#include "daemon/app/daemon.h"
#include "daemon/http/client.h"
#include "daemon/runtime/system_clock.h"
#include "tests/bench/nginx.h"

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

using namespace pw;

struct Options {
  bool json = false;
  int seconds = 8;
  int memory_accounts = 100'000;
};

struct Measured {
  double pages_per_second = 0;
  std::uint64_t looks = 0;
  std::uint64_t not_observed = 0;
  double resident_bytes = 0;
};

constexpr std::string_view freeze_pack = R"(rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    summary: "${actor.name} posted a ${post.surface} on ${account.platform}"
)";

Setup setup_for(const fs::path& folder, int port, int accounts, Millis interval,
                const Clock& clock) {
  Setup setup;
  Config& config = setup.config;
  config.campaign.name = "bench";
  config.state_dir = (folder / "state").string();
  config.log_dir = (folder / "state/log").string();
  config.log.origin = "pledgewatch/bench";
  config.log.key_file = (folder / "state/log.key").string();
  config.concurrency = 64;
  config.http.connections_per_host = 64;
  ConnectorConfig instagram;
  instagram.name = "instagram";
  instagram.base = "http://127.0.0.1:" + std::to_string(port);
  instagram.allowance = {{"127.0.0.1"}, {static_cast<std::uint16_t>(port)}};
  instagram.interval = interval;
  instagram.interval_floor = Millis{1};
  CredentialConfig credential;
  credential.label = credential.app = "bench";
  credential.user_id = "17841400000000001";
  credential.token = {"bench", "not-a-secret-token"};
  credential.budget = 900'000'000;
  instagram.credentials.push_back(credential);
  const Interval window{clock.now() + std::chrono::hours(1), clock.now() + std::chrono::hours(25)};
  for (int i = 0; i < accounts; ++i) {
    Pledge pledge;
    pledge.actor = "Actor " + std::to_string(i);
    pledge.surfaces = config.campaign.surfaces;
    pledge.windows.push_back({window, window, window, "UTC", false, Millis{0}});
    setup.roster.pledges.push_back(std::move(pledge));
    Account account;
    account.pledge = static_cast<std::uint32_t>(i);
    account.platform = "instagram";
    account.handle = bench::account_handle(i);
    account.id = bench::account_id(i);
    setup.roster.accounts.push_back(std::move(account));
  }
  ConnectorSettings settings;
  settings.base = instagram.base;
  settings.interval_floor = Millis{1};
  setup.connectors.emplace("instagram", make_connector("instagram", settings));
  config.connectors.emplace("instagram", std::move(instagram));
  Issues issues;
  setup.packs_text = freeze_pack;
  auto pack = load_pack("bench.yaml", freeze_pack, issues);
  if (!pack) throw std::runtime_error(print_issue(issues.front()));
  setup.packs.push_back(*std::move(pack));
  setup.plan = plan_campaign(config, setup.roster, setup.connectors);
  return setup;
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  long size = 0;
  long resident = 0;
  in >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Every account is looked at before the measured stretch begins.
asio::awaitable<void> measure(Daemon& daemon, Clock& clock, std::uint64_t warm_looks, Millis span,
                              Measured& measured) {
  while (daemon.view().board->looks() < warm_looks)
    co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(50));
  const std::uint64_t before = daemon.view().board->looks();
  const Millis start = clock.steady();
  co_await clock.sleep_until(clock.now() + span);
  const double seconds = static_cast<double>((clock.steady() - start).count()) / 1000;
  const Board& board = *daemon.view().board;
  measured.looks = board.looks();
  measured.pages_per_second = static_cast<double>(board.looks() - before) / seconds;
  measured.not_observed =
      board.looks() - board.looks_with(Outcome::fresh) - board.looks_with(Outcome::unchanged);
  measured.resident_bytes = resident_bytes();
}

Measured run(const fs::path& folder, const bench::Nginx& nginx, int accounts, Millis interval,
             int seconds) {
  fs::remove_all(folder / "state");
  asio::io_context io(1);
  SystemClock clock;
  Log log([](LogLevel, const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); },
          LogLevel::error);
  HttpOptions options;
  options.user_agent = "pledgewatch-bench (+https://example.org/contact)";
  options.pool.per_place_max = 64;
  Result<std::unique_ptr<HttpClient>> client = HttpClient::make(io, clock, options);
  if (!client) throw std::runtime_error(client.error().detail);
  Result<std::unique_ptr<Daemon>> daemon =
      Daemon::open({io, clock, **client, log, system_random},
                   setup_for(folder, nginx.port(), accounts, interval, clock));
  if (!daemon) throw std::runtime_error(daemon.error().detail);
  TaskGroup group(io.get_executor());
  (*daemon)->start(group, /*until_closed=*/false);
  Measured measured;
  const auto warm = static_cast<std::uint64_t>(accounts) * 2;
  group.spawn("measure", measure(**daemon, clock, warm, std::chrono::seconds(seconds), measured));
  std::exception_ptr failure;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  if (const Result<Done> finished = (*daemon)->finish("bench"); !finished)
    throw std::runtime_error(finished.error().detail);
  return measured;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json")
      options.json = true;
    else if (word == "--seconds" && i + 1 < argc)
      options.seconds = std::atoi(argv[++i]);
    else if (word == "--accounts" && i + 1 < argc)
      options.memory_accounts = std::atoi(argv[++i]);
    else
      throw std::runtime_error("usage: bench_poll [--json] [--seconds N] [--accounts N]");
  }
  return options;
}

void row(const char* what, double rate, double wrk) {
  std::printf("  %-58s %10.0f /s   %5.2f of wrk\n", what, rate, rate / wrk);
}

void run_all(const Options& options) {
  constexpr int accounts = 2000;
  constexpr double fixed_bytes = 60e6;
  const fs::path folder =
      fs::temp_directory_path() / ("pledgewatch-bench-" + std::to_string(getpid()));
  bench::pin_to_core(1);
  double wrk = 0;
  Measured same;
  {
    const bench::Nginx nginx(folder / "same", {.pages = accounts});
    wrk = bench::run_wrk(nginx.page_url(), options.seconds);
    same = run(folder, nginx, accounts, Millis{1}, options.seconds);
  }
  Measured changed;
  {
    const bench::Nginx nginx(folder / "changed", {.pages = accounts, .variants = 16});
    changed = run(folder, nginx, accounts, Millis{1}, options.seconds);
  }
  Measured memory;
  {
    const bench::Nginx nginx(folder / "memory", {.templated = true});
    memory = run(folder, nginx, options.memory_accounts, std::chrono::seconds(10), 2);
  }
  fs::remove_all(folder);
  const double per_account = (memory.resident_bytes - fixed_bytes) / options.memory_accounts;

  std::printf("\n%d Instagram pages of 9 KB from nginx on loopback; one process, one core\n",
              accounts);
  row("wrk -t1 -c64", wrk, wrk);
  row("pledgewatch, nothing new (same bytes: not decoded)", same.pages_per_second, wrk);
  row("pledgewatch, 15 of 16 pages changed (decoded)", changed.pages_per_second, wrk);
  std::printf("  looks that did not observe: %llu of %llu\n",
              static_cast<unsigned long long>(same.not_observed + changed.not_observed +
                                              memory.not_observed),
              static_cast<unsigned long long>(same.looks + changed.looks + memory.looks));
  std::printf(
      "  resident with %d accounts watched: %.0f MB, %.0f bytes an account beyond a fixed 60 MB\n",
      options.memory_accounts, memory.resident_bytes / 1e6, per_account);
  if (options.json) {
    std::printf(
        "{\"pages_per_second\":%.0f,\"wrk_requests_per_second\":%.0f,\"ratio\":%.3f,\"bytes_per_"
        "account\":%.0f,"
        "\"changed_pages_per_second\":%.0f}\n",
        same.pages_per_second, wrk, same.pages_per_second / wrk, per_account,
        changed.pages_per_second);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run_all(parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_poll: %s\n", error.what());
    return 3;
  }
  return 0;
}
