// One account, a simulated platform and a real store, through a day around noon in
// simulated time.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/poll/poller.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/runtime/task_group.h"

namespace pw {

using namespace std::chrono_literals;

inline const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");
inline const std::string site = "http://127.0.0.1:8420/";

// The simulated network, which fails its `fails_at`-th exchange.
class Network final : public Fetcher {
 public:
  Network(SimNetwork& network, std::vector<std::string>& asked)
      : network_(network), asked_(asked) {}
  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override {
    const std::size_t call = request.url.find("/xrpc/");
    asked_.push_back(call == std::string::npos
                         ? "document"
                         : request.url.substr(call + 6, request.url.find('?') - call - 6));
    if (--fails_at == 0) co_return Error{Errc::transient, "cut"};
    Result<Done> done = co_await network_.fetch(request, response);
    co_return done;
  }
  int fails_at = 0;

 private:
  SimNetwork& network_;
  std::vector<std::string>& asked_;
};

inline SimAccount brandco() {
  SimAccount account;
  account.platform = "bluesky";
  account.handle = account.name = "brandco.example.com";
  account.id = mint::did(1);
  account.actor = "BrandCo";
  return account;
}

inline SimPost post(std::uint64_t serial, Instant created, std::string key = {}) {
  SimPost made;
  made.created = made.declared = created;
  made.serial = serial;
  made.text = "post " + std::to_string(serial);
  if (key.empty()) key = mint::tid(created, serial);
  made.id = "at://" + mint::did(1) + "/app.bsky.feed.post/" + key;
  return made;
}

// A day around noon in simulated time, with a real store.
class Day {
 public:
  explicit Day(SimAccount account, int pages_max = 200, std::vector<Fault> faults = {},
               bool anonymous = false)
      : Day(std::vector<SimAccount>{std::move(account)}, pages_max, std::move(faults), {0, 0min},
            anonymous) {}
  Day(std::vector<SimAccount> people, int pages_max, std::vector<Fault> faults,
      Budget budget = {0, 0min}, bool anonymous = false) {
    const std::string platform = people.front().platform;
    population.accounts = std::move(people);
    population.faults = std::move(faults);
    const bool is_of_one_credential =
        std::any_of(population.faults.begin(), population.faults.end(),
                    [](const Fault& fault) { return !fault.user_id.empty(); });
    if (is_of_one_credential) {
      population.credentials = {{"a", "app", "17841400000000001", "token-of-the-first"},
                                {"b", "other-app", "17841400000000002", "token-of-the-second"}};
    }
    folder = std::filesystem::temp_directory_path() / ("pw-home-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    store = *open_sqlite((folder / "db").string(), OpenMode::read_write);
    ConnectorSettings settings;
    // A feed is its own address.
    if (platform != "feed") settings.base = site + platform;
    if (platform == "mastodon") settings.base += "/{host}";
    if (platform == "bluesky") settings.home = settings.directory = settings.base;
    settings.allowance = {.hosts = {"127.0.0.1"}, .ports = {8420}};
    if (platform != "mastodon" && platform != "bluesky") settings.lag = Millis{0};
    if (platform.starts_with("facebook")) settings.interval_floor = 1min;
    settings.anonymous = anonymous;
    connector = make_connector(platform, settings);
    window.span = window.certain = window.possible = {noon + 1h, noon + 2h};
    windows = {window};
    recorder.emplace(*store, [this](const Look& look) { looks.push_back(look); });
    PollerParts parts{
        .clock = clock,
        .fetcher = fetcher,
        .store = *store,
        .recorder = *recorder,
        .log = log,
        .windows = [this](const Account&) -> const std::vector<Window>& { return windows; },
        .on_news = [this] { ++news; },
        .make_salt = [] { return std::string(16, 's'); }};
    parts.sweeps = {5min, 24h};
    poller.emplace(std::move(parts));
    Lane lane;
    lane.name = platform;
    lane.connector = connector.get();
    lane.allowance = settings.allowance;
    // Of several, looks together come oftener than each one's own.
    lane.interval =
        platform.starts_with("facebook") && population.accounts.size() > 1 ? 5min : 1min;
    lane.pages_max = pages_max;
    // Any token will do here, as the population names none.
    if (connector->declaration().needs_credential || (platform == "youtube" && !anonymous)) {
      lane.credentials.push_back({"a", "app", "17841400000000001", "token-of-the-first"});
    }
    std::vector<Budget> budgets{budget};
    // A fault of one credential alone leaves another.
    if (is_of_one_credential) {
      lane.credentials.push_back({"b", "other-app", "17841400000000002", "token-of-the-second"});
      budgets.push_back(budget);
    }
    const auto index = poller->add_lane(std::move(lane), std::move(budgets), {});
    std::vector<Account> accounts;
    for (const SimAccount& one : population.accounts) {
      accounts.emplace_back();
      accounts.back().platform = platform;
      // The Ad Library knows no names.
      accounts.back().handle = platform == "facebook_ads" || anonymous ? one.id : one.handle;
      accounts.back().host = one.host;
    }
    REQUIRE(store->enrol(accounts, {}));
    for (const Account& one : accounts) {
      Watch watch;
      watch.account = one;
      watch.state.account = one.number;
      poller->add(std::move(watch), index, 0ms);
    }
    number = accounts[0].number;
    if (accounts.size() > 1) group.spawn("batches", poller->check_batches());
    group.spawn("worker 1", poller->work());
    group.spawn("worker 2", poller->work());
  }
  ~Day() {
    bool joined = false;
    boost::asio::co_spawn(io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, 0ms);
    poller.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }

  void pass(Millis span) { clock.advance(io, span); }
  const AccountState& state() { return poller->find(number)->state; }
  std::vector<StoredPost> stored() { return *store->posts_of({&number, 1}); }
  int count(std::string_view call) const {
    return static_cast<int>(std::count(asked.begin(), asked.end(), call));
  }

  Population population;
  boost::asio::io_context io{1};
  SimClock clock{noon};
  SimWorld world{population};
  SimNetwork sim{world, clock};
  std::vector<std::string> asked;
  Network fetcher{sim, asked};
  std::vector<std::string> journal;
  Log log{[this](LogLevel, const std::string& line) { journal.push_back(line); }};
  std::filesystem::path folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Connector> connector;
  Window window{};
  std::vector<Window> windows;
  std::vector<Look> looks;
  int news = 0;
  AccountNumber number = 0;
  std::optional<Recorder> recorder;
  std::optional<Poller> poller;
  TaskGroup group{io.get_executor()};
};

}  // namespace pw
