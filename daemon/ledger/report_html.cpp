#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "daemon/ledger/report.h"
#include "daemon/ledger/report_sections.h"
#include "daemon/ledger/report_style.h"
#include "daemon/ledger/report_text.h"
#include "daemon/ledger/report_timeline.h"
#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

// A sign beside each word, so that a verdict is told by more than its word.
constexpr std::array<std::string_view, 6> verdict_signs = {"\u2715", "\u2026", "?",
                                                           "\u2013", "\u2713", "\u25cb"};

std::string sign_of(Standing standing, Verdict verdict) {
  const std::string_view sign =
      standing == Standing::judged ? verdict_signs[static_cast<std::size_t>(verdict)] : "\u2013";
  return "<span class=\"sign\" aria-hidden=\"true\">" + std::string(sign) + "</span>";
}

// Sentences are ours and begin with an ASCII letter or a number.
std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string print_head(const ReportInput& input) {
  const Judgement& j = input.judgement;
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         html_text(j.campaign, 60) + ": who kept the pledge</title>\n<style>" +
         std::string(report_style) + "</style>\n</head>\n<body>\n<header>\n<p class=\"label\">" +
         "Compliance report</p>\n<h1>" + html_name(j.campaign) + "</h1>\n<p class=\"soft\">As of " +
         print_utc(j.as_of) + ", made by " + html_name(j.software) + " from a log of " +
         std::to_string(input.checkpoint.size) + " entries.</p>\n</header>\n<main>\n";
}

// A strip of all verdicts, so that the whole is seen before the rows.
std::string print_strip(const Judgement& j) {
  if (j.actors_judged == 0) return "";
  std::string svg =
      "<svg class=\"strip\" viewBox=\"0 0 1000 18\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">";
  double at = 0;
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    const double width = 1000.0 * j.actors_by_verdict[i] / j.actors_judged;
    if (width <= 0) continue;
    svg += "<rect class=\"v-" + std::string(verdict_names[i]) + "\" x=\"" + std::to_string(at) +
           "\" y=\"0\" width=\"" + std::to_string(width) + "\" height=\"18\"/>";
    at += width;
  }
  return svg + "</svg>\n";
}

std::string print_counts(const Judgement& j) {
  std::string html = "<h2>What this says</h2>\n" + print_strip(j) + "<ul class=\"counts\">\n";
  for (const std::string& line : counts_of(j)) html += "<li>" + html_text(line) + "</li>\n";
  html +=
      "</ul>\n<p>A pledge is called <em>kept</em> only on the surfaces that could be seen, and "
      "only within the longest gap between two looks: what stood for a shorter time may have "
      "been missed. Where the looks do not suffice it is <em>unproven</em>, which says nothing "
      "about the person and everything about our sight.</p>\n";
  if (!j.not_understood.empty()) {
    html +=
        "<div class=\"panel warn\"><p>The log holds entries that are not understood; no verdict "
        "can rest on it:</p>\n<ul>\n";
    for (const Remark& remark : j.not_understood) {
      html +=
          "<li>entry " + std::to_string(remark.leaf) + ": " + html_name(remark.text) + "</li>\n";
    }
    html += "</ul></div>\n";
  }
  return html;
}

std::string print_limits() {
  return "<h2>What it does not prove</h2>\n<div class=\"panel\">\n<ul>\n"
         "<li>That what a look reports is what the platform served: no platform signs its answers. "
         "The log shows what was recorded, and that it was not changed since somebody else held a "
         "checkpoint of it.</li>\n"
         "<li>Anything about what is listed as never visible, about accounts that were not "
         "pledged, or about private messages.</li>\n"
         "<li>That a post which appeared and vanished within one gap did not exist.</li>\n"
         "<li>Why somebody was silent. Many accounts are silent on any day.</li>\n"
         "</ul>\n</div>\n";
}

