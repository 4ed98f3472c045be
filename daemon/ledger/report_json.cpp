#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/judgement_json.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/report_text.h"
#include "daemon/ledger/sentence.h"
#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

using nlohmann::json;

std::string shown(std::string_view text, std::size_t bytes_max = shown_name_bytes_max) {
  return shown_text(text, bytes_max);
}

json review_json(const ReviewRow& review) {
  return {{"reviewer", shown(review.reviewer)},
          {"decision", std::string(name_of(review.decision))},
          {"reason", shown(review.reason, shown_post_bytes_max)},
          {"at", print_rfc3339(printable(review.at))}};
}

json finding_json(const FindingRow& row) {
  const Finding& f = row.finding;
  json reviews = json::array();
  for (const ReviewRow& review : row.reviews) reviews.push_back(review_json(review));
  json object = {{"finding", shown(f.id)},
                 {"account", f.account},
                 {"rule", shown(f.rule)},
                 {"severity", std::string(name_of(f.severity))},
                 {"mode", std::string(name_of(f.mode))},
                 {"state", std::string(name_of(f.state))},
                 {"needs_review", f.needs_review},
                 {"why", shown(f.why)},
                 {"summary", shown(f.summary, shown_post_bytes_max)},
                 {"appeared", print_interval(f.appeared)},
                 {"found_at", print_rfc3339(printable(f.found_at))},
                 {"surface", std::string(name_of(row.surface))},
                 {"removed", row.removed},
                 {"erased", row.erased},
                 {"reviews", std::move(reviews)}};
  if (!row.erased) object["url"] = shown(row.url, shown_post_bytes_max);
  if (!row.erased) object["text"] = shown(row.text, shown_post_bytes_max);
  if (row.claimed_at) object["claimed_at"] = print_rfc3339(printable(*row.claimed_at));
  return object;
}

json sentences_json(const Judgement& judgement) {
  json list = json::array();
  for (const AccountVerdict& v : judgement.accounts) {
    list.push_back({{"account", v.account.number}, {"sentence", shown(sentence_of(v), 4000)}});
  }
  return list;
}

json sinks_json(const ReportInput& input) {
  json list = json::array();
  for (const SinkRow& sink : input.sinks) {
    list.push_back({{"sink", shown(sink.sink)},
                    {"delivered", sink.delivered},
                    {"waiting", sink.waiting},
                    {"dead", sink.dead}});
  }
  return list;
}

json connectors_json(const ReportInput& input) {
  json all = json::object();
  for (const ConnectorRow& row : input.connectors) {
    json& one = all[shown(row.connector)] = json::object();
    for (const auto& [what, value] : row.capabilities) one[shown(what)] = shown(value, 1000);
  }
  return all;
}

}  // namespace

std::string print_json(const ReportInput& input) {
  json findings = json::array();
  for (const FindingRow& row : input.findings) findings.push_back(finding_json(row));
  json runs = json::array();
  for (const RunRow& run : input.runs) {
    runs.push_back({{"at", print_rfc3339(printable(run.at))},
                    {"event", shown(run.event)},
                    {"detail", shown(run.detail)}});
  }
  const json report = {{"type", "report"},
                       {"verdicts", judgement_json(input.judgement)},
                       {"sentences", sentences_json(input.judgement)},
                       {"findings", std::move(findings)},
                       {"connectors", connectors_json(input)},
                       {"sinks", sinks_json(input)},
                       {"runs", std::move(runs)},
                       {"log",
                        {{"origin", shown(input.checkpoint.origin)},
                         {"size", input.checkpoint.size},
                         {"root", print_hex(input.checkpoint.root)},
                         {"checkpoint", clean_text(input.note, note_bytes_max)},
                         {"vkey", shown(input.vkey, shown_post_bytes_max)}}}};
  return *print_jcs(report) + '\n';
}

}  // namespace pw
