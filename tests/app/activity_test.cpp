// The daemon and X's webhook, in simulated time: what X tells of is looked at within
// seconds, and whatever goes wrong with a notice, the look comes as planned.
#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/app/daemon.h"
#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/open_twins.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/store/store.h"
#include "daemon/web/backend.h"
#include "tests/app/support/campaign.h"

using namespace pw;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");
const Interval window{noon + 30min, noon + 90min};
const Instant posted = noon + 43min + 10s;
const std::string site = "http://127.0.0.1:8420/x";
// platforms-open 11.
const std::string secret = "consumer-secret";
const std::string token = "canary-bearer-token";

// With a post an hour before noon, and one inside the window.
SimAccount person(int serial) {
  SimAccount account;
  account.platform = "mastodon";
  account.handle = "person" + std::to_string(serial) + "@m.example";
  account.name = "person" + std::to_string(serial);
  account.host = "m.example";
  account.id = "10950000000000000" + std::to_string(serial);
  account.actor = "Person " + std::to_string(serial);
  for (const Instant created : {noon - 1h, posted}) {
    SimPost post;
    post.created = post.declared = created;
    post.serial = std::uint64_t(serial) * 100 + account.posts.size();
    post.text = "post";
    post.id = mint::snowflake(created, post.serial);
    account.posts.push_back(std::move(post));
  }
  return open_twin_of(account, "x");
}

// Looks alone are ten minutes apart.
Setup campaign_of(const std::string& folder, const std::vector<SimAccount>& people) {
  Setup setup = test::small_campaign(folder, static_cast<int>(people.size()), window);
  setup.config.connectors.clear();
  setup.connectors.clear();
  setup.config.sinks.clear();
  setup.sink_conditions.clear();
  ConnectorConfig x;
  x.name = "x";
  x.base = site;
  x.allowance = {.hosts = {"127.0.0.1"}, .ports = {8420}};
  x.interval = std::chrono::minutes(10);
  x.callback = "https://watch.example/hub";
  x.attest = "with X's written approval of 3 March";
  CredentialConfig credential;
  credential.label = credential.app = "a";
  credential.token = {"x", token};
  credential.app_secret = Secret{"x-app", secret};
  credential.budget = 10'000;
  credential.budget_window = 15min;
  x.credentials.push_back(credential);
  ConnectorSettings settings;
  settings.base = site;
  settings.allowance = x.allowance;
  settings.lag = Millis{0};
  setup.connectors.emplace("x", make_connector("x", settings));
  setup.config.connectors.emplace("x", std::move(x));
  for (std::size_t i = 0; i < people.size(); ++i) {
    setup.roster.accounts[i].platform = "x";
    setup.roster.accounts[i].handle = people[i].handle;
  }
  setup.plan = plan_campaign(setup.config, setup.roster, setup.connectors);
  return setup;
}

