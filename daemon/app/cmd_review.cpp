// `pledgewatch review list|confirm|excuse|dismiss|withdraw|note`.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/people_desk.h"
#include "daemon/web/target.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

void print_finding(const Json& finding) {
  const Json& review = finding["review"];
  std::printf("%s  %-9s %d of %d%s  %s\n", line_of(finding["id"]).c_str(),
              line_of(finding["state"]).c_str(), review["confirming"].get<int>(),
              review["needs"].get<int>(),
              review["disagree"].get<bool>() ? "  reviewers disagree" : "",
              line_of(finding["summary"]).c_str());
  for (const Json& word : review["words"]) {
    const std::string reason = line_of(word["reason"]);
    std::printf("    %s: %s%s%s\n", line_of(word["reviewer"]).c_str(),
                line_of(word["decision"]).c_str(), reason.empty() ? "" : ", ", reason.c_str());
  }
  for (const Json& note : review["notes"])
    std::printf("    %s noted: %s\n", line_of(note["reviewer"]).c_str(),
                line_of(note["text"]).c_str());
}

}  // namespace

int list_reviews(const ReviewCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file};
  ask.target = "/api/v1/findings";
  if (!options.state.empty()) ask.target += "?state=" + encode_query(options.state);
  const std::optional<Json> findings = list_people(std::move(ask), code);
  if (!findings) return code;
  if (options.json) {
    print_json(*findings);
  } else {
    for (const Json& finding : *findings) print_finding(finding);
  }
  return exit_fine;
}

int decide_review(const ReviewCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file, "POST"};
  const std::string finding = "/api/v1/findings/" + encode_query(options.finding);
  ask.target = finding + "/reviews";
  Json body = {{"reason", options.reason}};
  if (options.decision == "note") {
    body["act"] = "note";
  } else {
    body["decision"] = options.decision;
  }
  ask.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (!ask_people(ask, code)) return code;
  const std::optional<Json> now =
      ask_people({options.config, options.token_file, "GET", finding}, code);
  if (!now) return code;
  if (options.json)
    print_json(*now);
  else
    print_finding(*now);
  return exit_fine;
}

}  // namespace pw
