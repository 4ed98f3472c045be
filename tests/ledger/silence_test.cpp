// Whether silence means something: habit, outages, canaries.
#include <catch2/catch.hpp>

#include "daemon/ledger/habit.h"
#include "daemon/ledger/judge.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/sentence.h"

namespace {

using namespace pw;
using namespace std::chrono_literals;

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const Interval window{noon, noon + 10h};
constexpr Millis day = 24h;

struct Was {
  double days_ago;
  Surface surface = Surface::post;
  bool pinned = false;
};

std::vector<Post> list_of(const std::vector<Was>& posts) {
  std::vector<Post> list;
  for (const Was& was : posts) {
    Post& post = list.emplace_back();
    post.id = std::to_string(list.size());
    post.surface = was.surface;
    post.pinned = was.pinned;
    post.claimed_at = noon - Millis{static_cast<std::int64_t>(was.days_ago * 86'400'000)};
  }
  return list;
}

HabitEntry habit_of_list(const std::vector<Post>& posts) {
  std::vector<const Post*> list;
  for (const Post& post : posts) list.push_back(&post);
  return habit_of(1, list, {Surface::post}, day, noon);
}

struct HabitRow {
  std::string name;
  std::vector<Was> posts;
  std::string says;
};

const std::vector<HabitRow> habits = {
    {"no list, no habit", {}, "0 of 0"},
    {"whole days only, as far as the list reaches", {{0.5}, {2.5}, {4.2}}, "2 of 4"},
    {"a list that ends within a day says nothing", {{0.1}, {0.2}, {0.9}}, "0 of 0"},
    {"somebody who posts daily is never silent", {{0.5}, {1.5}, {2.5}, {3.5}}, "0 of 3"},
    {"two posts on one day are one day", {{0.5}, {0.6}, {3.0}}, "1 of 3"},
    {"what is not pledged does not count, but shows how far the list reaches",
     {{0.5, Surface::story}, {1.5}, {4.0, Surface::story}},
     "3 of 4"},
    {"a pinned post from long ago does not stretch the list",
     {{0.5}, {3.0}, {300, Surface::post, true}},
     "1 of 3"},
    {"a time after the look is nobody's habit", {{-3.0}, {0.5}, {3.0}}, "1 of 3"},
    {"a span has its first moment and not its last", {{1.0}, {3.0}}, "1 of 3"},
    {"the moment of the look is of no span", {{0.0}, {0.5}, {3.0}}, "1 of 3"},
    {"no more than a year", {{0.5}, {5000}}, "364 of 365"},
};

TEST_CASE("a habit counts the whole spans that the first list can tell of") {
  for (const HabitRow& row : habits) {
    INFO(row.name);
    const HabitEntry habit = habit_of_list(list_of(row.posts));
    CHECK(std::to_string(habit.silent) + " of " + std::to_string(habit.spans) == row.says);
  }
}

TEST_CASE("a post without a time leaves the habit unknown") {
  auto list = list_of({{0.5}, {2.5}, {4.2}});
  list[1].claimed_at.reset();
  CHECK(habit_of_list(list).spans == 0);
  list[1].server_at = noon - 2 * day;
  CHECK(habit_of_list(list).spans == 4);
}

// Looks at `looks` accounts in each of the five-minute steps from `from` on.
void look(OutageBook& book, const std::string& connector, int from, int steps, int looks,
          Outcome outcome) {
  for (int step = from; step < from + steps; ++step) {
    for (int i = 0; i < looks; ++i)
      book.add(book.place_of(connector), noon + step * outage_step + Millis{i}, outcome);
  }
}

std::string print(const OutageBook& book) {
  std::string text;
  for (const Outage& o : book.outages()) {
    text += o.connector + ' ' + std::string(name_of(o.kind)) + ' ' +
            std::to_string((o.span.start - noon) / outage_step) + ".." +
            std::to_string((o.span.end - noon) / outage_step) + ' ' + std::to_string(o.blind) +
            '/' + std::to_string(o.looks) + "; ";
  }
  return text;
}

TEST_CASE("most looks of a connector blind together are an outage, told by what others saw") {
  OutageBook book;
  look(book, "mastodon", 0, 12, 10, Outcome::unchanged);
  look(book, "feed", 0, 2, 10, Outcome::unchanged);
  look(book, "feed", 2, 3, 9, Outcome::unreachable);
  look(book, "feed", 2, 3, 1, Outcome::unchanged);
  look(book, "feed", 5, 7, 10, Outcome::fresh);
  CHECK(print(book) == "feed connector 2..5 27/30; ");
}

TEST_CASE("when nobody sees anything it is our fault, and alone nobody can tell") {
  OutageBook both;
  look(both, "mastodon", 0, 4, 10, Outcome::unreachable);
  look(both, "feed", 0, 4, 10, Outcome::rate_limited);
  CHECK(print(both) == "feed everything 0..4 40/40; mastodon everything 0..4 40/40; ");
  OutageBook alone;
  look(alone, "feed", 0, 2, 10, Outcome::unreachable);
  look(alone, "mastodon", 0, 2, 4, Outcome::unchanged);
  CHECK(print(alone) == "feed alone 0..2 20/20; ");
}

TEST_CASE("silence that is seen is no outage, nor are the accounts' own ways to vanish") {
  OutageBook book;
  look(book, "mastodon", 0, 4, 20, Outcome::unchanged);
  look(book, "feed", 0, 4, 20, Outcome::protected_);
  look(book, "x", 0, 4, 20, Outcome::gone);
  look(book, "y", 0, 4, 4, Outcome::unreachable);  // too few to say
  look(book, "z", 0, 4, 7, Outcome::unreachable);  // not most of them
  look(book, "z", 0, 4, 3, Outcome::unchanged);
  CHECK(print(book).empty());
}

struct CanaryRow {
  std::string name;
  std::vector<int> shown;  // minutes after the window's start
  int until;
  std::string missed;
};

const std::vector<CanaryRow> canaries = {
    {"each hour's post shows within ten minutes",
     {-20, 45, 110, 175, 240, 305, 370, 435, 500, 565},
     600,
     ""},
    {"one that came late is no miss", {-20, 45, 115, 180, 245, 310, 375, 440, 505, 570}, 600, ""},
    {"one that is missing blinds since the last that showed",
     {-20, 45, 110, 300, 365, 430, 495, 560},
     600,
     "110..300"},
    {"none at all blinds everything", {}, 600, "0..600"},
    {"the last ones are missing", {-20, 45, 110, 175, 240, 305, 370}, 600, "370..600"},
    {"what lies ahead is not missing yet", {-20, 45, 110}, 130, ""},
    {"one that was owed before the window blinds its beginning",
     {-200, 40, 100, 160, 220, 280, 340, 400, 460, 520, 580},
     600,
     "0..40"},
    {"a window not begun has nothing missing", {}, -60, ""},
};

TEST_CASE("a canary's missed posts are the spans in which its connector is not believed") {
  for (const CanaryRow& row : canaries) {
    INFO(row.name);
    std::vector<Instant> shown;
    for (const int minute : row.shown) shown.push_back(noon + minute * 1min);
    std::string text;
    for (const Interval& span :
         missed_posts(shown, window, 60min, 10min, noon + row.until * 1min)) {
      text += (text.empty() ? "" : " ") + std::to_string((span.start - noon) / 1min) + ".." +
              std::to_string((span.end - noon) / 1min);
    }
    CHECK(text == row.missed);
  }
}

// Account 1 is judged, 2 is a canary of its connector that posts each hour.
class Campaign {
 public:
  Campaign() : judge_([this](const Digest&) -> Result<Terms> { return terms(); }) {
    judge_.add(0, CampaignEntry{noon - 2h, false, "", "", "freeze", "test", {}, {}, {}});
    for (AccountNumber number : {1u, 2u}) judge_.add(0, PinEntry{number, {}, noon - 90min});
  }

