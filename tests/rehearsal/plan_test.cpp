#include <algorithm>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/plan.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

PlanTerms terms_of(const Population& population) { return PlanTerms{.window = population.window}; }

// One account, one post, ten minutes of window.
struct Case {
  const char* what;
  const char* platform;
  int created_s;  // after the window's start
  int stands_s;   // 0: for good
  Expected expected;
};

Population lone(const Case& row) {
  Population population;
  population.window = {at("2026-11-24T12:00:00Z"), at("2026-11-24T12:10:00Z")};
  SimAccount account{.platform = row.platform, .handle = "a"};
  account.actor = "A";
  SimPost post{.id = "1"};
  post.created = population.window.start + std::chrono::seconds(row.created_s);
  post.declared = post.created;
  if (row.stands_s != 0) post.deleted = post.created + std::chrono::seconds(row.stands_s);
  account.posts = {post};
  population.accounts = {account};
  return population;
}

ClaimedFinding claim(const char* platform, const char* handle, const char* post,
                     const char* rule = "posted-during-freeze") {
  return {platform, handle, post, rule};
}

std::string print(const Difference& difference) {
  std::ostringstream out;
  out << difference.matched << " matched";
  for (const auto& one : difference.missed) out << ", missed " << one.post_id;
  for (const auto& one : difference.wrong) out << ", wrong " << one.post_id;
  return out.str();
}

DayPlan small_plan() {
  DayPlan plan{.seed = 1, .window = {at("2026-11-24T12:00:00Z"), at("2026-11-24T12:02:00Z")}};
  PlannedAccount account{"instagram", "lantern.press"};
  account.posts = {{.id = "b", .expected = Expected::breach, .reason = "a post"},
                   {.id = "t", .expected = Expected::tolerated},
                   {.id = "r", .expected = Expected::needs_review},
                   {.id = "u", .expected = Expected::unseen_possible}};
  plan.accounts = {account};
  return plan;
}

}  // namespace

TEST_CASE("an ad is planned by the days of its delivery, whenever it was made") {
  struct Row {
    const char *start, *stop;         // of the ad
    const char *window, *window_end;  // of the pledge
    const char* planned;              // day and expectation of those that are not tolerated
  };
  const Row rows[] = {
      {"2020-07-01T09:00:00Z", "", "2020-07-02T00:00:00Z", "2020-07-04T00:00:00Z",
       "02 breach, 03 breach"},
      {"2020-07-01T09:00:00Z", "2020-07-01T23:59:00Z", "2020-07-02T00:00:00Z",
       "2020-07-04T00:00:00Z", ""},
      {"2020-07-01T09:00:00Z", "2020-07-02T00:01:00Z", "2020-07-02T00:00:00Z",
       "2020-07-04T00:00:00Z", "02 breach"},
      {"2020-07-03T23:59:00Z", "", "2020-07-02T00:00:00Z", "2020-07-04T00:00:00Z", "03 breach"},
      {"2020-07-04T00:00:00Z", "", "2020-07-02T00:00:00Z", "2020-07-04T00:00:00Z", ""},
      // A day that the window has in part is for people; the last one is told of too late.
      {"2020-07-01T09:00:00Z", "", "2020-07-02T04:00:00Z", "2020-07-04T04:00:00Z",
       "02 needs_review, 03 breach, 04 unseen_possible"},
      {"2020-07-04T01:00:00Z", "", "2020-07-02T04:00:00Z", "2020-07-04T04:00:00Z",
       "04 needs_review"},
      {"2020-07-02T09:00:00Z", "2020-07-02T10:00:00Z", "2020-07-02T12:00:00Z",
       "2020-07-02T15:00:00Z", "02 needs_review"},
  };
  for (const Row& row : rows) {
    INFO(row.start << " to " << row.stop << " in " << row.window);
    Population population;
    population.window = {at(row.window), at(row.window_end)};
    SimAccount page{.platform = "facebook_ads", .handle = "1002"};
    page.actor = "A";
    SimPost ad{.id = "7", .surface = Surface::ad, .created = at(row.start)};
    ad.declared = ad.created;
    if (*row.stop != '\0') ad.deleted = at(row.stop);
    page.posts = {ad};
    page.rhythm = Rhythm{.interval = std::chrono::minutes(10),
                         .gap = std::chrono::hours(25),
                         .recovery = std::chrono::hours(2),
                         .block = std::chrono::hours(1),
                         .lag = std::chrono::hours(24)};
    population.accounts = {page};
    PlanTerms terms = terms_of(population);
    terms.surfaces = SurfaceSet{Surface::ad};
    const DayPlan plan = plan_of(population, terms);
    std::string planned;
    for (const PlannedPost& post : plan.accounts[0].posts) {
      CHECK(post.id == "7/" + print_rfc3339(post.appeared).substr(0, 10));
      if (post.expected == Expected::tolerated) continue;
      planned += (planned.empty() ? "" : ", ") + print_rfc3339(post.appeared).substr(8, 2) + ' ' +
                 std::string(name_of(post.expected));
    }
    CHECK(planned == row.planned);
    terms.surfaces = SurfaceSet{Surface::post};
    CHECK(count(plan_of(population, terms), Expected::tolerated) ==
          static_cast<int>(plan.accounts[0].posts.size()));
  }
}

