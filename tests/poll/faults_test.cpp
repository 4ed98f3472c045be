// What each fault of a platform makes of the looks that meet it, and that the first
// look after it observes again (platforms-open 12).
#include "tests/poll/support/people.h"

using namespace pw;

namespace {

struct Row {
  FaultKind kind;
  Outcome outcome;  // of every look that begins in it
  const char* platforms;
};

constexpr const char* everybody =
    "instagram mastodon bluesky feed youtube x reddit tiktok tumblr telegram facebook threads "
    "facebook_ads";
constexpr const char* interfaces =
    "instagram mastodon bluesky youtube x reddit tiktok tumblr telegram facebook threads "
    "facebook_ads";
constexpr Row rows[] = {
    {FaultKind::outage, Outcome::unreachable, everybody},
    {FaultKind::internal_error, Outcome::unreachable, everybody},
    {FaultKind::bad_gateway, Outcome::unreachable, everybody},
    {FaultKind::late_gateway, Outcome::unreachable, everybody},
    {FaultKind::reset, Outcome::unreachable, everybody},
    {FaultKind::hang, Outcome::unreachable, everybody},
    {FaultKind::slow, Outcome::unchanged, everybody},
    {FaultKind::cut, Outcome::unreachable, everybody},
    {FaultKind::truncated, Outcome::malformed, interfaces},
    // What came of it is read; what did not is not "nothing".
    {FaultKind::truncated, Outcome::truncated, "feed"},
    {FaultKind::html, Outcome::malformed, everybody},
    {FaultKind::garbled, Outcome::malformed, everybody},
    {FaultKind::bomb, Outcome::malformed, everybody},
    {FaultKind::wrong_charset, Outcome::unchanged, everybody},
    {FaultKind::login_redirect, Outcome::refused, everybody},
    {FaultKind::login_page, Outcome::refused, everybody},
    {FaultKind::blocked, Outcome::refused, everybody},
    // One 404 never says that somebody is gone.
    {FaultKind::missing, Outcome::not_visible, everybody},
    {FaultKind::bare_limit, Outcome::rate_limited, everybody},
    {FaultKind::rate_limited, Outcome::rate_limited, everybody},
    {FaultKind::dated_limit, Outcome::rate_limited, everybody},
    {FaultKind::trickle, Outcome::unreachable, everybody},
    {FaultKind::app_limited, Outcome::rate_limited, "instagram x facebook threads facebook_ads"},
    {FaultKind::token_expired, Outcome::refused,
     "instagram youtube x reddit tiktok tumblr telegram facebook threads facebook_ads"},
    {FaultKind::closed, Outcome::refused, "mastodon bluesky feed x reddit tiktok telegram"},
    {FaultKind::empty, Outcome::malformed, everybody},
    // A cache that says 304 for ever is asked for the whole list once an hour.
    {FaultKind::unmodified, Outcome::unchanged, "mastodon youtube feed"},
    {FaultKind::restamped, Outcome::unchanged, everybody},
    {FaultKind::swelled, Outcome::unchanged, everybody},
    {FaultKind::shuffled, Outcome::unchanged, lists},
    {FaultKind::strange, Outcome::unchanged, lists},
    {FaultKind::doubled, Outcome::unchanged, lists},
    {FaultKind::nextless, Outcome::unchanged, lists},
    {FaultKind::partial, Outcome::unchanged, "x"},
    {FaultKind::post_names, Outcome::unchanged, "x"},
    {FaultKind::midnight_24, Outcome::unchanged, everybody},
    // A second old after a minute and a half of not being older than the last answer.
    {FaultKind::clock_behind, Outcome::unchanged, everybody},
    {FaultKind::clock_ahead, Outcome::unchanged, everybody},
    {FaultKind::cached, Outcome::stale, everybody},
    // Mastodon's list is the answer itself.
    {FaultKind::keyless, Outcome::malformed,
     "instagram youtube x reddit tiktok tumblr telegram facebook threads facebook_ads"},
    {FaultKind::half_unreadable, Outcome::unchanged, lists},
    {FaultKind::emptied, Outcome::suspect,
     "instagram mastodon youtube x reddit tiktok tumblr facebook threads facebook_ads"},
    // A bot that hears nothing may have been let out.
    {FaultKind::emptied, Outcome::not_visible, "telegram"},
    {FaultKind::unreadable, Outcome::malformed,
     "instagram mastodon youtube x reddit tiktok tumblr facebook threads facebook_ads"},
    // An update of a kind that nobody knows is no message that cannot be read.
    {FaultKind::unreadable, Outcome::not_visible, "telegram"},
};

// From five minutes on for ten; the looks in it.
void check_fault(const Row& row, const std::string& platform) {
  INFO(platform << ' ' << name_of(row.kind));
  const Interval span{noon + 5min + 1s, noon + 15min};
  Day day(on(platform), 200, {{row.kind, span, platform}});
  day.pass(5min);
  REQUIRE(day.looks.size() >= 4);
  for (const Look& look : day.looks) CHECK(observes(look.outcome));
  const std::size_t before = day.looks.size();
  day.pass(9min);
  REQUIRE(day.looks.size() > before);
  // A look that began before it, or read with the second's grace of a date, may
  // stand first.
  std::size_t met = 0;
  for (std::size_t i = before; i < day.looks.size(); ++i) {
    met += day.looks[i].outcome == row.outcome ? 1 : 0;
    INFO(name_of(day.looks[i].outcome) << ' ' << day.looks[i].detail);
    CHECK((day.looks[i].outcome == row.outcome || i <= before + 1));
  }
  CHECK(met >= 1);
  const std::size_t posts = day.stored().size();
  day.pass(40min);
  CHECK(observes(day.looks.back().outcome));
  CHECK(day.stored().size() == posts);
  for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
}

}  // namespace

