// Several accounts looked at with one request: what it saves, and that neither a bad one
// among them nor a change is lost in it.
#include <map>

#include "tests/poll/support/day.h"

using namespace pw;

namespace {

constexpr int people = 12;

std::string page_id(int i) { return std::to_string(100'000'000'000'001 + i); }

SimPost said(const std::string& platform, int who, int serial, Instant at) {
  SimPost made = post(std::uint64_t(who * 1000 + serial), at);
  made.id = mint::media_id(made.serial);
  if (platform == "facebook") made.id = page_id(who) + '_' + made.id;
  if (platform == "facebook_ads") made.surface = Surface::ad;
  return made;
}

std::vector<SimAccount> pages(const std::string& platform, int posts = 5) {
  std::vector<SimAccount> made(people);
  for (int i = 0; i < people; ++i) {
    SimAccount& page = made[static_cast<std::size_t>(i)];
    page.platform = platform;
    page.id = page_id(i);
    page.handle = page.name = platform == "facebook" ? "page." + std::to_string(100 + i) : page.id;
    page.actor = "Page " + std::to_string(i);
    for (int n = 0; n < posts; ++n) {
      page.posts.push_back(said(platform, i, n, noon - 20h - n * 1h));
    }
  }
  return made;
}

std::map<AccountNumber, int> observed_since(const Day& day, Instant since) {
  std::map<AccountNumber, int> count;
  for (const Look& look : day.looks) {
    if (look.received >= since && observes(look.outcome)) ++count[look.account];
  }
  return count;
}

}  // namespace

TEST_CASE("pages looked at together are looked at oftener, with fewer requests") {
  for (const std::string platform : {"facebook", "facebook_ads"}) {
    INFO(platform);
    Day day(pages(platform), 200, {});
    day.population.limits.facebook = 100'000;
    day.pass(20min);
    const std::size_t asked = day.asked.size();
    const Instant since = noon + 20min;
    day.pass(30min);
    // Alone they would have been looked at six times each; an Ad Library's list ends with
    // an empty page.
    const std::size_t requests = day.asked.size() - asked;
    CHECK(requests < people * 6u * (platform == "facebook" ? 1 : 2));
    CHECK(requests > 20);
    const auto looks = observed_since(day, since);
    REQUIRE(looks.size() == people);
    for (const auto& [account, count] : looks) {
      CHECK(count >= 25);
      CHECK(count <= 40);
    }
    for (const Look& look : day.looks) {
      INFO(name_of(look.outcome) << ' ' << look.detail << ' ' << print_rfc3339(look.received));
      CHECK(observes(look.outcome));
    }
  }
}

TEST_CASE("what is new on a page is found by its own look, and stored once") {
  for (const std::string platform : {"facebook", "facebook_ads"}) {
    INFO(platform);
    std::vector<SimAccount> made = pages(platform);
    made[3].posts.push_back(said(platform, 3, 77, noon + 30min));
    const std::string id = made[3].posts.back().id;
    Day day(std::move(made), 200, {});
    day.population.limits.facebook = 100'000;
    day.pass(29min);
    const std::size_t stored = day.stored().size();
    day.pass(3min + 10s);
    std::vector<AccountNumber> everybody;
    for (AccountNumber n = 0; n < people; ++n) everybody.push_back(day.number + n);
    const std::vector<StoredPost> all = *day.store->posts_of(everybody);
    int found = 0;
    for (const StoredPost& one : all) {
      if (!one.post.id.starts_with(id)) continue;
      ++found;
      CHECK_FALSE(one.baseline);
      if (platform == "facebook") CHECK(one.appeared.start >= noon + 28min);
    }
    CHECK(found == 1);
    CHECK(day.stored().size() == stored);
    for (const Look& look : day.looks) CHECK(observes(look.outcome));
  }
}

