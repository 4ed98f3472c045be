// From a post to its webhook, with the daemon as its own process and everything over
// loopback: how long beyond the look that saw it, and what a flood to three sinks
// does, of which one answers 429 and one hangs.
// Usage: bench_alerts [--json] [--findings N] [--seconds N]
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/store/store.h"
#include "tests/app/support/alerts_world.h"

namespace fs = std::filesystem;

namespace {

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

struct Options {
  bool json = false;
  int findings = 10'000;
  int seconds = 60;
};

constexpr const char* campaign_head = R"(campaign:
  name: bench
  window: { start: 2020-01-01T00:00, end: 2100-01-01T00:00, zone: UTC }
  default_zone: UTC
  surfaces: [post]
roster: roster.csv
rules: [ freeze.yaml ]
store: state
)";

constexpr const char* pack = R"(rules:
  - name: posted
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    summary: "${actor.name} posted a ${post.surface}"
)";

struct Scene {
  fs::path folder;
  int feeds = 0;
  std::string interval;
  std::vector<std::pair<std::string, std::string>> sinks;  // name, timeout
};

void write_scene(const Scene& scene, std::uint16_t port) {
  fs::remove_all(scene.folder);
  fs::create_directories(scene.folder);
  std::ofstream(scene.folder / "freeze.yaml") << pack;
  std::ofstream(scene.folder / "hook") << "whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g=\n";
  std::ofstream roster(scene.folder / "roster.csv");
  roster << "actor,platform,handle,zone,status\n";
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  for (int i = 0; i < scene.feeds; ++i)
    roster << "Actor " << i << ",feed," << base << "/feed/" << i << ",UTC,confirmed\n";
  std::ofstream campaign(scene.folder / "campaign.yaml");
  const std::string allowed =
      "allow_hosts: [127.0.0.1], allow_ports: [" + std::to_string(port) + "]";
  campaign << campaign_head << "http: { connections_per_host: 16 }\nconnectors:\n  feed: { "
           << allowed << ", interval: " << scene.interval
           << ", interval_floor: 1s, lag: 0s }\nsinks:\n";
  for (const auto& [name, timeout] : scene.sinks)
    campaign << "  - { name: " << name << ", type: webhook, url: \"" << base << "/hook/" << name
             << "\", secret: { file: hook }, timeout: " << timeout << ", " << allowed << " }\n";
}