  // Every minute, from before the window to the second sweep.
  void look_all_day() {
    for (Instant t = noon - 30min; t < noon + 10h + 30min; t += 1min) look_at(t, Purpose::routine);
    look_at(noon + 11h, Purpose::sweep);
    look_at(noon + 34h + 1min, Purpose::sweep_again);
  }
  void sing(int minute) {
    PostEntry post;
    post.account = 2;
    post.post = print_hex(sha256(std::to_string(minute)));
    post.appeared = {noon + minute * 1min - 1min, noon + minute * 1min};
    judge_.add(0, post);
  }
  void add(const Entry& entry) { judge_.add(0, entry); }
  Judgement judge() const { return judge_.judge(noon + 100h); }

 private:
  void look_at(Instant t, Purpose purpose) {
    LooksEntry entry;
    for (AccountNumber number : {1u, 2u}) {
      Look look;
      look.account = number;
      look.outcome = Outcome::unchanged;
      look.purpose = purpose;
      look.effective = look.received = t;
      entry.looks.push_back(look);
    }
    judge_.add(0, entry);
  }

  static Terms terms() {
    Terms t;
    t.campaign = "freeze";
    t.gap_ceiling = 75min;
    t.sweep = 1h;
    t.sweep_again = 24h;
    t.closes = 72h;
    for (AccountNumber number : {1u, 2u}) {
      Pledge pledge;
      pledge.actor = number == 1 ? "Ann" : "Canary";
      pledge.status = PledgeStatus::confirmed;
      pledge.windows = {{window, window, window, "UTC", false, Millis{0}}};
      pledge.surfaces = {Surface::post};
      t.pledges.push_back(pledge);
      AccountTerms account;
      account.account = {number, number - 1, "feed", "a", "host", ""};
      account.gap_max = 30min;
      account.sees = {Surface::post};
      if (number == 2) account.canary = 1h;
      t.accounts.push_back(account);
    }
    return t;
  }

