#include "tests/app/support/campaign.h"

#include <stdexcept>

#include "connectors/registry.h"

namespace pw::test {

namespace asio = boost::asio;

namespace {

constexpr std::string_view pack_text = R"(rules:
  - name: posted-during-freeze
    when: pledge.window.covers(post.appeared) && post.surface in pledge.surfaces
    severity: breach
    summary: "${actor.name} posted a ${post.surface} on ${account.platform}"
)";

std::string rss(const std::vector<FeedPost>& posts, Instant now) {
  std::string items;
  for (auto post = posts.rbegin(); post != posts.rend(); ++post) {
    if (now < post->from || now >= post->to) continue;
    items += "<item><guid isPermaLink=\"false\">" + post->id + "</guid><title>" +
             (post->text.empty() ? post->id : post->text) + "</title></item>";
  }
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title>" + items +
         "</channel></rss>";
}

}  // namespace

std::string feed_url(int i) { return "https://feeds.example/" + std::to_string(i); }

asio::awaitable<Result<Done>> FeedWorld::fetch(const HttpRequest& request, HttpResponse& response) {
  ++fetches;
  if (auto error = on_fetch(request)) co_return *std::move(error);
  if (request.url == hangs) co_await clock_.sleep_until(clock_.now() + std::chrono::hours(24));
  co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds(120));
  response.headers.clear();
  response.body.clear();
  response.received = clock_.now();
  response.final_url = request.url;
  response.headers.add("Date", print_http_date(clock_.now()));
  if (request.method == "POST") {
    response.status = on_hook(request);
    response.body = on_body(request);
    co_return Done{};
  }
  if (auto answer = on_get(request)) {
    answer->received = clock_.now();
    response = *std::move(answer);
    co_return Done{};
  }
  const auto feed = feeds.find(request.url);
  response.status = feed == feeds.end() ? 404 : 200;
  if (feed != feeds.end()) response.body = rss(feed->second, clock_.now());
  co_return Done{};
}

Setup small_campaign(const std::string& folder, int accounts, Interval window) {
  Setup setup;
  Config& config = setup.config;
  config.file = "campaign.yaml";
  config.campaign.name = "small";
  config.campaign.sweep = std::chrono::minutes(2);
  config.campaign.sweep_again = std::chrono::minutes(5);
  config.campaign.closes = std::chrono::minutes(10);
  config.state_dir = folder + "/state";
  config.log_dir = folder + "/log";
  config.log.origin = "pledgewatch/small";
  config.log.key_file = folder + "/log.key";
  config.concurrency = 4;
  ConnectorConfig feed;
  feed.name = "feed";
  feed.interval = std::chrono::minutes(1);
  feed.interval_floor = std::chrono::minutes(1);
  feed.lag = Millis{0};
  SinkConfig sink;
  sink.name = "organisers";
  sink.type = "webhook";
  sink.url = {"hook", "https://hooks.example/finding"};
  sink.secret = Secret{"secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  config.sinks.push_back(sink);
  setup.sink_conditions.emplace_back();
  for (int i = 0; i < accounts; ++i) {
    Pledge pledge;
    pledge.actor = "Actor " + std::to_string(i);
    pledge.status = PledgeStatus::confirmed;
    pledge.surfaces = {Surface::post};
    pledge.windows.push_back({window, window, window, "UTC", false, Millis{0}});
    setup.roster.pledges.push_back(std::move(pledge));
    Account account;
    account.pledge = static_cast<std::uint32_t>(i);
    account.platform = "feed";
    account.handle = feed_url(i);
    setup.roster.accounts.push_back(std::move(account));
  }
  ConnectorSettings settings;
  settings.lag = Millis{0};
  settings.interval_floor = feed.interval_floor;
  setup.connectors.emplace("feed", make_connector("feed", settings));
  config.connectors.emplace("feed", std::move(feed));
  Issues issues;
  setup.packs_text = pack_text;
  auto pack = load_pack("small.yaml", pack_text, issues);
  if (!pack) throw std::runtime_error(print_issue(issues.front()));
  setup.packs.push_back(*std::move(pack));
  setup.plan = plan_campaign(config, setup.roster, setup.connectors);
  return setup;
}

}  // namespace pw::test
