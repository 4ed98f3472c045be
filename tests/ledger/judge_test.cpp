#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/ledger/judge.h"
#include "daemon/ledger/scratch_shelf.h"
#include "daemon/ledger/sentence.h"
#include "tests/ledger/day.h"
#include "tests/store/support/temp_folder.h"

namespace {

using namespace pw;

// A day well watched, without its sweeps.
const std::string seen = "look 09:50..20:20/20m;";
const std::string swept = seen + "sweep 21:10; again 44:10;";
const std::string breach = "find f 12:00..12:10;";

struct Row {
  std::string day;
  std::string_view verdict;
};

const Row rows[] = {
    // Well watched: kept, first provisionally.
    {swept, "kept final N=30 D=20 min"},
    {seen + "sweep 21:10", "kept provisional N=30 D=20 min"},
    {seen + "again 44:10", "kept final N=30 D=20 min"},
    // While the window runs, and until the sweep, nothing is concluded.
    {"look 09:50..15:00/20m", "pending"},
    {seen, "pending"},
    {seen + "now 91:59", "pending"},
    {seen + "now 92:00", "unproven N=30 D=20 min: sweep"},
    {"now 12:00", "pending"},
    {"", "pending"},
    // A sweep counts only after the end, and only if it observed.
    {seen + "sweep 19:55; now 92:00", "unproven N=31 D=20 min: sweep"},
    {seen + "look 21:10 truncated; now 92:00", "unproven N=30 D=20 min: sweep"},
    {seen + "sweep 21:10 truncated; now 92:00", "unproven N=30 D=20 min: sweep"},
    {seen + "sweep 21:10 suspect; now 92:00", "unproven N=30 D=20 min: sweep"},
    {seen + "sweep 21:10; again 44:10 rate_limited", "kept provisional N=30 D=20 min"},
    // The longest gap is whole: from the last look inside to the first after.
    {"look 09:50..19:50/20m; sweep 20:20; again 44:10", "kept final N=30 D=30 min"},
    {"look 09:50..19:50/20m; sweep 20:21; again 44:10", "unproven N=30 D=31 min: gap"},
    {"look 09:29; look 10:00..20:20/20m; sweep 21:10; again 44:10", "unproven N=30 D=31 min: gap"},
    {"look 09:50..12:10/20m; look 12:50..20:20/20m; sweep 21:10; again 44:10",
     "unproven N=29 D=40 min: gap"},
    {"look 09:50..12:10/20m; look 12:30 rate_limited; look 12:50..20:20/20m; sweep 21:10; again "
     "44:10",
     "unproven N=29 D=40 min: gap"},
    // Only fresh and unchanged observe.
    {"look 09:50..20:20/20m fresh; sweep 21:10; again 44:10", "kept final N=30 D=20 min"},
    {"look 09:50..20:20/20m stale; sweep 21:10; again 44:10",
     "unproven N=0 D=11 h 11 min: baseline gap"},
    {"look 09:50..20:20/20m suspect; now 92:00", "unproven N=0 D=3 d 10 h: baseline gap end sweep"},
    {"look 09:50..20:20/20m not_visible; now 92:00",
     "unproven N=0 D=3 d 10 h: baseline gap end sweep"},
    {"now 92:00", "unproven N=0 D=3 d 10 h: baseline gap end sweep"},
    // No look before the opening, none after the end.
    {"look 10:00..20:20/20m; sweep 21:10; again 44:10", "unproven N=30 D=20 min: baseline"},
    {"look 09:50..19:50/20m; now 92:00", "unproven N=30 D=3 d 1 h: gap end sweep"},
    // The connector's lag makes every gap longer.
    {"lag 10m;" + swept, "kept final N=30 D=30 min"},
    {"lag 11m;" + swept, "unproven N=30 D=31 min: gap"},
    // What can never be proved is never kept.
    {"unpinned;" + swept, "unproven N=30 D=20 min: identity"},
    {"unpinned; pin 09:00;" + swept, "kept final N=30 D=20 min"},
    {"unpinned; pin 10:05;" + swept, "unproven N=30 D=20 min: identity"},
    {"unproved;" + swept, "unproven N=30 D=20 min: list"},
    {"blind;" + swept, "unproven N=30 D=20 min: surfaces"},
    {"promise 76m;" + swept, "unproven N=30 D=20 min: promise_infeasible"},
    {"promise 0s;" + swept, "unproven N=30 D=20 min: promise_infeasible gap"},
    {"late;" + swept, "unproven N=30 D=20 min: promise_late"},
    {"clock 9000;" + swept, "unproven N=30 D=20 min: clock"},
    {"clock 900;" + swept, "kept final N=30 D=20 min"},
    {"clock -9000;" + swept, "unproven N=30 D=20 min: clock"},
    {"skip 12:00;" + swept + "now 92:00", "unproven N=6 D=3 d 9 h: gap end unreadable sweep"},
    {"skip 12:00; look 12:01 fresh;" + swept, "unproven N=31 D=20 min: unreadable"},
    {"unknown;" + swept, "unproven N=30 D=20 min: log_not_understood"},
    {"unknown;" + breach + "review ann confirmed f; review bob confirmed f;" + swept,
     "unproven N=30 D=20 min: log_not_understood"},
    // An assumed zone asks for the day on all of earth.
    {"assumed;" + swept, "unproven N=33 D=23 h: baseline gap"},
    {"assumed; look 03:50..26:20/20m; sweep 27:10; again 51:00", "kept final N=66 D=20 min"},
    // A breach: pending until two people have spoken.
    {breach + swept, "pending"},
    {breach + "review ann confirmed f open;" + swept, "pending"},
    {breach + "review ann confirmed f; review bob confirmed f;" + swept, "broken"},
    {breach + "review ann confirmed f; review ann confirmed f;" + swept, "pending"},
    {breach + "review ann confirmed f; review bob confirmed f open;" + swept, "pending"},
    {breach + "review ann confirmed f; review bob confirmed f; review bob dismissed f;" + swept,
     "kept final N=30 D=20 min"},
    {breach + "review ann excused f;" + swept, "kept final N=30 D=20 min"},
    {breach + "review ann dismissed f; now 92:00",
     "unproven N=0 D=3 d 10 h: baseline gap end sweep"},
    {breach + "review ann confirmed f; review bob confirmed f", "broken"},
    {breach + "review ann confirmed f; review bob confirmed f; now 13:00", "broken"},
    {breach + swept + "now 99:00", "pending"},
    // What never counts.
    {"find f 12:00..12:10 shadow; review ann confirmed f; review bob confirmed f;" + swept,
     "kept final N=30 D=20 min"},
    {"find f 12:00..12:10 warning;" + swept, "kept final N=30 D=20 min"},
    {"find f 12:00..12:10 note;" + swept, "kept final N=30 D=20 min"},
    {"find f 20:01..20:20; review ann confirmed f; review bob confirmed f;" + swept,
     "kept final N=30 D=20 min"},
    {"find f 19:50..20:10; review ann confirmed f; review bob confirmed f;" + swept, "broken"},
    {"find f 08:00..09:00;" + swept, "kept final N=30 D=20 min"},
    {"review ann confirmed f; review bob confirmed f;" + swept, "kept final N=30 D=20 min"},
    // Exemptions.
    {"exempt 10:00..20:00;", "exempt"},
    {"exempt 10:00..20:00;" + breach + swept, "exempt"},
    {"exempt 10:00..19:00;" + swept, "kept final N=30 D=20 min"},
    {"exempt 11:00..13:00;" + breach + "review ann confirmed f; review bob confirmed f;" + swept,
     "kept final N=30 D=20 min"},
    {"exempt 11:00..12:05;" + breach + "review ann confirmed f; review bob confirmed f;" + swept,
     "unproven N=30 D=20 min: exemption"},
    {"exempt 11:00..13:00 story;" + breach + "review ann confirmed f; review bob confirmed f;" +
         swept,
     "broken"},
    {"exempt 11:00..13:00 story; find f 12:00..12:10 story; review ann confirmed f; review bob "
     "confirmed f;" +
         swept,
     "kept final N=30 D=20 min"},
    {"exempt 10:00..20:00 story;" + swept, "kept final N=30 D=20 min"},
    {"exempt 10:00..20:00 post;" + swept, "exempt"},
    // The platform's word, for the whole window or for a part.
    {"look 09:50..20:20/20m suspended", "unavailable"},
    {"look 09:50..20:20/20m gone", "unavailable"},
    {"look 09:50..20:20/20m protected; sweep 21:10 protected", "unavailable"},
    {"look 09:50..12:10/20m; look 12:30..20:20/20m protected; now 92:00",
     "unproven N=7 D=3 d 8 h: gap end went_away sweep"},
    {"look 09:50..12:10/20m suspended; look 12:30..20:20/20m; sweep 21:10",
     "unproven N=23 D=2 h 31 min: baseline gap went_away"},
    {"look 09:50 suspended; look 20:20 suspended; now 92:00",
     "unproven N=0 D=3 d 10 h: baseline gap end sweep"},
    {"look 10:10..20:20/20m suspended; now 92:00",
     "unproven N=0 D=3 d 10 h: baseline gap end went_away sweep"},
    // Amendments: what was in force at the opening judges.
    {"amend 12:00;" + swept, "kept final N=30 D=20 min"},
    {"amend 09:00 new; look 09:50..20:20/20m; sweep 21:10",
     "unproven N=30 D=20 min: promise_infeasible"},
    {"amend 12:00 new;" + swept, "kept final N=30 D=20 min"},
    {"amend 12:00 gone;" + swept, "withdrawn"},
    {"amend 09:00 gone;" + swept, "withdrawn"},
    {"amend 30:00 gone;" + swept, "kept final N=30 D=20 min"},
    {"rumoured;" + swept, "rumoured"},
};

TEST_CASE("a day has the verdict that its row says") {
  for (const Row& row : rows) {
    INFO(row.day);
    CHECK(verdict_of(row.day) == row.verdict);
  }
}

TEST_CASE("a judge whose books lie in a file says the same") {
  TempFolder folder;
  for (const Row& row : rows) {
    INFO(row.day);
    const Day day = parse_day(row.day);
    auto scratch = Scratch::open(folder.file("scratch"));
    REQUIRE(scratch);
    const Judgement in_file = judge_day(day, std::make_unique<ScratchShelf>(*std::move(scratch)));
    CHECK(print_verdicts(in_file) == print_verdicts(judge_day(day)));
  }
}

std::string sentence(const std::string& day) {
  return sentence_of(judge_day(parse_day(day)).accounts.at(0));
}

TEST_CASE("a verdict's sentence says what was looked for, where, and how well") {
  const std::string about =
      "account instagram:ann in window 2020-09-16 10:00 UTC to 2020-09-16 20:00 UTC";
  const std::string looks = "30 looks, longest gap 20 min; never visible to this connector: story";
  CHECK(sentence(swept) ==
        "no public post on surfaces post by account instagram:ann that stood at least 20 min "
        "appeared in window 2020-09-16 10:00 UTC to 2020-09-16 20:00 UTC; " +
            looks);
  CHECK(sentence("backdatable;" + swept) ==
        sentence(swept) + ", nor a post dated back beyond the list's end");
  CHECK(sentence(seen + "sweep 21:10") ==
        sentence(swept) + " (provisional until the second sweep)");
  CHECK(sentence("look 09:50..15:00/20m") == "nothing seen so far of " + about +
                                                 " on surfaces post; 15 looks, longest gap 20 min; "
                                                 "never visible to this connector: story");
  CHECK(sentence(seen) == "the sweep after the window is still due for " + about + "; " + looks);
  CHECK(sentence(seen + "now 92:00") ==
        "nothing can be said of " + about +
            ": no logged sweep after the window's end read the list back; " + looks);
  CHECK(sentence(breach + swept) == "1 finding of " + about + " awaiting review; " + looks);
  CHECK(sentence(breach + "review ann confirmed f; review bob confirmed f;" + swept) ==
        "1 confirmed breach of the pledge by " + about);
  CHECK(sentence("exempt 10:00..20:00") == "an exemption covers " + about + ": contract");
}

TEST_CASE("a printed span is never shorter than the span") {
  for (const std::int64_t ms :
       {0L, 1L, 999L, 1001L, 59'999L, 60'001L, 3'599'001L, 3'600'001L, 93'784'001L}) {
    const std::string text = print_span_up(Millis{ms});
    CAPTURE(text);
    std::string packed;
    for (const char c : text) {
      if (c != ' ') packed += c;
    }
    if (const std::size_t at = packed.find("min"); at != packed.npos) packed.erase(at + 1, 2);
    REQUIRE(parse_duration(packed));
    CHECK(*parse_duration(packed) >= Millis{ms});
  }
}

TEST_CASE("who joins in mid-window is judged from the first look on") {
  Day day = parse_day("amend 12:00 new;" + swept);
  std::vector<Look> looks;
  for (Entry& entry : day.entries) {
    auto* some = std::get_if<LooksEntry>(&entry);
    if (!some || some->looks[0].effective < *parse_rfc3339("2020-09-16T12:05:00Z")) continue;
    Look look = some->looks[0];
    look.account = 2;
    some->looks.push_back(look);
  }
  const Judgement judgement = judge_day(day);
  REQUIRE(judgement.accounts.size() == 2);
  const AccountVerdict& late = judgement.accounts[1];
  CHECK(late.verdict == Verdict::kept);
  CHECK(late.joined_at == *parse_rfc3339("2020-09-16T12:00:00Z"));
  CHECK(late.judged.start == *parse_rfc3339("2020-09-16T12:10:05Z"));
  CHECK(judgement.amendments.size() == 1);
  CHECK(judgement.amendments[0].who == "bob");
}

TEST_CASE("an actor takes the first verdict that any account has") {
  Day day = parse_day("amend 12:00 new;" + swept);
  const Judgement judgement = judge_day(day);
  REQUIRE(judgement.actors.size() == 1);
  CHECK(judgement.accounts[0].verdict == Verdict::kept);
  CHECK(judgement.accounts[1].verdict == Verdict::pending);
  CHECK(judgement.actors[0].verdict == Verdict::pending);
  CHECK(judgement.actors_by_verdict[static_cast<std::size_t>(Verdict::pending)] == 1);
  CHECK(judgement.actors_judged == 1);
}

// A post that stands from `from` to `to` is caught by a look in between.
bool is_caught(const Day& day, Instant from, Instant to) {
  for (const Entry& entry : day.entries) {
    const auto* looks = std::get_if<LooksEntry>(&entry);
    if (!looks) continue;
    for (const Look& look : looks->looks) {
      if (observes(look.outcome) && look.effective >= from && look.effective < to) return true;
    }
  }
  return false;
}

TEST_CASE("losing looks never makes a printed sentence false, nor kept broken") {
  std::mt19937 random(20200916);
  const Instant start = *parse_rfc3339("2020-09-16T10:00:00Z");
  for (int seed = 0; seed < 400; ++seed) {
    Day day = parse_day("promise 60m; look 09:50..20:20/7m; sweep 21:10; again 44:10");
    const auto lost_in_ten = random() % 10;
    std::erase_if(day.entries, [&](const Entry& entry) {
      return std::holds_alternative<LooksEntry>(entry) && random() % 10 < lost_in_ten;
    });
    day.now = *parse_rfc3339("2020-09-18T00:00:00Z");
    const AccountVerdict v = judge_day(day).accounts.at(0);
    CHECK(v.verdict != Verdict::broken);
    if (v.verdict != Verdict::kept) continue;
    CHECK(v.coverage.longest_gap <= v.gap_max);
    for (int post = 0; post < 50; ++post) {
      const Instant from = start + Millis{static_cast<std::int64_t>(random() % 36'000'000)};
      CHECK(is_caught(day, from, from + v.coverage.longest_gap));
    }
  }
}

TEST_CASE("the same entries give the same bytes") {
  const Day day = parse_day(breach + swept);
  CHECK(print_verdicts(judge_day(day)) == print_verdicts(judge_day(day)));
  CHECK(print_verdicts(judge_day(day)) != print_verdicts(judge_day(parse_day(swept))));
}

}  // namespace