std::string print_amendments(const Judgement& j) {
  std::string html = "<h2>Changes after the campaign was declared</h2>\n";
  if (j.amendments.empty()) return html + "<p>None. What was in force at the opening judges.</p>\n";
  html +=
      "<p>Each was signed into the log. What was in force when a window opened judges it, "
      "whatever was changed later.</p>\n<div class=\"scroll\"><table>\n<thead><tr>"
      "<th scope=\"col\">When</th><th scope=\"col\">Who</th><th scope=\"col\">Why</th>"
      "<th scope=\"col\">What</th></tr></thead>\n<tbody>\n";
  for (const Amendment& a : j.amendments) {
    std::string what;
    for (const auto& [changed, name] :
         {std::pair{a.terms, "roster, windows or promise"}, std::pair{a.rules, "rules"},
          std::pair{a.connectors, "connectors"}}) {
      if (changed) what += (what.empty() ? "" : "; ") + std::string(name);
    }
    html += "<tr><td>" + print_utc(a.at) + "</td><td>" + html_name(a.who) + "</td><td>" +
            html_name(a.why, 1000) + "</td><td>" + (what.empty() ? "nothing" : what) +
            "</td></tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

// Only where somebody did.
std::string print_runs(const Judgement& j) {
  if (j.runs.empty()) return {};
  std::string html =
      "<h2>When alerts were stopped</h2>\n<p>Looking went on, and every finding is below; only "
      "messages were kept back.</p>\n<div class=\"scroll\"><table>\n<thead><tr><th "
      "scope=\"col\">Since</th><th scope=\"col\">Alerts</th><th scope=\"col\">By whom, and "
      "why</th></tr></thead>\n<tbody>\n";
  for (const CampaignRun& run : j.runs) {
    html += "<tr><td>" + print_utc(run.since) + "</td><td>" + std::string(name_of(run.state)) +
            "</td><td>" + html_name(run.detail, 1000) + "</td></tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

// Which file tells of each actor: the report's own (empty) or a page beside it.
using PageOf = std::vector<std::string>;

std::string print_overview(const Judgement& j, const PageOf& page_of) {
  std::string html =
      "<h2>Every pledge on the roster</h2>\n<div class=\"scroll\"><table "
      "class=\"overview\">\n<thead><tr>"
      "<th scope=\"col\">Who</th><th scope=\"col\">What can be said</th>"
      "<th scope=\"col\">Accounts</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < j.actors.size(); ++i) {
    const ActorVerdict& actor = j.actors[i];
    const std::string name = html_name(actor.actor);
    const std::string link = actor.accounts.empty() ? name
                                                    : "<a href=\"" + page_of[i] + "#p" +
                                                          std::to_string(i) + "\">" + name + "</a>";
    html += "<tr><th scope=\"row\">" + link + "</th><td class=\"verdict\">" +
            sign_of(actor.standing, actor.verdict) + ' ' + html_text(headline_of(actor, j)) +
            "</td><td>" + std::to_string(actor.accounts.size()) + "</td></tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string print_window(const AccountVerdict& v) {
  const std::string& zone = v.window.zone;
  std::string html = "<p class=\"soft\">Window: " + html_text(print_in_zone(v.judged.start, zone)) +
                     " to " + html_text(print_in_zone(v.judged.end, zone)) + " (" +
                     html_text(zone) + "), in UTC " + print_utc(v.judged.start) + " to " +
                     print_utc(v.judged.end) + ".";
  if (v.window.zone_assumed) {
    html += " The time zone is assumed, so this is the day of all zones on earth.";
  }
  if (v.joined_at) html += " Joined at " + print_utc(*v.joined_at) + ".";
  if (v.withdrawn_at) html += " Withdrawn at " + print_utc(*v.withdrawn_at) + ".";
  return html + "</p>\n";
}

std::string print_drawing(const AccountVerdict& v, std::span<const FindingRow> findings) {
  std::string html = "<figure>\n" + print_timeline(v, findings) +
                     "<figcaption><span class=\"ends\"><span>" + print_utc(v.judged.start) +
                     "</span><span>" + print_utc(v.judged.end) + "</span></span>" +
                     std::to_string(v.coverage.looks) + " of " +
                     std::to_string(v.coverage.attempts) + " looks saw the account; ";
  if (v.gaps.empty()) {
    html += "no gap was longer than the " + html_text(print_duration(v.gap_max)) + " promised.";
  } else {
    html += std::to_string(v.gaps.size() + v.gaps_more) + " hatched: longer than the " +
            html_text(print_duration(v.gap_max)) + " promised.";
  }
  return html + "</figcaption>\n</figure>\n";
}

std::string print_account_section(const AccountVerdict& v, std::span<const FindingRow> findings) {
  std::string html = "<article>\n<h4>" + html_name(print_account(v.account)) +
                     "</h4>\n<p class=\"verdict\">" + sign_of(v.standing, v.verdict) + ' ' +
                     html_text(headline_of(v)) + "</p>\n<p>" +
                     html_text(capitalised(sentence_of(v)), 4000) + ".</p>\n" + print_window(v);
  if (v.standing == Standing::judged) html += print_drawing(v, findings);
  if (!v.blind_spots.empty()) {
    html += "<p class=\"soft\">What this connector cannot see: " + html_name(v.blind_spots, 1000) +
            "</p>\n";
  }
  return html + print_findings(v, findings) + "</article>\n";
}

// Findings by account, so that a page of thousands is made in one pass.
using FindingIndex = std::map<AccountNumber, std::vector<FindingRow>>;

// Actors [from, to).
std::string print_pledges(const Judgement& j, const FindingIndex& index, std::size_t from,
                          std::size_t to) {
  static const std::vector<FindingRow> none;
  std::string html =
      "<h2>Pledge by pledge</h2>\n" + print_timeline_patterns() +
      "<p class=\"soft\">In the drawings a plain band is watched time, a hatched one "
      "a gap beyond the promise; a filled diamond is a finding that counts or awaits "
      "review, a hollow one was excused or dismissed.</p>\n";
  for (std::size_t i = from; i < to; ++i) {
    if (j.actors[i].accounts.empty()) continue;
    html += "<section id=\"p" + std::to_string(i) + "\">\n<h3>" + html_name(j.actors[i].actor) +
            "</h3>\n";
    for (const std::uint32_t place : j.actors[i].accounts) {
      const AccountVerdict& v = j.accounts[place];
      const auto found = index.find(v.account.number);
      html += print_account_section(v, found == index.end() ? none : found->second);
    }
    html += "</section>\n";
  }
  return html;
}

std::string page_name(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "accounts-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits +
         ".html";
}

std::string back_link() {
  return "<nav aria-label=\"Report\"><a href=\"report.html\">The whole report</a></nav>\n";
}

}  // namespace

std::vector<ReportPage> print_pages(const ReportInput& input, std::size_t per_page) {
  FindingIndex index;
  for (const FindingRow& row : input.findings) index[row.finding.account].push_back(row);
  const Judgement& j = input.judgement;
  const std::string end = "</main>\n</body>\n</html>\n";
  std::vector<ReportPage> pages(1);
  pages[0].name = "report.html";
  PageOf page_of(j.actors.size());
  std::string pledges;
  if (j.accounts.size() <= per_page) {
    pledges = print_pledges(j, index, 0, j.actors.size());
  } else {
    for (std::size_t from = 0; from < j.actors.size();) {
      std::size_t to = from;
      for (std::size_t count = 0; to < j.actors.size() && count < per_page; ++to) {
        count += j.actors[to].accounts.size();
      }
      const std::string name = page_name(pages.size());
      std::fill(page_of.begin() + static_cast<std::ptrdiff_t>(from),
                page_of.begin() + static_cast<std::ptrdiff_t>(to), name);
      pages.push_back({name, print_head(input) + back_link() + print_pledges(j, index, from, to) +
                                 back_link() + end});
      from = to;
    }
  }
  pages[0].html = print_head(input) + print_counts(j) + print_limits() + print_outages(j) +
                  print_amendments(j) + print_runs(j) + print_overview(j, page_of) + pledges +
                  print_deliveries(input) + print_runs(input) + print_how_to_verify(input) + end;
  return pages;
}

std::string print_html(const ReportInput& input) {
  return print_pages(input, std::numeric_limits<std::size_t>::max()).front().html;
}

}  // namespace pw