TEST_CASE("what can be promised of a post follows from where it stands and how long") {
  constexpr auto breach = Expected::breach;
  constexpr auto tolerated = Expected::tolerated;
  constexpr auto either = Expected::unseen_possible;
  const Case rows[] = {
      {"inside", "instagram", 300, 0, breach},
      {"inside, without a stamp", "bluesky", 300, 0, breach},
      {"long before", "feed", -60, 0, tolerated},
      {"long after", "feed", 660, 0, tolerated},
      {"just inside", "instagram", 7, 0, breach},
      {"just before", "mastodon", -7, 0, tolerated},
      {"on the edge", "instagram", 1, 0, either},
      {"on the edge, without a stamp", "bluesky", -3, 0, either},
      {"on the far edge", "bluesky", 597, 0, either},
      {"gone at once", "instagram", 300, 1, either},
      {"gone after a while", "instagram", 300, 30, breach},
  };
  for (const Case& row : rows) {
    const Population population = lone(row);
    const SimAccount& account = population.accounts.front();
    INFO(row.what);
    CHECK(name_of(expectation_of(population, terms_of(population), account, account.posts.front())
                      .expected) == name_of(row.expected));
  }
}

TEST_CASE("an outage over the edge takes the promise with it, and a stamp keeps it") {
  for (const char* platform : {"bluesky", "mastodon"}) {
    Population population = lone({"", platform, 560, 0, Expected::breach});
    population.faults = {{FaultKind::outage,
                          {population.window.end - std::chrono::seconds(60),
                           population.window.end + std::chrono::seconds(5)},
                          platform}};
    const SimAccount& account = population.accounts.front();
    const Expected expected =
        expectation_of(population, terms_of(population), account, account.posts.front()).expected;
    CHECK(name_of(expected) ==
          (platform == std::string("mastodon") ? "breach" : "unseen_possible"));
  }
}

TEST_CASE("the demo's day has no post that nobody can promise, but the quick ones and the hidden") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Population population = populate(demo_options(seed));
    const DayPlan plan = plan_of(population, terms_of(population));
    INFO("seed " << seed);
    CHECK(count(plan, Expected::breach) >= 40);
    CHECK(count(plan, Expected::needs_review) == 1);
    CHECK(count(plan, Expected::tolerated) >= 10);
    for (const PlannedAccount& account : plan.accounts) {
      for (const PlannedPost& post : account.posts) {
        if (post.expected != Expected::unseen_possible) continue;
        INFO(account.platform << ' ' << account.handle << ' ' << account.role << ": "
                              << post.reason);
        CHECK((account.role == "quick" || account.role == "hidden"));
      }
    }
  }
}

