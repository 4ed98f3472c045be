#include <algorithm>

#include "daemon/ledger/sentence.h"
#include "daemon/web/json_text.h"
#include "daemon/web/json_views.h"

namespace pw {
namespace {

Json words_json(const std::vector<ReviewNote>& notes) {
  Json list = Json::array();
  for (const ReviewNote& note : notes) {
    list.push_back({{"reviewer", json_name(note.reviewer)},
                    {"decision", name_of(note.decision)},
                    {"reason", json_text(note.reason)},
                    {"at", print_rfc3339(note.at)}});
  }
  return list;
}

Json notes_json(const std::vector<ReviewNote>& notes) {
  Json list = Json::array();
  for (const ReviewNote& note : notes) {
    list.push_back({{"reviewer", json_name(note.reviewer)},
                    {"text", json_text(note.reason)},
                    {"at", print_rfc3339(note.at)}});
  }
  return list;
}

Json finding_of(const FindingModel& f) {
  const ReviewStanding standing = standing_of(f);
  return {{"id", json_name(f.finding.id)},
          {"account", f.finding.account},
          {"actor", json_name(f.actor)},
          {"platform", json_name(f.platform)},
          {"handle", json_name(f.handle)},
          {"rule", json_name(f.finding.rule)},
          {"severity", name_of(f.finding.severity)},
          {"mode", name_of(f.finding.mode)},
          {"state", name_of(f.finding.state)},
          {"needs_review", f.finding.needs_review},
          {"why", json_text(f.finding.why)},
          {"summary", json_text(f.finding.summary)},
          {"found_at", print_rfc3339(f.finding.found_at)},
          {"appeared", json_span(f.finding.appeared)},
          {"post",
           {{"id", json_name(f.finding.post_id)},
            {"surface", name_of(f.surface)},
            {"text", json_text(f.text)},
            {"url", json_text(f.url)},
            {"erased", f.erased},
            {"removed", f.removed ? json_span(*f.removed) : Json()}}},
          {"review",
           {{"needs", f.needs},
            {"confirming", standing.confirming},
            {"disagree", standing.disagree},
            {"words", words_json(standing.words)},
            {"notes", notes_json(f.notes)},
            {"assignee", json_name(f.assignee)}}},
          {"answer", json_text(f.answer)}};
}

Json verdict_of(const AccountVerdict& v) {
  Json gaps = Json::array();
  for (const Interval& gap : v.gaps) gaps.push_back(json_span(gap));
  Json missing = Json::array();
  for (const std::string& reason : reasons_of(v)) missing.push_back(clean_text(reason, 2000));
  return {{"window", json_span(v.judged)},
          {"zone", json_name(v.window.zone)},
          {"zone_assumed", v.window.zone_assumed},
          {"standing", name_of(v.standing)},
          {"verdict", name_of(v.verdict)},
          {"final", v.final},
          {"headline", headline_of(v)},
          {"sentence", clean_text(sentence_of(v), 4000)},
          {"missing", std::move(missing)},
          {"surfaces", print_surfaces(v.surfaces)},
          {"never_visible", print_surfaces(v.never_visible)},
          {"looks", v.coverage.looks},
          {"attempts", v.coverage.attempts},
          {"longest_gap_ms", v.coverage.longest_gap.count()},
          {"gap_max_ms", v.gap_max.count()},
          {"gaps", std::move(gaps)},
          {"gaps_more", v.gaps_more}};
}

}  // namespace

std::string account_json(const AccountModel& account, Instant now) {
  Json verdicts = Json::array();
  for (const AccountVerdict& v : account.verdicts) verdicts.push_back(verdict_of(v));
  Json runs = Json::array();
  for (const LookRun& run : account.runs) {
    runs.push_back({{"outcome", name_of(run.outcome)},
                    {"count", run.count},
                    {"first", print_rfc3339(run.first)},
                    {"last", print_rfc3339(run.last)}});
  }
  Json findings = Json::array();
  for (const FindingModel& finding : account.findings) findings.push_back(finding_of(finding));
  const std::string blind =
      account.verdicts.empty() ? std::string() : account.verdicts.front().blind_spots;
  return dump({{"number", account.cell.number},
               {"actor", json_name(account.cell.actor)},
               {"platform", json_name(account.cell.platform)},
               {"handle", json_name(account.cell.handle)},
               {"state", name_of(account.cell.state)},
               {"as_of", print_rfc3339(now)},
               {"blind_spots", json_text(blind)},
               {"verdicts", std::move(verdicts)},
               {"looks", std::move(runs)},
               {"looks_cut", account.runs_cut},
               {"findings", std::move(findings)}});
}

std::string findings_json(const FindingsPage& page) {
  Json items = Json::array();
  for (const FindingModel& finding : page.items) items.push_back(finding_of(finding));
  const bool more = page.more && !page.items.empty();
  return dump({{"items", std::move(items)},
               {"total", page.total},
               {"next", more ? Json(page.items.back().finding.id) : Json()}});
}

std::string finding_json(const FindingModel& finding) { return dump(finding_of(finding)); }

std::string reviews_json(const FindingModel& finding) {
  return dump({{"items", words_json(finding.reviews)}, {"state", name_of(finding.finding.state)}});
}

std::string review_done_json(const std::string& finding, const ReviewDone& done) {
  return dump({{"finding", finding}, {"state", name_of(done.state)}});
}

std::string me_json(const Caller& caller) {
  return dump({{"name", json_name(caller.name)}, {"role", name_of(caller.role)}});
}

std::string problem_json(int status, std::string_view detail) {
  return dump({{"type", "about:blank"},
               {"title", reason_of(status)},
               {"status", status},
               {"detail", json_text(detail)}});
}

}  // namespace pw
