#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "daemon/rehearsal/fault_plan.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/platform_form.h"
#include "daemon/rehearsal/random.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

TEST_CASE("the same seed gives the same bytes, another seed gives others") {
  const std::string once = print_population(populate(demo_options(7)));
  CHECK(once == print_population(populate(demo_options(7))));
  CHECK(once != print_population(populate(demo_options(8))));
  // The same on every machine and in every build: a change here changes every
  // recorded seed.
  Dice dice(42);
  CHECK(dice.next() == 13679457532755275413u);
  CHECK(dice.fork("x").between(1, 1000) == Dice(dice).fork("x").between(1, 1000));
}

TEST_CASE("identifiers carry the times that the documents' vectors give") {
  struct Row {
    std::string made;
    std::string expected;
  };
  const Row rows[] = {
      {mint::shortcode(at("2020-09-16T12:00:00Z"), 0).substr(0, 7), "CFMlYkT"},
      {mint::shortcode(at("2026-09-16T14:02:39Z"), 0).substr(0, 4), "DdWd"},
      {mint::snowflake(at("2026-09-16T00:00:00Z"), 0), "117277773004800000"},
      {mint::snowflake(at("2026-09-16T14:03:27.512Z"), 0).substr(0, 13), "1172810896187"},
      {mint::tid(at("2026-09-16T14:03:27.512Z"), 37), "3mvncku2qi237"},
      {mint::tid(at("2026-09-16T00:00:00Z"), 0), "3mvltgmy22222"},
      {mint::tid(at("2026-09-16T14:05:00.25Z"), 512), "3mvncnmiuwkk2"},
      {mint::media_id_in(mint::graph_cursor("17901000000000101")), "17901000000000101"},
      {mint::media_id_in("QVFIUbroken"), ""},
      {mint::media_id_in("other"), ""},
  };
  for (const Row& row : rows) CHECK(row.made == row.expected);
  CHECK(mint::did(5).size() == 32);
  CHECK(mint::did(5) != mint::did(6));
}

TEST_CASE("sixty accounts, and ids that are never given twice") {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    const Population population = populate(demo_options(seed));
    CHECK(population.accounts.size() == 60);
    std::set<std::string> handles, ids;
    std::size_t posts = 0;
    for (const SimAccount& account : population.accounts) {
      handles.insert(account.platform + account.handle);
      for (const SimPost& post : account.posts) ids.insert(account.handle + ' ' + post.id);
      posts += account.posts.size();
      CHECK(
          std::is_sorted(account.posts.begin(), account.posts.end(),
                         [](const SimPost& a, const SimPost& b) { return a.created < b.created; }));
    }
    INFO("seed " << seed);
    CHECK(handles.size() == 60);
    CHECK(ids.size() == posts);
  }
}

TEST_CASE("everything that can go wrong does so on a day of two minutes") {
  const Population population = populate(demo_options(1));
  std::set<FaultKind> kinds;
  for (const Fault& fault : population.faults) {
    kinds.insert(fault.kind);
    CHECK(fault.span.start >= population.window.start);
    CHECK(fault.span.start < population.window.end);
  }
  for (const FaultKind kind :
       {FaultKind::outage, FaultKind::reset, FaultKind::slow, FaultKind::cut, FaultKind::truncated,
        FaultKind::html, FaultKind::garbled, FaultKind::login_redirect, FaultKind::login_page,
        FaultKind::rate_limited, FaultKind::app_limited, FaultKind::token_expired,
        FaultKind::stale}) {
    INFO(name_of(kind));
    CHECK(kinds.contains(kind));
  }
  std::set<std::string> roles;
  for (const SimAccount& account : population.accounts) roles.insert(account.role);
  for (const std::string& role : role_names()) {
    INFO(role);
    // Some are met in rosters alone.
    const bool advertises = role == "runs_on" || role == "stops_late" || role == "pauses";
    CHECK((roles.contains(role) || role == "chatty" || advertises));
  }
}

TEST_CASE("one credential's fault blinds nobody while another is left") {
  const PopulationOptions options = demo_options(1);
  const Population population = populate(options);
  const Fault fault{FaultKind::token_expired,
                    population.window,
                    "instagram",
                    {},
                    {},
                    population.credentials.front().user_id};
  const SimAccount& account = population.accounts.front();
  CHECK(blinded_by(fault, account, population, options.rhythm).empty());
  Population poor = population;
  poor.credentials.resize(1);
  CHECK_FALSE(blinded_by(fault, account, poor, options.rhythm).empty());
}