class ActivityDay {
 public:
  explicit ActivityDay(std::vector<SimAccount> people) : world_(population) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    population.accounts = std::move(people);
    network.serve_activity(activity);
    World whole{io, clock, network, log, seeded_random(7)};
    whole.on_look = [this](const Look& look) { looks.push_back(look); };
    auto opened = Daemon::open(std::move(whole), campaign_of(folder.string(), population.accounts));
    REQUIRE(opened);
    daemon = *std::move(opened);
    daemon->start(group, /*until_closed=*/false);
  }
  ~ActivityDay() { fs::remove_all(folder); }

  void pass(Millis span) {
    for (Millis passed{0}; passed < span; passed += 1s) {
      clock.advance(io, 1s);
      activity.pass(clock.now());
    }
  }

  int looks_within(Interval span) const {
    return static_cast<int>(std::count_if(looks.begin(), looks.end(), [&](const Look& look) {
      return span.contains(look.received);
    }));
  }

  // Ends the day; then its log can be read.
  std::vector<PostEntry> end() {
    bool joined = false;
    asio::co_spawn(io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, 1s);
    REQUIRE(joined);
    REQUIRE(daemon->finish("test"));
    daemon.reset();
    auto store = open_sqlite((folder / "state/pledgewatch.db").string(), OpenMode::read_only);
    REQUIRE(store);
    std::vector<PostEntry> posts;
    REQUIRE((*store)->each_leaf(0, 100'000, [&](std::uint64_t, std::string_view leaf) {
      const Entry entry = *decode(leaf);
      const auto* post = std::get_if<PostEntry>(&entry);
      if (post && post->event == PostEvent::appeared) posts.push_back(*post);
      return true;
    }));
    return posts;
  }

  HubSaid notice(const std::string& body, const std::string& signer = secret) {
    HubAsk ask{.key = "x", .notice = true, .body = body};
    if (!signer.empty())
      ask.x_signatures = {"sha256=" + print_base64(bytes_of(hmac_sha256(signer, body)))};
    return daemon->called(ask);
  }

  fs::path folder = fs::temp_directory_path() / ("pw-activity-" + std::to_string(::getpid()));
  Population population;
  asio::io_context io{1};
  SimClock clock{noon};
  SimWorld world_;
  SimNetwork network{world_, clock};
  std::vector<int> statuses;  // of our answers to notices
  SimActivity activity{population, secret, noon, [this](const HttpRequest& request) {
                         HttpResponse response;
                         response.status = 502;
                         const std::string address = "https://watch.example/hub/x";
                         if (!daemon || !request.url.starts_with(address)) return response;
                         const std::size_t mark =
                             std::min(request.url.find('?'), request.url.size());
                         HubAsk ask{.key = "x", .notice = request.method == "POST"};
                         if (mark < request.url.size()) ask.query = request.url.substr(mark + 1);
                         for (const HttpHeader& field : request.headers) {
                           if (field.name == "x-twitter-webhooks-signature")
                             ask.x_signatures.push_back(field.value);
                         }
                         ask.body = request.body;
                         const HubSaid said = daemon->called(ask);
                         if (ask.notice) statuses.push_back(said.status);
                         response.status = said.status;
                         response.body = said.body;
                         return response;
                       }};
  std::vector<Look> looks;
  std::vector<std::string> journal;
  Log log{[this](LogLevel, const std::string& text) { journal.push_back(text); }, LogLevel::info};
  TaskGroup group{io.get_executor()};
  std::unique_ptr<Daemon> daemon;
};

std::string notice_about(const std::string& id, int uuid) {
  return R"({"data":{"event_uuid":")" + std::to_string(uuid) + R"(","filter":{"user_id":")" + id +
         R"("},"event_type":"post.create","payload":{"id":"1","author_id":")" + id +
         R"(","text":"never posted"}}})";
}

}  // namespace

TEST_CASE("what goes wrong with a notice costs time, and never a look or a post") {
  struct Row {
    std::optional<PushFault> fault;
    bool hastens;
    std::vector<int> statuses;
  };
  const Row rows[] = {
      {std::nullopt, true, {200}},          {PushFault::twice, true, {200, 200}},
      {PushFault::unsigned_, false, {403}}, {PushFault::missigned, false, {403}},
      {PushFault::altered, false, {403}},   {PushFault::mangled, false, {200}},
      {PushFault::strange, false, {200}},   {PushFault::foreign, false, {200}},
      {PushFault::lost, false, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.fault ? int(*row.fault) : -1);
    ActivityDay day({person(1)});
    if (row.fault) day.activity.troubles = {{*row.fault, {noon, noon + 2h}}};
    day.pass(posted - noon);
    REQUIRE(day.activity.subscriptions() == 2);
    const Interval soon{posted, posted + 5s};
    day.pass(5s);
    CHECK(day.looks_within(soon) == (row.hastens ? 1 : 0));
    day.pass(15min);
    CHECK(day.statuses == row.statuses);
    // The planned look reads it whatever became of the notice.
    const auto first = std::find_if(day.looks.begin(), day.looks.end(),
                                    [](const Look& look) { return look.received >= posted; });
    REQUIRE(first != day.looks.end());
    CHECK(first->outcome == Outcome::fresh);
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
    const auto posts = day.end();
    REQUIRE(posts.size() == 1);
    CHECK(posts[0].appeared.end >= posted);
  }
}