  Judge judge_;
};

TEST_CASE("terms with a canary come back as they were") {
  Terms terms;
  terms.pledges.emplace_back();
  terms.accounts.emplace_back();
  terms.accounts[0].account.number = 1;
  terms.accounts[0].canary = 30min;
  const auto again = decode_terms(encode_terms(terms));
  REQUIRE(again);
  CHECK(again->accounts[0].canary == 30min);
}

TEST_CASE("while the canary sings silence is kept, and the canary itself is in no count") {
  Campaign campaign;
  campaign.look_all_day();
  for (int minute = -30; minute < 630; minute += 60) campaign.sing(minute);
  const Judgement judgement = campaign.judge();
  REQUIRE(judgement.accounts.size() == 1);
  CHECK(judgement.accounts[0].verdict == Verdict::kept);
  CHECK(judgement.actors.size() == 1);
  CHECK(judgement.actors_judged == 1);
}

TEST_CASE("a canary that falls silent makes a gap of the time since it was heard") {
  Campaign campaign;
  campaign.look_all_day();
  for (int minute = -30; minute < 630; minute += 60) {
    if (minute <= 150 || minute >= 390) campaign.sing(minute);
  }
  const Judgement judgement = campaign.judge();
  const AccountVerdict& v = judgement.accounts.at(0);
  CHECK(v.verdict == Verdict::unproven);
  CHECK(v.missing == std::vector<Missing>{Missing::gap, Missing::canary});
  CHECK(v.coverage.longest_gap >= 4h);
  const std::string sentence = sentence_of(v);
  INFO(sentence);
  CHECK(sentence.find("posts that the organisers' own accounts owed did not show on this connector "
                      "(2020-09-16 14:30 UTC to 2020-09-16 18:30 UTC)") != sentence.npos);
}

TEST_CASE("a habit stands in the sentence of what was kept, with its denominator") {
  Campaign campaign;
  campaign.add(HabitEntry{1, {noon - 20 * day, noon - 30min}, 10h, 40, 25, noon - 30min});
  campaign.add(HabitEntry{1, {noon, noon}, 10h, 9, 9, noon});  // a later one changes nothing
  campaign.look_all_day();
  for (int minute = -30; minute < 630; minute += 60) campaign.sing(minute);
  const std::string sentence = sentence_of(campaign.judge().accounts.at(0));
  INFO(sentence);
  CHECK(sentence.ends_with(
      "; before the first look it had been silent for 10 h in 25 of 40 spans, by the times that "
      "its posts name, of those that still stood"));
}

TEST_CASE("an entry of a habit comes back, and no impossible one") {
  const HabitEntry habit{7, {noon - day, noon}, 10h, 2, 1, noon};
  const std::string leaf = encode(habit);
  CHECK(leaf ==
        R"({"account":7,"at":"2020-09-16T12:00:00.000Z","known":["2020-09-15T12:00:00.000Z",)"
        R"("2020-09-16T12:00:00.000Z"],"silent":1,"span_ms":36000000,"spans":2,"type":"habit"})");
  CHECK(decode(leaf));
  std::string wrong = leaf;
  wrong.replace(wrong.find("\"silent\":1"), 10, "\"silent\":3");
  CHECK_FALSE(decode(wrong));
}

TEST_CASE("outages are told on the report's first page") {
  ReportInput input;
  CHECK(print_html(input).find("saw nothing from") == std::string::npos);
  input.judgement.outages.push_back(
      {"mastodon", OutageKind::connector, {noon, noon + 15min}, 27, 30});
  CHECK(print_html(input).find(
            "mastodon saw nothing from 2020-09-16 12:00 UTC to 2020-09-16 12:15 UTC (27 of 30 "
            "looks) while other connectors saw") != std::string::npos);
}

}  // namespace