TEST_CASE("a fault makes of looks what its row says, and nothing that outlives it") {
  for (const Row& row : rows) {
    for (const std::string& platform : words(row.platforms)) check_fault(row, platform);
  }
}

TEST_CASE("a quota that is spent is asked for once an hour until it returns") {
  struct {
    const char* platform;
    Millis back;  // after noon: midnight in California in summer and in winter, and in UTC
  } const rows[] = {{"youtube", 19h}, {"youtube", 20h}, {"tiktok", 12h}};
  for (const auto& [platform, back] : rows) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + back};
    Day day(on(platform), 200, {{FaultKind::app_limited, span, platform}});
    day.pass(10min);
    CHECK(day.looks.back().outcome == Outcome::rate_limited);
    const std::size_t before = day.asked.size();
    day.pass(3h);
    CHECK(day.asked.size() <= before + 3);
    CHECK(day.looks.back().outcome == Outcome::rate_limited);
    day.pass(back - 3h - 10min + 61min);
    CHECK(observes(day.looks.back().outcome));
  }
}

TEST_CASE("a credential that is revoked in mid-window blinds nobody while another is left") {
  const Interval rest{noon + 65min, noon + 24h};
  Day day(on("instagram"), 200,
          {{FaultKind::token_expired, rest, "instagram", {}, {}, "17841400000000001"}});
  day.pass(119min);
  Instant observed = day.looks.front().effective;
  int refused = 0;
  for (const Look& look : day.looks) {
    if (look.outcome == Outcome::refused) ++refused;
    if (!observes(look.outcome)) continue;
    CHECK(look.effective - observed <= 3min);
    observed = look.effective;
  }
  CHECK(observed >= noon + 117min);
  CHECK(refused >= 1);
  CHECK(refused <= 6);  // it is asked again ever more rarely
  CHECK(std::any_of(day.journal.begin(), day.journal.end(), [](const std::string& line) {
    return line.find("budget_blocked") != std::string::npos &&
           line.find("credential=a") != std::string::npos;
  }));
}