// The daemon, from its start to SIGTERM.
class Running {
 public:
  explicit Running(const Scene& scene) : child_(fork()) {
    if (child_ != 0) return;
    const std::string journal = (scene.folder / "journal").string();
    if (std::freopen(journal.c_str(), "w", stderr) == nullptr) _exit(9);
    RunOptions options;
    options.config = (scene.folder / "campaign.yaml").string();
    _exit(run_daemon(options));
  }
  ~Running() { stop(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void stop() {
    if (child_ <= 0) return;
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    child_ = -1;
  }

  double resident_mb() const {
    std::ifstream in("/proc/" + std::to_string(child_) + "/statm");
    long size = 0;
    long resident = 0;
    in >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
  }

 private:
  pid_t child_;
};

std::unique_ptr<Store> store_of(const Scene& scene) {
  auto store = open_sqlite((scene.folder / "state/pledgewatch.db").string(), OpenMode::read_only);
  if (!store) throw std::runtime_error(store.error().detail);
  return *std::move(store);
}

// What failed twice while its sink hung is due again after five minutes and a tenth.
constexpr Millis drain_max = std::chrono::minutes(12);

double at(std::vector<double>& sorted, double share) {
  return sorted.empty()
             ? 0
             : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

Json latency(const fs::path& root) {
  constexpr int feeds = 40;
  constexpr int posts = 10;
  const Instant start = wall_now() + 6s;
  const AlertsWorld world({.feeds = feeds, .posts = posts, .appear = {start, start + 20s}});
  const Scene scene{root / "latency", feeds, "1s", {{"good", "20s"}}};
  write_scene(scene, world.port());
  Running daemon(scene);
  const Instant patience = start + 90s;
  while (world.arrivals("good").size() < feeds * posts && wall_now() < patience)
    std::this_thread::sleep_for(100ms);
  daemon.stop();
  std::map<std::string, Instant> arrived;
  for (const Arrival& arrival : world.arrivals("good"))
    arrived.emplace(arrival.id, arrival.accepted);
  std::vector<double> beyond_look;
  std::vector<double> beyond_post;
  const auto store = store_of(scene);
  const auto findings = store->findings();
  for (const Finding& finding : *findings) {
    const auto hook = arrived.find("msg_" + finding.id);
    const auto post = store->post(finding.account, finding.post_id);
    if (hook == arrived.end() || !*post) continue;
    int feed = 0;
    int number = 0;
    std::sscanf(finding.post_id.c_str(), "p%d-%d", &feed, &number);
    beyond_look.push_back(static_cast<double>((hook->second - (*post)->first_seen).count()));
    beyond_post.push_back(
        static_cast<double>((hook->second - world.visible(feed, number)).count()));
  }
  std::sort(beyond_look.begin(), beyond_look.end());
  std::sort(beyond_post.begin(), beyond_post.end());
  Json result = {{"posts", feeds * posts},
                 {"webhooks", beyond_look.size()},
                 {"look_to_webhook_median_ms", at(beyond_look, 0.5)},
                 {"look_to_webhook_p99_ms", at(beyond_look, 0.99)},
                 {"look_to_webhook_max_ms", at(beyond_look, 1)},
                 {"post_to_webhook_median_ms", at(beyond_post, 0.5)}};
  std::printf(
      "a post every 50 ms, looked at every second: %zu of %d told; the webhook came %.0f ms "
      "after the look that saw it (median), %.0f ms (p99), %.0f ms (max);\n  %.0f ms after "
      "the post was there (median)\n",
      beyond_look.size(), feeds * posts, at(beyond_look, 0.5), at(beyond_look, 0.99),
      at(beyond_look, 1), at(beyond_post, 0.5));
  return result;
}

// Ids whose first arrival came before that of one enqueued earlier.
int out_of_order(const std::vector<Arrival>& arrivals,
                 const std::map<std::string, std::int64_t>& places) {
  int wrong = 0;
  std::int64_t newest = 0;
  for (const Arrival& arrival : arrivals) {
    const auto it = places.find(arrival.id);
    const std::int64_t place = it == places.end() ? 0 : it->second;
    wrong += place < newest ? 1 : 0;
    newest = std::max(newest, place);
  }
  return wrong;
}

// Steps of equal length, of which the first half fills caches and pools.
constexpr int memory_steps = 12;

// What a finding of the second half has added, in KB.
double growth_of_each(const std::vector<double>& megabytes, int findings) {
  if (megabytes.size() <= memory_steps) return 0;
  const double grown = megabytes[memory_steps] - megabytes[memory_steps / 2];
  return grown * 1000 / (findings / 2.0);
}

Json told(const Scene& scene, const AlertsWorld& world, int findings) {
  Json sinks = Json::object();
  const auto store = store_of(scene);
  for (const auto& [name, timeout] : scene.sinks) {
    std::map<std::string, std::int64_t> places;
    int delivered = 0;
    int waiting = 0;
    int dead = 0;
    const auto deliveries = store->deliveries({.sink = name});
    for (const Delivery& delivery : *deliveries) {
      places.emplace(delivery.row.id, delivery.place);
      delivered += delivery.state == DeliveryState::delivered ? 1 : 0;
      dead += delivery.state == DeliveryState::dead ? 1 : 0;
      waiting +=
          delivery.state == DeliveryState::ready || delivery.state == DeliveryState::leased ? 1 : 0;
    }
    const auto arrivals = world.arrivals(name);
    const auto accepted = std::count_if(arrivals.begin(), arrivals.end(),
                                        [](const Arrival& a) { return a.accepted != Instant{}; });
    const int wrong = out_of_order(arrivals, places);
    sinks[name] = {{"enqueued", places.size()},   {"accepted", accepted}, {"delivered", delivered},
                   {"waiting", waiting},          {"dead", dead},         {"out_of_order", wrong},
                   {"lost", findings - delivered}};
    std::printf(
        "  %-8s enqueued %zu, accepted %td, delivered %d, waiting %d, given up %d, out of "
        "order %d\n",
        name.c_str(), places.size(), accepted, delivered, waiting, dead, wrong);
  }
  return sinks;
}

Json flood(const fs::path& root, const Options& options) {
  constexpr int posts = 20;
  const int feeds = options.findings / posts;
  const int total = feeds * posts;
  const Instant start = wall_now() + 15s;
  const Instant end = start + std::chrono::seconds(options.seconds);
  const AlertsWorld world(
      {.feeds = feeds, .posts = posts, .appear = {start, end}, .recovery = end});
  const Scene scene{
      root / "flood", feeds, "5s", {{"good", "20s"}, {"busy", "20s"}, {"hanging", "2s"}}};
  write_scene(scene, world.port());
  Running daemon(scene);
  std::this_thread::sleep_until(start - 2s);
  std::vector<double> memory;
  Instant next = start;
  const Instant patience = end + drain_max;
  Instant good_done{};
  const auto size = static_cast<std::size_t>(total);
  for (;;) {
    const Instant now = wall_now();
    if (now >= next && next <= end) {
      memory.push_back(std::round(daemon.resident_mb() * 10) / 10);
      next += (end - start) / memory_steps;
    }
    if (good_done == Instant{} && world.accepted("good") == size) good_done = now;
    const bool all = std::all_of(scene.sinks.begin(), scene.sinks.end(), [&](const auto& sink) {
      return world.accepted(sink.first) == size;
    });
    if ((all && next > end) || now > patience) break;
    std::this_thread::sleep_for(200ms);
  }
  const Instant drained = wall_now();
  std::this_thread::sleep_for(3s);  // what is under way is recorded
  const double last = daemon.resident_mb();
  daemon.stop();
  std::printf("%d findings within %d s to three sinks; one answers 429 and one hangs until then:\n",
              total, options.seconds);
  Json sinks = told(scene, world, total);
  const auto after = [&](Instant t) { return static_cast<double>((t - end).count()) / 1000; };
  const double each = growth_of_each(memory, total);
  std::printf(
      "  the good sink had all %.1f s after the last post, all three %.1f s after it\n"
      "  resident memory meanwhile, MB: %s; at the end %.1f\n"
      "  a finding of the second half added %.2f KB\n",
      after(good_done), after(drained), Json(memory).dump().c_str(), last, each);
  return {{"findings", total},
          {"sinks", std::move(sinks)},
          {"good_done_after_s", after(good_done)},
          {"all_done_after_s", after(drained)},
          {"resident_mb", memory},
          {"growth_kb_of_each", each},
          {"resident_mb_end", last}};
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json")
      options.json = true;
    else if (word == "--findings" && i + 1 < argc)
      options.findings = std::atoi(argv[++i]);
    else if (word == "--seconds" && i + 1 < argc)
      options.seconds = std::atoi(argv[++i]);
    else
      throw std::runtime_error("usage: bench_alerts [--json] [--findings N] [--seconds N]");
  }
  if (options.findings < 20 || options.seconds < 1)
    throw std::runtime_error("at least 20 findings and a second");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    const fs::path root =
        fs::temp_directory_path() / ("pledgewatch-alerts-" + std::to_string(getpid()));
    Json result = {{"latency", latency(root)}};
    result["flood"] = flood(root, options);
    fs::remove_all(root);
    if (options.json) std::printf("%s\n", result.dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_alerts: %s\n", error.what());
    return 3;
  }
}