TEST_CASE("a real roster's accounts get roles of their platforms") {
  PopulationOptions options = demo_options(1);
  options.given = {
      {0, 0, "instagram", "some.body", "", ""},
      {1, 0, "mastodon", "some@social.example", "social.example", ""},
      {2, 1, "bluesky", "did:plc:abcdefghijklmnopqrstuvwx", "", "did:plc:abcdefghijklmnopqrstuvwx"},
      {3, 1, "feed", "https://site.example/rss", "site.example", ""},
      {4, 1, "tumblr", "somebody.tumblr.com", "", ""},
      {5, 1, "facebook", "some.page", "", ""},
      {6, 1, "lemmy", "unknown", "", ""},
      {7, 1, "facebook_ads", "100200300400500", "", ""}};
  const Population population = populate(options);
  REQUIRE(population.accounts.size() == 7);
  CHECK(population.accounts[6].id == "100200300400500");
  CHECK(population.accounts[1].name == "some");
  CHECK(population.accounts[2].id == "did:plc:abcdefghijklmnopqrstuvwx");
  const HttpResponse response =
      ask(population, get("https://site.example/rss"), population.window.start);
  CHECK(response.status == 200);
  CHECK(population.accounts[4].name == "somebody");
  // One host answers for Pages and for Instagram.
  const HttpResponse page =
      ask(population,
          get("https://graph.facebook.com/v25.0/some.page?fields=id&access_token=" +
              population.credentials.front().token),
          population.window.start);
  CHECK(page.status == 200);
  CHECK(page.body.find(population.accounts[5].id) != std::string::npos);
}

TEST_CASE("what everybody says anywhere has a kind and an id that its platform knows") {
  for (const std::string_view platform : played_platforms) {
    INFO(platform);
    PopulationOptions options = demo_options(5);
    for (std::uint32_t i = 0; i < 30; ++i) {
      const std::string name = "person" + std::to_string(i);
      options.given.push_back({i + 1, i, std::string(platform), name, "", ""});
    }
    const Population population = populate(options);
    REQUIRE(population.accounts.size() == 30);
    std::set<std::string> ids;
    std::set<std::string> accounts;
    std::size_t posts = 0;
    for (const SimAccount& account : population.accounts) {
      accounts.insert(account.id);
      CHECK_FALSE(account.posts.empty());
      for (const SimPost& post : account.posts) {
        CHECK(surface_on(platform, post.surface) == post.surface);
        // Telegram numbers the messages of each channel.
        ids.insert(platform == "telegram" ? account.id + post.id : post.id);
        ++posts;
      }
    }
    CHECK(accounts.size() == 30);
    CHECK(ids.size() == posts);
    CHECK(std::any_of(population.faults.begin(), population.faults.end(),
                      [&](const Fault& fault) { return fault.platform == platform; }));
  }
}

TEST_CASE("a fault lasts for a few looks of those it strikes, however slow the others are") {
  PopulationOptions options = demo_options(3);
  options.window = {at("2026-09-16T00:00:00Z"), at("2026-09-17T00:00:00Z")};
  options.faults = false;
  Population population = populate(options);
  const auto paced = [](Millis interval) {
    return Rhythm{interval, 3 * interval, 12 * interval, std::chrono::seconds(62)};
  };
  // By platform; a Mastodon server is looked at as often as its name says.
  const auto interval_at = [](const std::string& platform, const std::string& host) -> Millis {
    if (platform == "instagram") return std::chrono::minutes(10);
    if (platform == "feed") return std::chrono::hours(1);
    if (platform == "mastodon") return std::chrono::minutes(host.size());
    return std::chrono::minutes(1);
  };
  for (SimAccount& account : population.accounts)
    account.rhythm = paced(interval_at(account.platform, account.host));
  Stage stage{options.cast.seed, options.window};
  stage.rhythm = paced(std::chrono::hours(1));
  std::set<std::string> struck;
  for (const Fault& fault : plan_faults(stage, population)) {
    INFO(name_of(fault.kind) << ' ' << fault.platform << ' ' << fault.host << ' ' << fault.handle);
    if (fault.kind == FaultKind::token_expired) continue;  // for good
    const Millis interval = interval_at(fault.platform, fault.host);
    // Met by a look of each, and not by many.
    CHECK(fault.span.length() >= interval);
    CHECK(fault.span.length() <= 3 * interval);
    struck.insert(fault.platform);
    for (const SimAccount& account : population.accounts) {
      const Interval blind = blinded_by(fault, account, population, stage.rhythm);
      if (blind.empty()) continue;
      CHECK(blind.end <= fault.span.end + account.rhythm->recovery + account.rhythm->block);
    }
  }
  CHECK(struck == std::set<std::string>{"bluesky", "feed", "instagram", "mastodon"});
}
