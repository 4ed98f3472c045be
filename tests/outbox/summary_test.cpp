// When a summary is told, and that none says more than the looks support.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/outbox/summary.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant midnight = *parse_rfc3339("2020-09-16T00:00:00Z");
const SummaryTimes day{{midnight, midnight + 3h + 30min}, midnight + 4h, midnight + 76h};

std::string said(std::optional<SummaryMoment> moment) {
  if (!moment) return "nothing";
  const std::string kind(summary_kind_names[static_cast<std::size_t>(moment->kind)]);
  return kind + (moment->hour > 0 ? " " + std::to_string(moment->hour) : "");
}

}  // namespace

TEST_CASE("at the opening, each full hour, after the first sweep and at the close") {
  struct Row {
    Millis at;
    std::string before;  // the latest that has come
    Millis next;         // 0: none
  };
  const Row rows[] = {
      {-1h, "nothing", 0s}, {0s, "opening", 1h},   {59min, "opening", 1h},
      {1h, "hourly 1", 2h}, {3h, "hourly 3", 4h},  {3h + 31min, "hourly 3", 4h},
      {4h, "closing", 76h}, {75h, "closing", 76h}, {76h, "final", 0s},
      {900h, "final", 0s},
  };
  for (const Row& row : rows) {
    INFO(print_duration(row.at));
    CHECK(said(moment_before(day, midnight + row.at)) == row.before);
    const auto next = moment_after(day, midnight + row.at);
    if (row.at < 0s)
      CHECK(next == midnight);
    else if (row.next == 0s)
      CHECK_FALSE(next);
    else
      CHECK(next == midnight + row.next);
  }
  CHECK_FALSE(moment_before(SummaryTimes{}, midnight));
  CHECK_FALSE(moment_after(SummaryTimes{}, midnight));
}

TEST_CASE("the same moment has the same id, another another") {
  const auto id = [](Millis at) { return moment_before(day, midnight + at)->id; };
  CHECK(id(61min) == id(119min));
  CHECK(id(61min) != id(121min));
  CHECK(id(0s) != id(4h));
  SummaryTimes moved = day;
  moved.window.start += 1min;
  CHECK(moment_before(moved, midnight + 1min)->id != id(1min));
}

TEST_CASE("while the window runs nobody is called kept, and every count has its whole") {
  SummaryFacts facts;
  facts.campaign = "freeze";
  facts.window = day.window;
  facts.accounts = 5;
  facts.actors = 4;
  facts.platforms = {{"feed", 5, 1, 3min, 0ms}};
  for (const SummaryKind kind : {SummaryKind::opening, SummaryKind::hourly}) {
    facts.moment.kind = kind;
    const Notice notice = summary_notice(facts);
    CHECK(notice.title.find("kept") == std::string::npos);
    CHECK(notice.title.find("4 of 5 accounts seen") != std::string::npos);
    CHECK(nlohmann::json::parse(summary_body(facts))["data"]["verdicts"].is_null());
  }
  CHECK(summary_notice(facts).title.find("nothing seen so far") != std::string::npos);
  facts.moment.kind = SummaryKind::closing;
  facts.verdicts = SummaryVerdicts{};
  facts.verdicts->judged = 4;
  facts.verdicts->actors = {0, 1, 3, 0, 0, 0};
  facts.verdicts->accounts = 5;
  facts.verdicts->within_promise = 2;
  facts.run = "paused";
  const Notice notice = summary_notice(facts);
  CHECK(notice.title ==
        "freeze is over, so far: kept 0, broken 0, unproven 3, pending 1, exempt 0, "
        "unavailable 0 of 4 actors");
  const std::string text = plain_text(notice);
  CHECK(text.find("Coverage: 2 of 5 accounts without a gap beyond the promise") !=
        std::string::npos);
  CHECK(text.find("Alerts: none: the campaign is paused") != std::string::npos);
  // Nobody kept it: there is nothing that kept would claim.
  CHECK(text.find("Kept claims") == std::string::npos);
}
