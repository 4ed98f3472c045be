// A campaign file becomes a Config as it stands.
#include <catch2/catch.hpp>

#include "tests/config/sample.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

// Section 8 of the design, as it stands there.
constexpr std::string_view designed = R"(campaign:
  name: instagram-freeze-2020
  window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: actor }   # or an IANA zone
  default_zone: America/New_York
  grace: 5m
  surfaces: [post, reel, story]
  gap_max: auto          # the longest gap "kept" may have: what the plan can promise, or a tighter value that it can meet
  statement: { allowed: 1, matches: 'post.text.contains("#StopHateForProfit")' }
roster: pledges.csv      # actor,platform,handle,zone,status,source,scope
rules: [ rules/freeze.yaml ]
connectors:
  instagram:
    credentials:           # one per coalition member; budgets add up, a failing one blinds nobody
      - { user_id: "1784…", token: { credential: instagram-a }, budget: 150/h }   # from $CREDENTIALS_DIRECTORY; or token: { file: … }
  mastodon: {}
  bluesky: { stream: jetstream }
  feed: {}
sinks:
  - { name: organisers, type: webhook, url: https://example.org/hook, secret: { file: … }, when: finding.severity == "breach" }
  - { name: chat, type: slack, url: { file: … }, group: { by: actor, wait: 30s } }
review: { publish_needs: 2 }
web: { listen: 127.0.0.1:8420 }
store: /var/lib/pledgewatch   # or postgresql://…
)";

}  // namespace

TEST_CASE("every key of a campaign file reaches its member") {
  const auto [config, issues] = sample::load(sample::campaign(), "etc/c.yaml");
  CHECK(issues == "");
  REQUIRE(config);
  CHECK(config->file == "etc/c.yaml");
  CHECK(config->directory == "etc");
  CHECK(config->roster_file == "etc/pledges.csv");
  CHECK(config->rule_files == std::vector<std::string>{"etc/rules/freeze.yaml"});
  CHECK(config->publish_needs == 3);
  CHECK(config->state_dir == "etc/state");
  CHECK(config->log_dir == "etc/log");
  CHECK(config->log.key_file == "etc/keys/log.key");
  CHECK(config->log.origin == "example.org/freeze");
  CHECK(config->log.checkpoint_every == 30s);
  CHECK(config->http.contact == "mailto:us@example.org");
  CHECK(config->http.deadline == 20s);
  CHECK(config->http.connections_per_host == 4);
  CHECK(config->http.ca_file == "etc/ca.pem");
  CHECK(config->concurrency == 32);
}

TEST_CASE("the campaign's own keys reach their members") {
  const auto [config, issues] = sample::load(sample::campaign());
  REQUIRE(config);
  const CampaignConfig& campaign = config->campaign;
  CHECK(campaign.name == "freeze");
  REQUIRE(campaign.windows.size() == 1);
  CHECK(campaign.windows[0].start == LocalTime{2020, 9, 16, 0ms});
  CHECK(campaign.windows[0].end == LocalTime{2020, 9, 17, 0ms});
  CHECK(campaign.windows[0].zone == "actor");
  CHECK(campaign.default_zone == "America/New_York");
  CHECK(campaign.default_zone_given);
  CHECK(campaign.grace == 5min);
  CHECK(campaign.surfaces == SurfaceSet{Surface::post, Surface::reel, Surface::story});
  CHECK(campaign.gap_max == Millis(20min));
  CHECK(campaign.sweep == 20min);
  CHECK(campaign.sweep_again == 30h);
  CHECK(campaign.closes == 80h);
  CHECK(campaign.statement.allowed == 1);
  REQUIRE(campaign.statement.matches);
  CHECK(campaign.statement.matches->text == R"(post.text.contains("x"))");
  CHECK(campaign.statement.matches->place.line == 11);
  CHECK(campaign.statement.matches->place.column == 38);
}

