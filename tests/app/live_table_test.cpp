#include <catch2/catch.hpp>

#include "daemon/app/live_table.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

Account account(AccountNumber number, std::string platform) {
  Account made;
  made.number = number;
  made.platform = std::move(platform);
  return made;
}

Look look(AccountNumber number, Outcome outcome, Instant at) {
  Look made;
  made.account = number;
  made.outcome = outcome;
  made.effective = at;
  return made;
}

std::string screen(const LiveView& view, int width = 100) {
  std::string text;
  for (const std::string& line : live_table(view, width)) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("the board counts gaps that are still open, and never says kept") {
  Board board;
  board.watch(account(1, "instagram"));
  board.watch(account(2, "instagram"));
  board.heard(look(1, Outcome::fresh, noon));
  board.heard(look(1, Outcome::unchanged, noon + 1min));
  board.heard(look(2, Outcome::refused, noon + 1min));
  const auto rows = board.platforms(noon + 10min);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].accounts == 2);
  CHECK(rows[0].seen == 1);
  CHECK(rows[0].blind == 1);
  CHECK(rows[0].gap_max == 9min);
  const std::string text = screen(
      {"freeze", {noon, noon + 1h}, noon + 10min, noon + 2h, &board, 0, 0, 0, 1234, {}, 0ms});
  CHECK(text.find("nothing seen so far") != std::string::npos);
  CHECK(text.find("kept") == std::string::npos);
  CHECK(text.find("fresh 1, unchanged 1, refused 1") != std::string::npos);
  CHECK(text.find("log 1,234 entries") != std::string::npos);
  CHECK(text.find("open, ends in 50 min") != std::string::npos);
}

TEST_CASE("hostile text cannot leave its line or move the cursor") {
  Board board;
  board.watch(account(1, "feed"));
  Finding finding;
  finding.account = 1;
  finding.summary = "\x1b[2J\r\nEvil " + std::string(500, 'x');
  board.found(finding, noon);
  for (const std::string& line :
       live_table({"c", {noon, noon + 1h}, noon, noon + 2h, &board, 0, 0, 0, 0, {}, 0ms}, 60)) {
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(std::count_if(line.begin(), line.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
          }) <= 60);
  }
}
