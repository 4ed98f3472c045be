// Our whole pipeline over RSS feeds from nginx (schedule, request, decode, dedup,
// rules, store, log; one process, one core) beside newsboat, sfeed_update and a
// Python program on the same site in the same run: the first pass, when every
// entry is new, and the following ones, when nothing is and every answer is
// still a full 200. The others may use every core.
// Usage: bench_feeds [--json] [--alone] [--seconds N] [--feeds N], from the source root.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "connectors/registry.h"
#include "daemon/app/daemon.h"
#include "daemon/http/client.h"
#include "daemon/runtime/system_clock.h"
#include "tests/bench/feeds_rivals.h"
#include "tests/bench/nginx.h"

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

using namespace pw;
using bench::Passes;

struct Options {
  bool json = false;
  bool alone = false;
  int seconds = 8;
  int feeds = 2000;
};

constexpr int items_each = 25;

constexpr std::string_view freeze_pack = R"(rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    summary: "${actor.name} posted a ${post.surface} on ${account.platform}"
)";

ConnectorConfig feed_connector(const bench::FeedSite& site) {
  ConnectorConfig feed;
  feed.name = "feed";
  feed.allowance = {{"127.0.0.1"}, {static_cast<std::uint16_t>(site.port())}};
  feed.interval = Millis{1};
  feed.interval_floor = Millis{1};
  return feed;
}

void enrol(Setup& setup, const bench::FeedSite& site, const Clock& clock) {
  const Interval window{clock.now() + std::chrono::hours(1), clock.now() + std::chrono::hours(25)};
  for (int i = 0; i < site.feeds(); ++i) {
    Pledge pledge;
    pledge.actor = "Actor " + std::to_string(i);
    pledge.surfaces = setup.config.campaign.surfaces;
    pledge.windows.push_back({window, window, window, "UTC", false, Millis{0}});
    setup.roster.pledges.push_back(std::move(pledge));
    Account account;
    account.pledge = static_cast<std::uint32_t>(i);
    account.platform = "feed";
    account.handle = account.id = site.url(i);
    account.host = "127.0.0.1";
    setup.roster.accounts.push_back(std::move(account));
  }
}

Setup setup_for(const fs::path& folder, const bench::FeedSite& site, const Clock& clock) {
  Setup setup;
  Config& config = setup.config;
  config.campaign.name = "bench";
  config.state_dir = (folder / "state").string();
  config.log_dir = (folder / "state/log").string();
  config.log.origin = "pledgewatch/bench";
  config.log.key_file = (folder / "state/log.key").string();
  config.concurrency = 64;
  config.http.connections_per_host = 64;
  enrol(setup, site, clock);
  ConnectorConfig feed = feed_connector(site);
  ConnectorSettings settings;
  settings.allowance = feed.allowance;
  settings.interval_floor = feed.interval_floor;
  setup.connectors.emplace("feed", make_connector("feed", settings));
  config.connectors.emplace("feed", std::move(feed));
  Issues issues;
  setup.packs_text = freeze_pack;
  auto pack = load_pack("bench.yaml", freeze_pack, issues);
  if (!pack) throw std::runtime_error(print_issue(issues.front()));
  setup.packs.push_back(*std::move(pack));
  setup.plan = plan_campaign(config, setup.roster, setup.connectors);
  return setup;
}

struct Counted {
  Passes passes;
  std::uint64_t looks = 0;
  std::uint64_t not_observed = 0;
};

// The first pass ends when every feed has been observed and recorded once.
asio::awaitable<void> measure(Daemon& daemon, Clock& clock, int feeds, Millis span,
                              Counted& counted) {
  const Board& board = *daemon.view().board;
  const Millis start = clock.steady();
  const auto seen = [&] {
    int all = 0;
    for (const PlatformCount& row : board.platforms(clock.now())) all += row.seen;
    return all;
  };
  while (seen() < feeds) co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(2));
  const Millis read = clock.steady();
  counted.passes.first = feeds * 1000.0 / static_cast<double>((read - start).count());
  // Let what the first pass left to be screened and logged come to rest.
  co_await clock.sleep_until(clock.now() + std::chrono::seconds(2));
  const std::uint64_t before = board.looks();
  const Millis again = clock.steady();
  co_await clock.sleep_until(clock.now() + span);
  const double seconds = static_cast<double>((clock.steady() - again).count()) / 1000;
  counted.looks = board.looks();
  counted.passes.again = static_cast<double>(board.looks() - before) / seconds;
  counted.not_observed =
      board.looks() - board.looks_with(Outcome::fresh) - board.looks_with(Outcome::unchanged);
}