TEST_CASE("connectors and sinks reach their members, secrets are read") {
  const auto [config, issues] = sample::load(sample::campaign());
  REQUIRE(config);
  REQUIRE(config->connectors.size() == 3);
  const ConnectorConfig& instagram = config->connectors.at("instagram");
  CHECK(instagram.api_version == "v25.0");
  CHECK(instagram.interval == Millis(90s));
  CHECK(instagram.interval_floor == 10s);
  CHECK(instagram.host_budget == 300);
  CHECK(instagram.host_budget_window == 5min);
  CHECK(instagram.pages_max == 7);
  CHECK(instagram.lag == Millis(2min));
  CHECK(instagram.place.line == 15);
  REQUIRE(instagram.credentials.size() == 1);
  const CredentialConfig& credential = instagram.credentials[0];
  CHECK(credential.label == "a");
  CHECK(credential.app == "one");
  CHECK(credential.user_id == "17841");
  CHECK(credential.token.name == "ig-a");
  CHECK(credential.token.value == "value of ig-a");
  CHECK(credential.budget == 150);
  CHECK(credential.budget_window == 1h);
  const ConnectorConfig& mastodon = config->connectors.at("mastodon");
  CHECK(mastodon.base == "http://127.0.0.1:8080/{host}");
  CHECK(mastodon.allowance.hosts == std::vector<std::string>{"127.0.0.1"});
  CHECK(mastodon.allowance.ports == std::vector<std::uint16_t>{8080});
  REQUIRE(config->sinks.size() == 1);
  const SinkConfig& sink = config->sinks[0];
  CHECK(sink.name == "organisers");
  CHECK(sink.type == "webhook");
  CHECK(sink.url.value == "https://example.org/hook");
  REQUIRE(sink.secret);
  CHECK(sink.secret->name == "keys/hook");
  CHECK(sink.secret->value == "value of hook");
  REQUIRE(sink.when);
  CHECK(sink.when->text == R"(finding.severity == "breach")");
  CHECK(sink.when->place.line == 31);
  CHECK(sink.when->place.column == 11);
  CHECK(sink.allowance.ports == std::vector<std::uint16_t>{8443});
  CHECK(sink.timeout == 15s);
}

TEST_CASE("an account's own token needs no user id and is bound to its handle") {
  const auto with = [](std::string_view credential) {
    return sample::load(sample::campaign_with(
        R"({ label: a, app: one, user_id: "17841", token: { credential: ig-a }, budget: 150/h })",
        credential));
  };
  const auto [config, issues] = with(
      "{ account: 'https://www.instagram.com/Riverbank.Bakery/', token: { credential: ig-b }, "
      "app_secret: { credential: app-b }, budget: 200/h }");
  CHECK(issues == "");
  REQUIRE(config);
  const CredentialConfig& own = config->connectors.at("instagram").credentials.at(0);
  CHECK(own.account == "riverbank.bakery");
  CHECK(own.label == "ig-b");
  CHECK(own.user_id == "");
  REQUIRE(own.app_secret);
  CHECK(own.app_secret->value == "value of app-b");
  CHECK_THAT(with("{ account: 'https://www.instagram.com/p/x/', token: { credential: ig-b }, "
                  "budget: 200/h }")
                 .issues,
             Catch::Contains("is not the address of a profile on instagram"));
}

TEST_CASE("the design's campaign file loads as it stands") {
  const auto [config, issues] = sample::load(designed);
  REQUIRE(config);
  CHECK(issues ==
        "c.yaml:14:21: warning: connectors.instagram.credentials[0].user_id: an Instagram user id "
        "is a number, not '1784…'\n");
  CHECK(config->web.listen == "127.0.0.1:8420");
  CHECK(config->web.socket == "/var/lib/pledgewatch/pledgewatch.sock");
  CHECK_FALSE(config->web.open_to_readers);
  CHECK_FALSE(config->campaign.gap_max);
  CHECK(config->connectors.size() == 4);
  CHECK(config->connectors.at("bluesky").stream == "jetstream");
  CHECK(config->connectors.at("instagram").credentials[0].label == "instagram-a");
  CHECK(config->connectors.at("instagram").credentials[0].app == "instagram-a");
  CHECK(config->sinks.size() == 2);
  CHECK(config->sinks[1].type == "slack");
  REQUIRE(config->sinks[1].group);
  CHECK(config->sinks[1].group->by == GroupBy::actor);
  CHECK(config->sinks[1].group->wait == 30s);
  // Where people read, summaries are told unless the file says otherwise.
  CHECK(config->sinks[1].summaries.closing);
  CHECK_FALSE(config->sinks[0].summaries.opening);
  CHECK(config->state_dir == "/var/lib/pledgewatch");
  CHECK(config->log_dir == "/var/lib/pledgewatch/log");
  CHECK(config->log.key_file == "/var/lib/pledgewatch/log.key");
  CHECK(config->log.origin == "pledgewatch/instagram-freeze-2020");
}