// Sixty posts are three pages of a Facebook Page's own list, of which the answer about
// several has the first; ten Pages' ads are seven pages that have them mixed.
TEST_CASE("lists of several pages are looked at together as short ones are") {
  for (const std::string platform : {"facebook", "facebook_ads"}) {
    INFO(platform);
    std::vector<SimAccount> made = pages(platform, 60);
    made[3].posts.push_back(said(platform, 3, 77, noon + 65min));
    const std::string id = made[3].posts.back().id;
    Day day(std::move(made), 200, {});
    day.population.limits.facebook = 100'000;
    day.pass(60min);
    const std::size_t asked = day.asked.size();
    const std::size_t stored = day.stored().size();
    day.pass(30min);
    const auto looks = observed_since(day, noon + 60min);
    REQUIRE(looks.size() == people);
    for (const auto& [account, count] : looks) CHECK(count >= 25);
    for (const Look& look : day.looks) {
      INFO(name_of(look.outcome) << ' ' << look.detail << ' ' << print_rfc3339(look.received));
      CHECK(observes(look.outcome));
    }
    CHECK(day.asked.size() - asked < (platform == "facebook" ? 60u : 360u));
    CHECK(day.stored().size() == stored);
    std::vector<AccountNumber> everybody;
    for (AccountNumber n = 0; n < people; ++n) everybody.push_back(day.number + n);
    const std::vector<StoredPost> all = *day.store->posts_of(everybody);
    int found = 0;
    for (const StoredPost& one : all) {
      CHECK_FALSE(one.removed);
      if (!one.post.id.starts_with(id)) continue;
      ++found;
      CHECK_FALSE(one.baseline);
      CHECK(one.first_seen < noon + 68min);
    }
    CHECK(found == 1);
  }
}

TEST_CASE("an ad that comes on two pages of an answer about several is one ad") {
  Day day(pages("facebook_ads", 30), 200,
          {{FaultKind::repeated, {noon + 60min, noon + 90min}, "facebook_ads"}});
  day.population.limits.facebook = 100'000;
  day.pass(60min);
  const std::size_t asked = day.asked.size();
  day.pass(29min);
  // Four pages for ten, and two for the other two.
  CHECK(day.asked.size() - asked < 240);
  for (const auto& [account, count] : observed_since(day, noon + 60min)) CHECK(count >= 20);
  for (const Look& look : day.looks) CHECK(observes(look.outcome));
}

TEST_CASE("an answer about several that leads in a circle is no look at anybody") {
  for (const FaultKind kind : {FaultKind::looped, FaultKind::circled}) {
    INFO(name_of(kind));
    Day day(pages("facebook_ads", 30), 200, {{kind, {noon + 60min, noon + 90min}, "facebook_ads"}});
    day.population.limits.facebook = 100'000;
    day.pass(60min);
    const std::size_t asked = day.asked.size();
    day.pass(29min);
    CHECK(observed_since(day, noon + 61min).empty());
    CHECK(day.asked.size() - asked < 300);
    for (const Look& look : day.looks) {
      if (look.received > noon + 61min) CHECK(look.outcome == Outcome::truncated);
    }
    day.pass(60min);
    CHECK(observed_since(day, noon + 120min).size() == people);
  }
}

TEST_CASE("a page that is not there blinds nobody whom it was asked for with") {
  std::vector<SimAccount> made = pages("facebook");
  made[4].spells.push_back({SpellKind::deleted, {noon + 20min, noon + 50min}, ""});
  Day day(std::move(made), 200, {});
  day.population.limits.facebook = 100'000;
  const AccountNumber bad = day.number + 4;
  day.pass(22min);
  const std::size_t asked = day.asked.size();
  day.pass(27min);
  for (const Look& look : day.looks) {
    if (look.account != bad) CHECK(observes(look.outcome));
    if (look.account == bad && look.received > noon + 22min)
      CHECK(look.outcome == Outcome::not_visible);
  }
  auto looks = observed_since(day, noon + 22min);
  CHECK(looks.size() == people - 1);
  for (const auto& [account, count] : looks) CHECK(count >= 20);
  CHECK(day.asked.size() - asked < people * 6);
  day.pass(60min);
  CHECK(observed_since(day, noon + 80min).size() == people);
}

// Twenty Pages with one request count as twenty, of the platform's budget and of ours.
TEST_CASE("looks together never spend more than the budget that the platform counts") {
  for (const std::string platform : {"facebook", "facebook_ads"}) {
    INFO(platform);
    Day day(pages(platform), 200, {}, {400, 1h});
    day.population.limits.facebook = 400;
    day.pass(110min);
    CHECK(observed_since(day, noon + 95min).size() == people);
    for (const Look& look : day.looks) CHECK(look.outcome != Outcome::rate_limited);
  }
}

TEST_CASE("an answer about several that fails is no look at anybody") {
  for (const FaultKind kind : {FaultKind::truncated, FaultKind::html, FaultKind::rate_limited}) {
    INFO(name_of(kind));
    Day day(pages("facebook_ads"), 200, {{kind, {noon + 20min, noon + 40min}, "facebook_ads"}});
    day.pass(39min);
    const auto looks = observed_since(day, noon + 21min);
    CHECK(looks.empty());
    day.pass(60min);
    CHECK(observed_since(day, noon + 75min).size() == people);
  }
}