TEST_CASE("X's challenge is answered, at its address alone") {
  ActivityDay day({person(1)});
  const HubSaid proof = day.daemon->called({.key = "x", .query = "crc_token=crc-token-123"});
  CHECK(proof.status == 200);
  CHECK(proof.type == "application/json");
  CHECK(proof.body ==
        R"({"response_token":"sha256=pqNVCku98klY+uShlb3Xa/LIgd2B2xq7EveP37yRYOI="})");
  CHECK(day.daemon->called({.key = "x"}).status == 404);
  CHECK(day.daemon->called({.key = "y", .query = "crc_token=a"}).status == 404);
  CHECK(day.daemon->called({.key = "", .query = "crc_token=a"}).status == 404);
  day.pass(3h);
  // Once when it was made, and hourly.
  CHECK(day.activity.is_valid());
  CHECK(day.activity.calls("GET") >= 3);
  day.end();
}

TEST_CASE("a notice is no post, and a silent webhook no silence") {
  SimAccount one = person(1);
  one.posts.pop_back();
  ActivityDay day({one});
  day.pass(40min);
  const std::size_t before = day.looks.size();
  CHECK(day.notice(notice_about(one.id, 1)).status == 200);
  day.pass(3s);
  // The list does not have what was told of: that is what the log says.
  REQUIRE(day.looks.size() == before + 1);
  CHECK(day.looks.back().outcome == Outcome::unchanged);
  day.pass(30min);
  CHECK(day.looks.size() >= before + 3);
  CHECK(day.end().empty());
}

TEST_CASE("a flood brings one look forward in each span that X is left alone") {
  const SimAccount one = person(1);
  ActivityDay day({one});
  day.pass(32min);
  const std::size_t before = day.looks.size();
  const std::uint64_t requests = day.network.requests();
  int uuid = 0;
  for (int second = 0; second < 300; ++second) {
    for (int i = 0; i < 20; ++i) {
      day.notice(notice_about(one.id, second % 2 == 0 ? ++uuid : uuid));
      day.notice(notice_about(one.id, ++uuid), "");
      day.notice(notice_about(one.id, uuid), "another's");
      day.notice(std::string(60'000, '['), "");
    }
    day.pass(1s);
  }
  // Fifteen seconds are X's.
  CHECK(day.looks.size() - before <= 21);
  CHECK(day.looks.size() - before >= 15);
  CHECK(day.network.requests() - requests <= 21);
  const auto dropped = std::count_if(
      day.journal.begin(), day.journal.end(),
      [](const std::string& line) { return line.find("x_notice_dropped") != std::string::npos; });
  CHECK(dropped == 1);
  for (const std::string& line : day.journal) {
    CHECK(line.find(secret) == std::string::npos);
    CHECK(line.find(token) == std::string::npos);
  }
  day.end();
}

TEST_CASE("whoever leaves the roster is not looked at, whatever X still tells") {
  const SimAccount stays = person(1);
  const SimAccount goes = person(2);
  ActivityDay day({stays, goes});
  day.pass(20min);
  REQUIRE(day.activity.subscriptions() == 4);
  REQUIRE(day.daemon->reload(campaign_of(day.folder.string(), {stays}), "op", "left"));
  const std::size_t before = day.looks.size();
  CHECK(day.notice(notice_about(goes.id, 1)).status == 200);
  day.pass(3s);
  CHECK(day.looks.size() == before);
  day.pass(1min);
  CHECK(day.activity.subscriptions() == 2);
  day.end();
}