TEST_CASE("mail, a program, and how often each is told") {
  const auto [config, issues] = sample::load(sample::campaign_with("review:", R"(  - name: mail
    type: email
    url: smtp://mail.example.org:2525
    allow_ports: [2525]
    from: Freeze Desk <desk@example.org>
    to: [ Ana <ana@example.org>, ben@example.net ]
    user: desk
    secret: { file: password }
    group: { by: window, wait: 1m, interval: 10m }
    flood: 30/h
    repeat: 4h
    summaries: [opening, closing]
  - { name: siren, type: exec, command: [/usr/local/bin/siren, --loud], timeout: 5s }
  - { name: quiet, type: ntfy, url: "https://ntfy.example/x", summaries: none }
allow_exec: true
review:)"));
  CHECK(issues == "");
  REQUIRE(config);
  const SinkConfig& mail = config->sinks.at(1);
  CHECK(mail.url.value == "smtp://mail.example.org:2525");
  CHECK(mail.allowance.ports == std::vector<std::uint16_t>{2525});
  CHECK(mail.from == "Freeze Desk <desk@example.org>");
  CHECK(mail.to == std::vector<std::string>{"Ana <ana@example.org>", "ben@example.net"});
  CHECK(mail.user == "desk");
  CHECK(mail.secret->value == "value of password");
  REQUIRE(mail.group);
  CHECK(mail.group->by == GroupBy::window);
  CHECK(mail.group->interval == 10min);
  REQUIRE(mail.flood);
  CHECK(mail.flood->messages == 30);
  CHECK(mail.flood->span == 1h);
  CHECK(mail.repeat == Millis(4h));
  CHECK(mail.summaries.opening);
  CHECK_FALSE(mail.summaries.hourly);
  CHECK(config->allow_exec);
  CHECK(config->sinks.at(2).command == std::vector<std::string>{"/usr/local/bin/siren", "--loud"});
  CHECK_FALSE(config->sinks.at(3).summaries.opening);
}

TEST_CASE("a condition's place is its first word, however it is written") {
  const auto place = [](std::string_view when) {
    const auto loaded = sample::load(sample::campaign_with("finding.severity == \"breach\"", when));
    REQUIRE(loaded.config);
    const Placed& placed = *loaded.config->sinks[0].when;
    return std::to_string(placed.place.line) + ':' + std::to_string(placed.place.column) + ' ' +
           placed.text;
  };
  CHECK(place("true") == "31:11 true");
  CHECK(place("'true'") == "31:12 true");
  CHECK(place("\"true\"") == "31:12 true");
  CHECK(place("|\n      true\n      && x") == "32:7 true\n&& x\n");
  CHECK(place(">-\n        true\n        && x") == "32:9 true && x");
}

TEST_CASE("several windows, a single rule file and defaults are read") {
  const auto loaded = sample::load(R"(
campaign:
  name: Football Weekend +
  windows:
    - { start: 2021-04-30T15:00, end: 2021-05-03T24:00, zone: Europe/London }
    - { start: 2021-05-07, end: 2021-05-08, zone: Europe/London }
  surfaces: post
roster: /srv/pledges.csv
rules: freeze.yaml
connectors: { feed: }
store: /srv/state/
)");
  CHECK(loaded.issues == "");
  REQUIRE(loaded.config);
  const Config& config = *loaded.config;
  CHECK(config.campaign.windows.size() == 2);
  CHECK(config.campaign.windows[0].end == LocalTime{2021, 5, 3, 24h});
  CHECK(config.campaign.surfaces == SurfaceSet{Surface::post});
  CHECK(config.rule_files == std::vector<std::string>{"freeze.yaml"});
  CHECK(config.roster_file == "/srv/pledges.csv");
  CHECK(config.log_dir == "/srv/state/log");
  CHECK(config.log.origin == "pledgewatch/Football-Weekend--");
  CHECK(config.connectors.contains("feed"));
  CHECK_FALSE(config.campaign.default_zone_given);
}

TEST_CASE("white space at a secret's end is cut, and eight bytes suffice") {
  const auto loaded = sample::load(sample::campaign_with("keys/hook", "keys/eight"));
  REQUIRE(loaded.config);
  CHECK(loaded.config->sinks[0].secret->value == "12345678");
}

TEST_CASE("a sink's address may be a secret") {
  const auto loaded =
      sample::load(sample::campaign_with("https://example.org/hook", "{ credential: url }"));
  REQUIRE(loaded.config);
  CHECK(loaded.config->sinks[0].url.value == "https://hooks.example.org/T0/B0");
}

TEST_CASE("a hub needs the address at which it reaches us") {
  constexpr std::array<std::string_view, 2> known = {"feed", "youtube"};
  const std::pair<const char*, const char*> rows[] = {
      {"{ callback: \"https://watch.example/hub/\" }", ""},
      {"{ callback: \"https://watch.example/hub\", hub: \"https://hub.example/s\" }", ""},
      {"{ hub: \"https://hub.example/s\" }",
       "c.yaml:7:32: error: connectors.youtube.hub: has no meaning without callback: the address "
       "at "
       "which it reaches us\n"},
      {"{ callback: \"watch.example/hub\" }",
       "c.yaml:7:37: error: connectors.youtube.callback: expected an http or https address, got "
       "'watch.example/hub'\n"},
      {"{ callback: \"https://a.example/hub?x=1\" }",
       "c.yaml:7:37: error: connectors.youtube.callback: must have neither query nor fragment\n"},
  };
  for (const auto& [youtube, expected] : rows) {
    INFO(youtube);
    Issues issues;
    const auto config = load_config("c.yaml", R"(
campaign:
  name: freeze
  window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: UTC }
roster: pledges.csv
rules: freeze.yaml
connectors: { youtube: )" + std::string(youtube) + " }\nstore: state\n",
                                    sample::read_secret, known, issues);
    CHECK(sample::print(issues) == expected);
    CHECK(config.has_value() == std::string_view(expected).empty());
    if (config) CHECK(config->connectors.at("youtube").callback == "https://watch.example/hub");
  }
}

