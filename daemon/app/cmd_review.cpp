// `pledgewatch review list|confirm|excuse|dismiss|withdraw|note`.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/offline_desk.h"
#include "daemon/app/people_commands.h"

namespace pw {
namespace {

using nlohmann::json;

json view_json(const Finding& finding, const FindingStanding& standing) {
  json words = json::array();
  for (const Word& word : standing.words)
    words.push_back({{"reviewer", word.reviewer},
                     {"decision", name_of(word.decision)},
                     {"reason", word.reason},
                     {"at", print_rfc3339(word.at)}});
  return {{"finding", finding.id},
          {"rule", finding.rule},
          {"summary", finding.summary},
          {"severity", name_of(finding.severity)},
          {"state", name_of(standing.state)},
          {"needs_review", finding.needs_review},
          {"contradicted", standing.contradicted},
          {"confirmations", standing.confirmations},
          {"needed", standing.needed},
          {"assignee", standing.assignee},
          {"words", std::move(words)}};
}

void print_view(const Finding& finding, const FindingStanding& standing) {
  std::printf("%s  %-9s %d of %d%s  %s\n", finding.id.c_str(),
              std::string(name_of(standing.state)).c_str(), standing.confirmations, standing.needed,
              standing.contradicted ? "  reviewers disagree" : "", finding.summary.c_str());
  for (const Word& word : standing.words)
    std::printf("    %s: %s%s%s\n", word.reviewer.c_str(),
                std::string(name_of(word.decision)).c_str(), word.reason.empty() ? "" : ", ",
                word.reason.c_str());
}

std::string print(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

int list_reviews(const ReviewCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config}, OpenMode::read_only, code);
  if (!desk) return code;
  const Result<std::vector<Finding>> findings = desk->store->findings();
  if (!findings) return complain(findings.error());
  json all = json::array();
  for (const Finding& finding : *findings) {
    const Result<std::vector<Review>> history = desk->store->reviews_of(finding.id);
    if (!history) return complain(history.error());
    const FindingStanding standing = standing_of(*history, desk->setup.config.publish_needs);
    if (options.json)
      all.push_back(view_json(finding, standing));
    else
      print_view(finding, standing);
  }
  if (options.json) std::printf("%s\n", print(all).c_str());
  return exit_fine;
}

int decide_review(const ReviewCommand& options) {
  int code = 0;
  const auto desk = open_desk({options.config, options.token_file}, OpenMode::read_write, code);
  if (!desk) return code;
  ReviewDesk reviews(*desk->store, desk->setup.config, desk->grounds);
  ReviewRequest request;
  request.finding = options.finding;
  request.reviewer = desk->who;
  request.text = options.reason;
  const auto state = parse_finding_state(options.decision);
  if (state)
    request.decision = *state;
  else
    request.act = ReviewAct::note;
  const Result<ReviewOutcome> outcome = reviews.take(request, desk->now);
  if (!outcome) return complain(outcome.error());
  if (options.json)
    std::printf("%s\n", print(view_json(outcome->finding, outcome->standing)).c_str());
  else
    print_view(outcome->finding, outcome->standing);
  return exit_fine;
}

}  // namespace pw