TEST_CASE("an unlisted video that becomes public inside the window is for people to decide") {
  struct Row {
    const char* platform;
    int declared_s;  // after the window's start
    Expected expected;
  };
  const Row rows[] = {
      {"youtube", 300, Expected::breach},
      {"youtube", 299, Expected::breach},
      {"youtube", -86'400, Expected::needs_review},
      // Who chooses the time has no say in when it appeared.
      {"bluesky", -86'400, Expected::breach},
      {"tumblr", -86'400, Expected::breach},
  };
  for (const Row& row : rows) {
    INFO(row.platform << ' ' << row.declared_s);
    Population population = lone({"", row.platform, 300, 0, row.expected});
    SimAccount& account = population.accounts.front();
    account.posts.front().declared = population.window.start + std::chrono::seconds(row.declared_s);
    CHECK(name_of(expectation_of(population, terms_of(population), account, account.posts.front())
                      .expected) == name_of(row.expected));
  }
}

TEST_CASE("a statement is allowed once for an actor, whatever the accounts") {
  const Population population = populate(demo_options(3));
  const DayPlan plan = plan_of(population, terms_of(population));
  std::map<std::string, std::vector<std::string>> by_role;
  for (const PlannedAccount& account : plan.accounts) {
    for (const PlannedPost& post : account.posts) {
      by_role[account.role].emplace_back(name_of(post.expected));
    }
  }
  for (const std::string& outcome : by_role["statement"]) CHECK(outcome == "tolerated");
  CHECK(by_role["statement"].size() == 4);
  const std::vector<std::string>& twice = by_role["twice"];
  CHECK(std::count(twice.begin(), twice.end(), "breach") == 3);
  CHECK(std::count(twice.begin(), twice.end(), "tolerated") == 3);
}

TEST_CASE("a quote is planned as what it is: a post of one's own, a reblog, or a reply") {
  struct Row {
    const char* platform;
    const char* role;
    const char* surfaces;
    const char* planned;  // of what quotes
  };
  const Row rows[] = {
      {"mastodon", "shares", "post", "post breach"},
      {"bluesky", "shares", "post", "post breach"},
      {"x", "shares", "post", "post breach"},
      {"threads", "shares", "post", "post breach"},
      {"tumblr", "shares", "post", "repost tolerated"},
      {"tumblr", "shares", "repost", "repost breach"},
      {"mastodon", "shares", "reel", "post tolerated"},
      {"mastodon", "replies", "post", "reply tolerated"},
      {"bluesky", "replies", "post", "reply tolerated"},
      {"x", "replies", "reply", "reply breach"},
      {"reddit", "replies", "comment", ""},
      {"telegram", "shares", "post", ""},
  };
  for (const Row& row : rows) {
    INFO(row.platform << ' ' << row.role << " of " << row.surfaces);
    Population population;
    population.window = {at("2026-11-24T12:00:00Z"), at("2026-11-24T12:10:00Z")};
    SimAccount account{.platform = row.platform, .handle = "a", .name = "a", .id = "9"};
    account.actor = "A";
    account.role = row.role;
    population.accounts = {account};
    play(Stage{.seed = 1, .window = population.window}, population.accounts);
    PlanTerms terms = terms_of(population);
    terms.surfaces = SurfaceSet{*parse_surface(row.surfaces)};
    std::string planned;
    for (const SimPost& post : population.accounts[0].posts) {
      if (!post.quotes) continue;
      planned += std::string(name_of(post.surface)) + ' ' +
                 std::string(name_of(
                     expectation_of(population, terms, population.accounts[0], post).expected));
    }
    CHECK(planned == row.planned);
  }
}

TEST_CASE("findings are compared with the plan, no miss and no false one") {
  struct Row {
    std::vector<ClaimedFinding> findings;
    const char* expected;
  };
  const char* p = "instagram";
  const char* h = "lantern.press";
  const Row rows[] = {
      {{claim(p, h, "b"), claim(p, h, "r")}, "2 matched"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, h, "u")}, "2 matched"},
      {{claim(p, "Lantern.PRESS", "b"), claim(p, h, "r")}, "2 matched"},
      {{}, "0 matched, missed b, missed r"},
      {{claim(p, h, "b")}, "1 matched, missed r"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, h, "t")}, "2 matched, wrong t"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, h, "b")}, "2 matched, wrong b"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, h, "x")}, "2 matched, wrong x"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, "other", "b")}, "2 matched, wrong b"},
      {{claim("feed", h, "b"), claim(p, h, "r")}, "1 matched, missed b, wrong b"},
      {{claim(p, h, "b"), claim(p, h, "r"), claim(p, h, "t", "another-rule")}, "2 matched"},
  };
  for (const Row& row : rows) CHECK(print(compare(small_plan(), row.findings)) == row.expected);
}

TEST_CASE("a plan is read back as it was written") {
  const Population population = populate(demo_options(5));
  const DayPlan plan = plan_of(population, terms_of(population));
  const std::string text = print_plan(plan);
  const Result<DayPlan> read = parse_plan(text);
  REQUIRE(read);
  CHECK(read->seed == plan.seed);
  CHECK(read->window == plan.window);
  REQUIRE(read->accounts.size() == plan.accounts.size());
  for (std::size_t i = 0; i < plan.accounts.size(); ++i) {
    REQUIRE(read->accounts[i].posts.size() == plan.accounts[i].posts.size());
    for (std::size_t k = 0; k < plan.accounts[i].posts.size(); ++k) {
      CHECK(read->accounts[i].posts[k].id == plan.accounts[i].posts[k].id);
      CHECK(read->accounts[i].posts[k].expected == plan.accounts[i].posts[k].expected);
    }
  }
  for (std::size_t cut = 0; cut < text.size(); cut += 97) {
    CHECK_FALSE(parse_plan(std::string_view(text).substr(0, cut)));
  }
  for (const char* bad : {"", "[]", "{}", "null", R"({"seed":1,"window":{},"accounts":[]})",
                          R"({"seed":1,"window":{"start":"x","end":"y"},"accounts":[]})",
                          R"({"seed":-1,"window":1,"accounts":[1]})"}) {
    CHECK_FALSE(parse_plan(bad));
  }
}
