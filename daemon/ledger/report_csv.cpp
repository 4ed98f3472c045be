#include <initializer_list>

#include "daemon/ledger/report.h"
#include "daemon/ledger/report_text.h"
#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

std::string row(std::initializer_list<std::string> cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += ',';
    line += csv_cell(cell);
  }
  return line + "\r\n";
}

std::string seconds(Millis span) {
  return std::to_string((span.count() + 999) / 1000);  // rounded up: claims no more
}

std::string missing(const AccountVerdict& v) {
  std::string text;
  for (const Missing reason : v.missing) {
    text += (text.empty() ? "" : " ") + std::string(name_of(reason));
  }
  return text;
}

std::string breaches(const AccountVerdict& v, FindingState state) {
  return std::to_string(v.findings.breaches[static_cast<std::size_t>(state)]);
}

std::string verdict_row(const AccountVerdict& v) {
  const bool judged = v.standing == Standing::judged;
  return row({v.actor,
              v.account.platform,
              v.account.handle,
              std::to_string(v.account.number),
              print_rfc3339(v.judged.start),
              print_rfc3339(v.judged.end),
              std::string(name_of(v.standing)),
              judged ? headline_of(v) : "",
              judged && v.final ? "final" : "not final",
              print_surfaces(v.surfaces),
              print_surfaces(v.never_visible),
              std::to_string(v.coverage.looks),
              std::to_string(v.coverage.attempts),
              seconds(v.coverage.longest_gap),
              seconds(v.gap_max),
              missing(v),
              breaches(v, FindingState::open),
              breaches(v, FindingState::confirmed),
              breaches(v, FindingState::excused),
              breaches(v, FindingState::dismissed),
              sentence_of(v)});
}

}  // namespace

std::string print_csv(const ReportInput& input) {
  std::string table =
      row({"actor",         "platform",           "handle",           "account",
           "judged_from",   "judged_to",          "standing",         "verdict",
           "final",         "surfaces",           "never_visible",    "looks",
           "attempts",      "longest_gap_s",      "gap_max_s",        "missing",
           "breaches_open", "breaches_confirmed", "breaches_excused", "breaches_dismissed",
           "sentence"});
  for (const AccountVerdict& v : input.judgement.accounts) table += verdict_row(v);
  return table;
}

}  // namespace pw