TEST_CASE("X's webhook takes an https address without a port, and one app's secret") {
  constexpr std::array<std::string_view, 2> known = {"feed", "x"};
  const std::string plain = "{ token: { file: keys/t }, budget: 1/h }";
  const std::string one =
      "{ token: { file: keys/u }, app_secret: { file: keys/app }, budget: 1/h }";
  const std::string two =
      "{ token: { file: keys/v }, app_secret: { file: keys/app }, budget: 1/h }";
  const std::string place = "c.yaml:7:31: error: connectors.x.callback: ";
  const std::tuple<std::string, std::string, std::string> rows[] = {
      {"https://watch.example/hub/", one, ""},
      {"https://watch.example/hub", plain + ", " + one, ""},
      {"http://watch.example/hub", one,
       place + "X calls https addresses without a port alone, not 'http://watch.example/hub'\n"},
      {"https://watch.example:8443/hub", one,
       place + "X calls https addresses without a port alone, not "
               "'https://watch.example:8443/hub'\n"},
      {"https://[2001:db8::1]/hub", one,
       place + "X calls https addresses without a port alone, not 'https://[2001:db8::1]/hub'\n"},
      {"https://watch.example/hub", plain,
       place + "needs app_secret under a credential: X's consumer secret, with which it signs what "
               "it tells\n"},
      {"https://watch.example/hub", one + ", " + two,
       place + "takes one app: app_secret stands under several credentials\n"},
      {"https://watch.example/hub?x=1", one, place + "must have neither query nor fragment\n"},
  };
  for (const auto& [address, credentials, expected] : rows) {
    INFO(address << ' ' << credentials);
    Issues issues;
    const auto config = load_config("c.yaml",
                                    R"(
campaign:
  name: freeze
  window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: UTC }
roster: pledges.csv
rules: freeze.yaml
connectors: { x: { callback: ")" + address +
                                        "\", attest: \"with X's approval of 3 March\", " +
                                        "credentials: [ " + credentials + " ] } }\nstore: s\n",
                                    sample::read_secret, known, issues);
    CHECK(sample::print(issues) == expected);
    CHECK(config.has_value() == expected.empty());
    if (!config) continue;
    CHECK(config->connectors.at("x").callback == "https://watch.example/hub");
    CHECK(config->connectors.at("x").credentials.back().app_secret->value == "value of app");
  }
}

TEST_CASE("checkpoints are stamped where an address says so, alone or with its details") {
  const auto plain = sample::load(sample::campaign_with(
      "checkpoint_every: 30s", "checkpoint_every: 30s, stamp: https://tsa.example.org/"));
  CHECK(plain.issues.empty());
  REQUIRE(plain.config);
  REQUIRE(plain.config->log.stamp);
  CHECK(plain.config->log.stamp->url.value == "https://tsa.example.org/");
  CHECK(plain.config->log.stamp->every == 1h);
  const auto full = sample::load(sample::campaign_with(
      "checkpoint_every: 30s",
      "checkpoint_every: 30s, stamp: { url: http://127.0.0.1:8318, every: 20m, allow_hosts: "
      "[127.0.0.1], allow_ports: [8318] }"));
  CHECK(full.issues.empty());
  REQUIRE(full.config);
  CHECK(full.config->log.stamp->every == 20min);
  CHECK(full.config->log.stamp->allowance.ports == std::vector<std::uint16_t>{8318});
}

TEST_CASE("canaries are accounts with a schedule") {
  const auto loaded = sample::load(sample::campaign_with(
      "concurrency: 32",
      "concurrency: 32\ncanaries: [ { account: \"mastodon:a@b.example\", every: 30m } ]"));
  CHECK(loaded.issues.empty());
  REQUIRE(loaded.config);
  REQUIRE(loaded.config->canaries.size() == 1);
  CHECK(loaded.config->canaries[0].account == "mastodon:a@b.example");
  CHECK(loaded.config->canaries[0].every == 30min);
}