Counted run_ours(const fs::path& folder, const bench::FeedSite& site, int seconds) {
  bench::pin_to_core(1);
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
      Daemon::open({io, clock, **client, log, system_random}, setup_for(folder, site, clock));
  if (!daemon) throw std::runtime_error(daemon.error().detail);
  TaskGroup group(io.get_executor());
  (*daemon)->start(group, /*until_closed=*/false);
  Counted counted;
  counted.passes.name = "pledgewatch, the whole pipeline on one core";
  group.spawn("measure",
              measure(**daemon, clock, site.feeds(), std::chrono::seconds(seconds), counted));
  std::exception_ptr failure;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  if (const Result<Done> finished = (*daemon)->finish("bench"); !finished) {
    throw std::runtime_error(finished.error().detail);
  }
  return counted;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json") {
      options.json = true;
    } else if (word == "--alone") {
      options.alone = true;
    } else if (word == "--seconds" && i + 1 < argc) {
      options.seconds = std::atoi(argv[++i]);
    } else if (word == "--feeds" && i + 1 < argc) {
      options.feeds = std::atoi(argv[++i]);
    } else {
      throw std::runtime_error("usage: bench_feeds [--json] [--alone] [--seconds N] [--feeds N]");
    }
  }
  return options;
}

void print_row(const Passes& passes) {
  std::printf("  %-46s %10.0f feeds/s first  %10.0f feeds/s again\n", passes.name.c_str(),
              passes.first, passes.again);
}

void run_all(const Options& options) {
  const fs::path folder =
      fs::temp_directory_path() / ("pledgewatch-feeds-" + std::to_string(getpid()));
  Passes fastest;
  Counted ours;
  {
    const bench::FeedSite site(folder / "site", options.feeds, items_each);
    std::printf("\n%d RSS documents of %d items, %.1f KB each, from nginx on loopback\n",
                site.feeds(), site.items(), static_cast<double>(site.document_bytes()) / 1e3);
    std::vector<Passes> rivals;
    if (!options.alone) {
      rivals.push_back(bench::run_newsboat(folder / "newsboat", site));
      print_row(rivals.back());
      rivals.push_back(bench::run_sfeed(folder / "sfeed", site));
      print_row(rivals.back());
      rivals.push_back(bench::run_feedparser(folder / "feedparser", site));
      print_row(rivals.back());
    }
    for (const Passes& rival : rivals) {
      fastest.first = std::max(fastest.first, rival.first);
      fastest.again = std::max(fastest.again, rival.again);
    }
    ours = run_ours(folder, site, options.seconds);
    print_row(ours.passes);
    std::printf("  looks that did not observe: %llu of %llu\n",
                static_cast<unsigned long long>(ours.not_observed),
                static_cast<unsigned long long>(ours.looks));
  }
  fs::remove_all(folder);
  if (options.alone) return;
  const double first = ours.passes.first / fastest.first;
  const double again = ours.passes.again / fastest.again;
  std::printf("  first pass %.0f times the fastest of the others, nothing new %.0f times\n", first,
              again);
  if (!options.json) return;
  std::printf(
      "{\"feeds_per_second_first\":%.0f,\"feeds_per_second_again\":%.0f,\"fastest_first\":%.0f,"
      "\"fastest_again\":%.0f,\"ratio_first\":%.1f,\"ratio_again\":%.1f}\n",
      ours.passes.first, ours.passes.again, fastest.first, fastest.again, first, again);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run_all(parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_feeds: %s\n", error.what());
    return 3;
  }
  return 0;
}
