#include "tests/ledger/sample_report.h"

#include <algorithm>

#include "tests/ledger/day.h"

namespace pw {
namespace {

struct Member {
  std::string actor;
  std::string handle;
  std::string day;
};

const std::string looks = "look 09:50..20:20/20m; sweep 21:10;";

const Member members[] = {
    {"Riverbank Bakery", "riverbank.bakery", looks + "again 44:10"},
    {"Ann \"the Voice\" O'Hara", "ann_o",
     looks + "again 44:10; find a 12:00..12:10; review ann confirmed a; review bob confirmed a"},
    {"Dock Workers' Choir", "dockchoir", looks + "find b 15:00..15:20"},
    {"North Cinema", "northcinema",
     "look 09:50..12:10/20m; look 12:30..14:10/20m rate_limited; look 14:30..17:30/20m; "
     "look 18:30..20:20/20m; sweep 21:10; again 44:10"},
    {"Old Harbour Club", "harbourclub", "look 09:50..20:20/20m suspended"},
    {"City Theatre", "citytheatre", "exempt 10:00..20:00;" + looks},
    {"Mira Sol", "mirasol", "rumoured;"},
    {"Tall Ships Trust", "tallships",
     looks + "again 44:10; find c 13:00..13:10; review ann excused c"},
    // Markup, direction marks, invisible and endless names.
    {"<script>alert(1)</script>\xe2\x80\xae"
     "evil",
     "\"><img src=x onerror=alert(1)>", looks},
    {"=HYPERLINK(\"http://x.example\")", "@SUM(1+1)", looks},
    {std::string(1'000'000, 'W'), "long\xff\0name", looks},
};

void rename(Entry& entry, AccountNumber number) {
  if (auto* e = std::get_if<LooksEntry>(&entry)) {
    for (Look& look : e->looks) look.account = number;
  }
  if (auto* e = std::get_if<PostEntry>(&entry)) e->account = number;
  if (auto* e = std::get_if<FindingEntry>(&entry)) e->finding.account = number;
}

Instant time_of(const Entry& entry) {
  if (const auto* e = std::get_if<LooksEntry>(&entry)) return e->looks[0].received;
  if (const auto* e = std::get_if<PostEntry>(&entry)) return e->appeared.end;
  if (const auto* e = std::get_if<FindingEntry>(&entry)) return e->at;
  if (const auto* e = std::get_if<ReviewEntry>(&entry)) return e->at;
  if (const auto* e = std::get_if<CampaignEntry>(&entry)) return e->at;
  return {};
}

Day sample_day() {
  Day all;
  AccountNumber number = 0;
  for (const Member& member : members) {
    Day day = parse_day(member.day);
    Pledge pledge = day.terms.pledges[0];
    pledge.actor = member.actor;
    pledge.windows[0].zone = "America/New_York";
    AccountTerms account = day.terms.accounts[0];
    account.account.number = ++number;
    account.account.pledge = static_cast<std::uint32_t>(all.terms.pledges.size());
    account.account.handle = member.handle;
    account.blind_spots = "Stories and live broadcasts are never visible through this interface.";
    if (number == 1) all.entries.push_back(day.entries[0]);
    for (std::size_t i = 1; i < day.entries.size(); ++i) {
      rename(day.entries[i], number);
      all.entries.push_back(std::move(day.entries[i]));
    }
    const auto pledges = all.terms.pledges;
    const auto accounts = all.terms.accounts;
    if (number == 1) all.terms = day.terms;
    all.terms.pledges = pledges;
    all.terms.accounts = accounts;
    all.terms.pledges.push_back(std::move(pledge));
    all.terms.accounts.push_back(std::move(account));
  }
  std::get<CampaignEntry>(all.entries[0]).campaign = "harbour-freeze-2020";
  std::get<CampaignEntry>(all.entries[0]).software = "pledgewatch 0.1.0";
  const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
  all.entries.push_back(CampaignEntry{noon,
                                      true,
                                      "bob",
                                      "a rule named the wrong surface",
                                      "harbour-freeze-2020",
                                      "pledgewatch 0.1.0",
                                      sha256("first"),
                                      sha256("rules"),
                                      {}});
  std::stable_sort(all.entries.begin(), all.entries.end(),
                   [](const Entry& a, const Entry& b) { return time_of(a) < time_of(b); });
  return all;
}

FindingRow row_of(const Finding& finding) {
  FindingRow row;
  row.finding = finding;
  row.finding.rule = "posted-during-freeze";
  row.text = "New bread in the window today, come and get it while it is warm.";
  row.url = "https://www.instagram.example/p/" + finding.id + "?a=1&b=2";
  row.claimed_at = finding.appeared.end - Millis{90'000};
  row.finding.summary = "posted a picture during the freeze";
  return row;
}

}  // namespace

ReportInput sample_report() {
  const Day day = sample_day();
  ReportInput input;
  input.judgement = judge_day(day);
  for (const Entry& entry : day.entries) {
    if (const auto* e = std::get_if<FindingEntry>(&entry))
      input.findings.push_back(row_of(e->finding));
    const auto* review = std::get_if<ReviewEntry>(&entry);
    if (!review) continue;
    for (FindingRow& row : input.findings) {
      if (row.finding.id != review->finding) continue;
      row.finding.state = review->state;
      row.reviews.push_back(
          {review->reviewer, review->decision, "seen with my own eyes", review->at});
    }
  }
  FindingRow& last = input.findings.back();
  last.text = "\xe2\x80\xae</blockquote><script>alert(1)</script>";
  last.url = "javascript:alert(1)";
  input.sinks = {{"organisers", 3, 0, 0}, {"chat", 2, 1, 0}};
  input.connectors = {{"instagram", {{"edits", "shown"}, {"sees", "post, reel"}}}};
  input.runs = {{*parse_rfc3339("2020-09-16T08:00:00Z"), "start", ""},
                {*parse_rfc3339("2020-09-17T21:00:00Z"), "stop", "SIGTERM"}};
  input.checkpoint = {"example.org/freeze", day.entries.size(), sha256("root"), {}};
  input.note =
      "example.org/freeze\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n\u2014 "
      "example.org/freeze AAAA\n";
  input.vkey = "example.org/freeze+dabfa279+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  return input;
}

}  // namespace pw
