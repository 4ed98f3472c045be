// `pledgewatch campaign show|pause|resume|end`: whether alerts are sent. Looking goes
// on whatever it says.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/people_desk.h"

namespace pw {

using Json = nlohmann::ordered_json;

int command_campaign(const CampaignCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file, "GET", "/api/v1/campaign"};
  if (!options.event.empty()) {
    ask.method = "POST";
    ask.target += '/' + options.event;
    ask.body =
        Json{{"reason", options.reason}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  const std::optional<Json> run = ask_people(ask, code);
  if (!run) return code;
  if (options.json) {
    print_json(*run);
  } else if ((*run)["since"].is_null()) {
    std::printf("alerts: %s\n", line_of((*run)["alerts"]).c_str());
  } else {
    std::printf("alerts: %s since %s, %s\n", line_of((*run)["alerts"]).c_str(),
                line_of((*run)["since"]).c_str(), line_of((*run)["detail"]).c_str());
  }
  return exit_fine;
}

}  // namespace pw
