// From roster files to pledges: one row, one file, what it becomes.
#include <catch2/catch.hpp>

#include "config/roster.h"
#include "tests/config/sample.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

CampaignConfig freeze() {
  CampaignConfig campaign;
  campaign.name = "freeze";
  campaign.windows = {{{2020, 9, 16, 0ms}, {2020, 9, 17, 0ms}, "actor"}};
  campaign.default_zone = "America/New_York";
  campaign.default_zone_given = true;
  campaign.statement.allowed = 1;
  return campaign;
}

std::string print_pledge(const Roster& roster, std::size_t index) {
  constexpr std::array<std::string_view, 4> statuses = {"confirmed", "declared", "rumoured",
                                                        "withdrawn"};
  const Pledge& pledge = roster.pledges[index];
  std::string text = pledge.actor + '|';
  for (const Account& account : roster.accounts) {
    if (account.pledge != index) continue;
    if (!text.ends_with('|')) text += ' ';
    text += print_account(account) + (account.id.empty() ? "" : '#' + account.id);
  }
  text += '|' + std::string(statuses[static_cast<std::size_t>(pledge.status)]) + '|';
  for (const Window& window : pledge.windows)
    text += window.zone + (window.zone_assumed ? "?" : "");
  text += '|' + print_surfaces(pledge.surfaces) + '|' + std::to_string(pledge.statements_allowed);
  if (!pledge.source.empty()) text += "|source " + pledge.source;
  if (!pledge.text_version.empty()) text += "|text " + pledge.text_version;
  for (const Exemption& exemption : pledge.exemptions) {
    text += "|exempt " + print_surfaces(exemption.surfaces) + ' ' +
            print_rfc3339(exemption.span.start) + ".." + print_rfc3339(exemption.span.end) + ' ' +
            exemption.reason;
  }
  return text;
}

// The pledges, one line each, then the issues.
std::string outcome(std::string_view file, std::string_view text,
                    const CampaignConfig& campaign = freeze()) {
  Issues issues;
  std::string out;
  if (const auto rows = read_roster(file, text, issues)) {
    const Roster roster = make_roster(*rows, campaign, sample::connectors, issues);
    for (std::size_t i = 0; i < roster.pledges.size(); ++i) out += print_pledge(roster, i) + '\n';
  }
  return out + sample::print(issues);
}

std::string csv(std::string_view text) { return outcome("r.csv", text); }

}  // namespace

TEST_CASE("every column of a roster reaches the pledge") {
  CHECK(csv("actor,platform,handle,zone,status,source,scope,id,text_version,statements,exemptions\n"
            "Ann Lee,instagram,@ann.lee,Europe/Paris,confirmed,press 2020-09-14,post+reel,178,v2,0,"
            "story 2020-09-16T10:00/2020-09-16T12:00Z: contract with X | "
            "2020-09-16/2020-09-16T01:00: flood warning\n") ==
        "Ann Lee|instagram:ann.lee#178|confirmed|Europe/Paris|post, reel|0|source press 2020-09-14|"
        "text v2|exempt story 2020-09-16T08:00:00.000Z..2020-09-16T12:00:00.000Z contract with X|"
        "exempt  2020-09-15T22:00:00.000Z..2020-09-15T23:00:00.000Z flood warning\n");
}

TEST_CASE("what a roster does not say is the campaign's") {
  CHECK(csv("actor,platform,handle\nAnn,feed,https://a.example/Feed\n") ==
        "Ann|feed:https://a.example/Feed|declared|America/New_York?|post, reel, story|1\n");
}

TEST_CASE(
    "a roster of a hundred thousand rows has all its duplicates told at once, by their lines") {
  std::string text = "actor,platform,handle\n";
  for (int i = 0; i < 100'000; ++i) {
    // Every fifth row repeats the one before it.
    const std::string who = std::to_string(i % 5 == 4 ? i - 1 : i);
    text += "Actor " + std::to_string(i) + ",feed,https://site" + who + ".example/feed\n";
  }
  Issues issues;
  const auto file = read_roster("big.csv", text, issues);
  REQUIRE(file);
  const std::array<std::string_view, 1> platforms{"feed"};
  const Roster roster = make_roster(*file, freeze(), platforms, issues);
  CHECK(roster.accounts.size() == 80'000);
  std::vector<std::string> told;
  for (const Issue& issue : issues) {
    if (issue.level == Issue::Level::error) told.push_back(print_issue(issue));
  }
  // A thousand by their lines, the others by their number.
  REQUIRE(told.size() == 1001);
  CHECK(told[0] ==
        "big.csv:6:14: error: feed:https://site3.example/feed stands twice; first in line 5");
  CHECK(told[999] ==
        "big.csv:5001:17: error: feed:https://site4998.example/feed stands twice; first in line "
        "5000");
  CHECK(told[1000] == "big.csv: error: and 19000 more mistakes");
}
