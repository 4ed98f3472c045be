// `pledgewatch outbox list|resend`: what was told to whom, with every attempt.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/people_commands.h"
#include "daemon/app/people_desk.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

void print_delivery(const Json& delivery) {
  const std::string withheld = line_of(delivery["withheld"]);
  std::printf("%-20s %-34s %-9s %zu attempts%s%s%s\n", line_of(delivery["sink"]).c_str(),
              line_of(delivery["id"]).c_str(), line_of(delivery["state"]).c_str(),
              delivery["attempts"].size(),
              delivery["maybe_duplicate"].get<bool>() ? ", may have arrived twice" : "",
              withheld.empty() ? "" : ", ", withheld.c_str());
  for (const Json& attempt : delivery["attempts"])
    std::printf("    %s %d %s %s\n", line_of(attempt["started"]).c_str(),
                attempt["status"].get<int>(), line_of(attempt["result"]).c_str(),
                line_of(attempt["detail"]).c_str());
}

}  // namespace

int list_outbox(const OutboxCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file};
  ask.target = options.dead ? "/api/v1/outbox?state=dead" : "/api/v1/outbox";
  const std::optional<Json> deliveries = list_people(std::move(ask), code);
  if (!deliveries) return code;
  if (options.json) {
    print_json(*deliveries);
  } else {
    for (const Json& delivery : *deliveries) print_delivery(delivery);
  }
  return exit_fine;
}

int resend_delivery(const OutboxCommand& options) {
  int code = exit_fine;
  PeopleAsk ask{options.config, options.token_file, "POST", "/api/v1/outbox/resend"};
  ask.body = Json{{"sink", options.sink}, {"id", options.id}}.dump(-1, ' ', false,
                                                                   Json::error_handler_t::replace);
  const std::optional<Json> done = ask_people(ask, code);
  if (!done) return code;
  if (options.json)
    print_json(*done);
  else
    std::printf("%s of sink %s is due again\n", options.id.c_str(), options.sink.c_str());
  return exit_fine;
}

}  // namespace pw
