// What the board says of coverage: a share only where something was due.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/web/board_model.h"
#include "daemon/web/json_views.h"
#include "daemon/web/metrics.h"
#include "daemon/web/page_board.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

// One account whose window opened at noon, with a promise of five minutes.
struct Seen {
  const char* what;
  Millis now;        // after noon
  Millis last_look;  // that saw, after noon; before the window where negative
  std::uint32_t looks;
  std::uint32_t attempts;
  const char* share;  // as the API has it
  const char* page;
  const char* words;
};

AccountVerdict verdict_of(const Seen& row, AccountNumber number) {
  AccountVerdict v;
  v.account.number = number;
  v.account.platform = "feed";
  v.account.handle = "https://feeds.example/" + std::to_string(number);
  v.judged = {noon, noon + 1h};
  v.gap_max = 5min;
  v.coverage.looks = row.looks;
  v.coverage.attempts = row.attempts;
  if (row.now > 0ms) {
    v.coverage.open = Interval{noon + row.last_look, noon + row.now};
    v.coverage.longest_gap = v.coverage.open->length();
  }
  return v;
}

BoardModel board_of(std::initializer_list<Seen> rows) {
  BoardGrounds grounds;
  grounds.window = {noon, noon + 1h};
  grounds.closes = noon + 2h;
  for (const Seen& row : rows) {
    grounds.now = noon + row.now;
    grounds.judgement.accounts.push_back(
        verdict_of(row, static_cast<AccountNumber>(grounds.judgement.accounts.size() + 1)));
  }
  return make_board(std::move(grounds));
}

std::string share_in(const BoardModel& board) {
  return nlohmann::json::parse(board_json(board, noon, Role::operator_))["coverage"]["share"]
      .dump();
}

std::string figure_on(const BoardModel& board) {
  const std::string html = board_page({}, board, {}, noon);
  const std::string_view mark = "id=\"coverage\">";
  const std::size_t from = html.find(mark) + mark.size();
  return html.substr(from, html.find('<', from) - from);
}

bool starts(const std::string& text, const char* with) { return text.starts_with(with); }

constexpr const char* not_open = "No window is open yet. ";
constexpr const char* not_due =
    "Nothing was due yet: no window has been open for longer than the promised gap of 5 min. ";
constexpr const char* shared =
    "of the accounts' time in their windows so far lies within the promised gap of 5 min. ";

constexpr Seen rows[] = {
    {"before the window", -1min, -2min, 0, 0, "null", "–", not_open},
    {"just joined, never looked at", 3s, 0s, 0, 0, "null", "–", not_due},
    {"looked at before the window alone", 3s, -1min, 0, 0, "null", "–", not_due},
    {"looked at and never seen, within the promise", 5min, 0s, 0, 4, "null", "–", not_due},
    {"never looked at, beyond the promise", 5min + 1s, 0s, 0, 0, "0.0", "0 %", shared},
    {"looked at in vain, beyond the promise", 10min, 0s, 0, 9, "0.0", "0 %", shared},
    {"seen once", 3s, 2s, 1, 1, "1.0", "100 %", shared},
    {"seen, then not for too long", 20min, 10min, 8, 9, "0.5", "50 %", shared},
};

}  // namespace

TEST_CASE("coverage is a share of what was due, and nothing while nothing was") {
  for (const Seen& row : rows) {
    INFO(row.what);
    const BoardModel board = board_of({row});
    CHECK(share_in(board) == row.share);
    CHECK(figure_on(board) == row.page);
    INFO(coverage_words(board.coverage));
    CHECK(starts(coverage_words(board.coverage), row.words));
  }
}

TEST_CASE("an account of which nothing was due raises nobody's share") {
  const Seen in_vain = rows[5];
  Seen joined = rows[1];
  joined.now = in_vain.now;  // the board's one clock
  BoardModel board = board_of({in_vain});
  CHECK(share_in(board) == "0.0");
  AccountVerdict late = verdict_of(joined, 2);
  late.judged.start = noon + joined.now - 3s;
  late.coverage.open = Interval{late.judged.start, noon + joined.now};
  BoardGrounds grounds{.window = {noon, noon + 1h}, .closes = noon + 2h, .now = noon + joined.now};
  grounds.judgement.accounts = {verdict_of(in_vain, 1), late};
  board = make_board(std::move(grounds));
  CHECK(share_in(board) == "0.0");
  CHECK(board.coverage.not_due == 1);
  CHECK(coverage_words(board.coverage)
            .ends_with("not counted yet, since no look at them was due: 1."));
  CHECK(board.coverage.accounts == 2);
}

TEST_CASE("the words say how many looks there were, and the metric is absent with the share") {
  const BoardModel joined = board_of({rows[1]});
  CHECK(coverage_words(joined.coverage) ==
        std::string(not_due) +
            "0 of 0 looks saw their account. 0 of 1 accounts were seen at the last look.");
  const auto ratio_in = [](const BoardModel& board) {
    return print_metrics(board, {}, {}).find("\npledgewatch_coverage_ratio ") != std::string::npos;
  };
  CHECK_FALSE(ratio_in(joined));
  CHECK(ratio_in(board_of({rows[6]})));
}

TEST_CASE("nothing to complain of is not said to be everything seen") {
  const BoardModel before = board_of({{"not looked at yet", -5min, 0ms, 0, 0, "", "", ""}});
  REQUIRE(before.troubles.empty());
  PageContext reader;
  reader.caller.role = Role::reader;
  const std::string page = board_page(reader, before, {}, noon);
  CHECK(page.find("Every account was seen") == page.npos);
  CHECK(page.find("<li class=\"soft\">0 of 1 accounts were seen at the last look.") != page.npos);
}