// It answers so for channels that are there (platforms-open 7.4).
TEST_CASE("a channel's feed that is not found is out of reach, and nobody is gone") {
  for (const FaultKind kind : {FaultKind::missing, FaultKind::internal_error}) {
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on("youtube"), 200, {{kind, span, "youtube"}}, /*anonymous=*/true);
    day.pass(5min);
    CHECK(observes(day.looks.back().outcome));
    day.pass(9min);
    CHECK(day.looks.back().outcome == Outcome::unreachable);
    day.pass(40min);
    CHECK(observes(day.looks.back().outcome));
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("three failures in a row move nothing, and the first look after them observes") {
  Day day(on("mastodon"), 200, {{FaultKind::outage, {noon + 5min, noon + 12min}, "mastodon"}});
  day.pass(4min);
  const std::vector<StoredPost> before = day.stored();
  const AccountState state = day.state();
  day.pass(7min);
  const auto failed = std::count_if(day.looks.begin(), day.looks.end(), [](const Look& look) {
    return look.outcome == Outcome::unreachable;
  });
  CHECK(failed >= 3);
  CHECK(day.state().list_digest == state.list_digest);
  CHECK(day.state().listed == state.listed);
  day.pass(20min);
  CHECK(day.looks.back().outcome == Outcome::unchanged);
  CHECK(day.stored().size() == before.size());
}

TEST_CASE("what an account's own state makes of its looks") {
  struct {
    const char* platform;
    SpellKind kind;
    Outcome outcome;
  } constexpr spells[] = {
      {"x", SpellKind::not_visible, Outcome::protected_},
      {"x", SpellKind::suspended, Outcome::suspended},
      {"x", SpellKind::deleted, Outcome::not_visible},
      {"x", SpellKind::renamed, Outcome::renamed},
      {"youtube", SpellKind::not_visible, Outcome::not_visible},
      {"youtube", SpellKind::deleted, Outcome::not_visible},
      {"reddit", SpellKind::not_visible, Outcome::protected_},
      {"reddit", SpellKind::deleted, Outcome::not_visible},
      {"tumblr", SpellKind::deleted, Outcome::not_visible},
      {"tumblr", SpellKind::renamed, Outcome::renamed},
      {"telegram", SpellKind::not_visible, Outcome::not_visible},
      {"mastodon", SpellKind::renamed, Outcome::renamed},
      {"mastodon", SpellKind::moved, Outcome::renamed},
      {"mastodon", SpellKind::deleted, Outcome::not_visible},
      {"instagram", SpellKind::not_visible, Outcome::not_visible},
      {"feed", SpellKind::not_visible, Outcome::not_visible},
      {"facebook", SpellKind::not_visible, Outcome::not_visible},
      {"facebook", SpellKind::deleted, Outcome::not_visible},
      {"threads", SpellKind::not_visible, Outcome::not_visible},
      {"threads", SpellKind::renamed, Outcome::not_visible},
  };
  for (const auto& row : spells) {
    INFO(row.platform << ' ' << name_of(row.kind));
    SimAccount account = on(row.platform);
    account.spells.push_back({row.kind, {noon + 5min, noon + 15min}, "other_name"});
    Day day(std::move(account));
    day.pass(14min);
    INFO(day.looks.back().detail);
    CHECK(name_of(day.looks.back().outcome) == name_of(row.outcome));
    day.pass(40min);
    CHECK(observes(day.looks.back().outcome));
    for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
  }
}

TEST_CASE("a platform whose clock is behind is covered only until what its clock says") {
  for (const auto& [kind, age] :
       {std::pair{FaultKind::clock_behind, 90s}, {FaultKind::clock_ahead, 0s}}) {
    Day day(on("mastodon"), 200, {{kind, {noon + 5min + 1s, noon + 30min}, "mastodon"}});
    day.pass(29min);
    const Look& look = day.looks.back();
    CHECK(observes(look.outcome));
    const Millis back = std::max<Millis>(age, day.connector->declaration().lag);
    CHECK(look.effective <= look.received - back);
    CHECK(look.effective > look.received - back - 2s);
  }
}

TEST_CASE("an account that its server suspended is told from one that is empty") {
  SimAccount account = on("mastodon");
  account.spells.push_back({SpellKind::suspended, {noon + 5min, noon + 30min}, ""});
  Day day(std::move(account));
  day.pass(20min);
  CHECK(day.looks.back().outcome == Outcome::suspended);
  for (const Look& look : day.looks) CHECK(look.outcome != Outcome::suspect);
  day.pass(30min);
  CHECK(observes(day.looks.back().outcome));
  for (const StoredPost& one : day.stored()) CHECK_FALSE(one.removed);
}

TEST_CASE("who deleted everything is suspect, since an answer without posts proves nothing") {
  SimAccount account = on("mastodon");
  for (SimPost& one : account.posts) one.deleted = noon + 5min;
  Day day(std::move(account));
  day.pass(20min);
  CHECK(day.looks.back().outcome == Outcome::suspect);
}

TEST_CASE("an old answer covers no time after it, however often it comes") {
  for (const char* platform : {"mastodon", "bluesky"}) {
    INFO(platform);
    const Interval span{noon + 5min + 1s, noon + 15min};
    Day day(on(platform), 200, {{FaultKind::stale, span, platform}});
    day.pass(14min);
    for (const Look& look : day.looks) CHECK(look.effective <= span.start + 1s);
    day.pass(10min);
    CHECK(day.looks.back().effective > span.end);
  }
}
