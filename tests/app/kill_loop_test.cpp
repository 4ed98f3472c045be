// kill -9 at random moments of the real daemon under load, again and again over one
// store: no finding is without a delivery, a repeat carries the same id and the same
// bytes, and the log verifies. KILL_ROUNDS and KILL_SEED say how often and which.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "daemon/store/store.h"
#include "tests/app/support/alerts_world.h"
#include "tests/app/support/day.h"
#include "tests/app/support/live_daemon.h"

using namespace pw;
using namespace pw::test;

namespace {

constexpr int feeds = 80;
constexpr unsigned requests_max = 60;  // of a life, until it is killed

int number_of(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

void write_campaign(const CampaignFolder& folder, std::uint16_t port) {
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  const std::string allowed =
      "allow_hosts: [127.0.0.1], allow_ports: [" + std::to_string(port) + "]";
  folder.write("campaign.yaml", R"(campaign:
  name: kills
  window: { start: 2020-01-01T00:00, end: 2100-01-01T00:00, zone: UTC }
  default_zone: UTC
  surfaces: [post]
roster: roster.csv
rules: [ freeze.yaml ]
http: { connections_per_host: 8 }
connectors:
  feed: { )" + allowed + R"(, interval: 1s, interval_floor: 1s, lag: 0s }
sinks:
  - { name: well, type: webhook, url: ")" +
                                    base + R"(/hook/well", secret: { file: hook }, )" + allowed +
                                    R"( }
store: state
)");
  std::string roster = "actor,platform,handle,zone,status\n";
  for (int i = 0; i < feeds; ++i) {
    roster += "Actor " + std::to_string(i) + ",feed," + base + "/feed/" + std::to_string(i) +
              ",UTC,confirmed\n";
  }
  folder.write("roster.csv", roster);
  folder.write("freeze.yaml", R"(rules:
  - name: posted
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    summary: "${actor.name} posted a ${post.surface}"
)");
  folder.write("hook", "whsec_a2lsbC1sb29wLWtpbGwtbG9vcC1raWxsLWxvb3A=\n");
}

// The receiver knows before the daemon does: an answer on its way at the end would be
// an attempt of unknown outcome, sent again by the next start.
bool all_recorded(const CampaignFolder& folder) {
  auto store = open_sqlite((folder.path() / "state/pledgewatch.db").string(), OpenMode::read_only);
  if (!store) return false;
  const auto deliveries = (*store)->deliveries({.sink = "well"});
  return deliveries && std::all_of(deliveries->begin(), deliveries->end(), [](const Delivery& d) {
           return d.state == DeliveryState::delivered;
         });
}

// What the store says of every finding's delivery, checked against what arrived.
void check_deliveries(const CampaignFolder& folder, const AlertsWorld& world,
                      std::size_t findings) {
  auto store = open_sqlite((folder.path() / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  std::map<std::string, std::string> finding_of;  // by delivery
  const auto deliveries = (*store)->deliveries({.sink = "well"});
  for (const Delivery& delivery : *deliveries) {
    CHECK(delivery.state == DeliveryState::delivered);
    CHECK(finding_of.emplace(delivery.row.id, delivery.row.finding).second);
  }
  std::set<std::string> told;
  for (const Arrival& arrival : world.arrivals("well")) {
    INFO(arrival.id);
    REQUIRE(finding_of.contains(arrival.id));
    CHECK(arrival.same_body);
    CHECK(told.insert(finding_of[arrival.id]).second);  // a finding has one id for ever
  }
  CHECK(told.size() == findings);
  const auto stored = (*store)->findings();
  CHECK(stored->size() == findings);
  for (const Finding& finding : *stored) CHECK(told.contains(finding.id));
}

}  // namespace

TEST_CASE("kill -9 at any moment under load loses nothing and makes nothing twice") {
  const int rounds = number_of("KILL_ROUNDS", 50);
  const auto seed = static_cast<unsigned>(number_of("KILL_SEED", 1));
  INFO("KILL_SEED=" << seed);
  std::minstd_rand dice(seed);
  // About as many posts as the killed lives ask for, so that there is always news.
  const int posts = rounds > 100 ? 18 : 8;
  const int per_post = std::max(1, rounds * static_cast<int>(requests_max) / 3 / (feeds * posts));
  AlertsWorld world({.feeds = feeds, .posts = posts, .requests_per_post = per_post});
  const CampaignFolder folder("kills");
  write_campaign(folder, world.port());
  {
    LiveDaemon daemon(folder);
    REQUIRE(world.wait_for_feeds());  // what stood there at the first look is no finding
    daemon.signal(SIGKILL);
    daemon.wait_for_end();
  }
  world.begin();
  for (int round = 0; round < rounds; ++round) {
    INFO("round " << round);
    LiveDaemon daemon(folder);
    REQUIRE(world.wait_for_requests(world.requests() + dice() % requests_max));
    daemon.signal(SIGKILL);
    CHECK(daemon.wait_for_end() == -1);
  }
  std::size_t repeats = 0;
  for (const Arrival& arrival : world.arrivals("well")) repeats += arrival.attempts > 1 ? 1 : 0;
  const std::size_t before = world.arrivals("well").size();
  {
    LiveDaemon daemon(folder);
    REQUIRE(world.wait_for_accepted("well", feeds * posts));
    for (int i = 0; i < 100 && !all_recorded(folder); ++i)
      REQUIRE(world.wait_for_requests(world.requests() + 5));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait_for_end() == 0);
  }
  check_deliveries(folder, world, feeds * posts);
  CHECK(verify_folder((folder.path() / "state/log").string()).empty());
  CHECK(before > 0);
  std::cout << rounds << " kills: " << before << " webhooks came between them, " << repeats
            << " of them more than once with the same id and bytes; all " << feeds * posts
            << " findings were told, and the log verifies\n";
}
