// `pledgewatch silence add|list|end`.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/people_desk.h"
#include "daemon/web/target.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

void print_silence(const Json& silence) {
  const std::string ended_by = line_of(silence["ended_by"]);
  std::printf("%-5s %s to %s by %s: %s\n      %s%s%s\n", line_of(silence["id"]).c_str(),
              line_of(silence["start"]).c_str(), line_of(silence["end"]).c_str(),
              line_of(silence["author"]).c_str(), line_of(silence["reason"]).c_str(),
              line_of(silence["when"]).c_str(), ended_by.empty() ? "" : "; ended by ",
              ended_by.c_str());
}

}  // namespace

int list_silences(const SilenceCommand& options) {
  int code = exit_fine;
  const std::optional<Json> silences =
      list_people({options.config, options.token_file, "GET", "/api/v1/silences"}, code);
  if (!silences) return code;
  if (options.json) {
    print_json(*silences);
  } else {
    for (const Json& silence : *silences) print_silence(silence);
  }
  return exit_fine;
}

int change_silence(const SilenceCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file, "POST", "/api/v1/silences"};
  if (options.id.empty()) {
    ask.body =
        Json{{"when", options.matches}, {"reason", options.reason}, {"for", options.lasts}}.dump(
            -1, ' ', false, Json::error_handler_t::replace);
  } else {
    ask.target += '/' + encode_query(options.id) + "/end";
  }
  const std::optional<Json> silence = ask_people(ask, code);
  if (!silence) return code;
  if (options.json)
    print_json(*silence);
  else
    print_silence(*silence);
  return exit_fine;
}

}  // namespace pw
