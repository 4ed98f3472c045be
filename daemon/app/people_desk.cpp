#include "daemon/app/people_desk.h"

#include <cstdio>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include "config/load.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/control.h"
#include "daemon/app/offline_desk.h"
#include "daemon/app/people_acts.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/utf8.h"
#include "daemon/runtime/system_clock.h"
#include "daemon/web/route.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* page_limit_text = "500";

std::nullopt_t fail(int& code, int fitting, const std::string& why) {
  std::fprintf(stderr, "pledgewatch: %s\n", shown_text(why, 2000).c_str());
  code = fitting;
  return std::nullopt;
}

int code_of(int status) {
  if (status == 401 || status == 403 || status == 404 || status == 409) return exit_no;
  return status == 400 || status == 422 ? exit_usage : exit_world;
}

std::optional<Json> answer_of(const ControlAnswer& answer, int& code) {
  Json json = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status >= 200 && answer.status <= 299 && json.is_object()) return json;
  std::string why = "the daemon answered " + std::to_string(answer.status);
  if (json.is_object() && json.contains("detail") && json["detail"].is_string())
    why = json["detail"].get<std::string>();
  return fail(code, code_of(answer.status), why);
}

// Who asks, while no daemon is there to say it.
std::optional<Caller> caller_of(const std::vector<Reviewer>& people, const std::string& token) {
  if (token.empty()) {
    const Reviewer person = local_person(people, geteuid());
    return Caller{person.role, person.name};
  }
  const Reviewer* person = find_by_token(people, token);
  if (person == nullptr) return std::nullopt;
  return Caller{person->role, person->name};
}

std::optional<Json> ask_at_rest(const PeopleAsk& ask, const std::string& token, int& code) {
  Issues issues;
  std::optional<Setup> setup = load_setup(ask.config, issues, secret_beside_service);
  print_issues(issues);
  code = exit_usage;
  if (!setup) return std::nullopt;
  const auto caller = caller_of(setup->config.reviewers, token);
  if (!caller) return fail(code, exit_no, "this token is nobody's");
  const auto target = parse_web_target(ask.target);
  NoWebRoute none;
  const auto route = target ? route_of(ask.method, *target, none) : std::nullopt;
  if (!route) return fail(code, exit_usage, "no such request: " + ask.target);
  if (caller->role < route->least) {
    return fail(code, exit_no,
                caller->name + " has the role of " + std::string(name_of(caller->role)) +
                    "; this takes that of " + std::string(name_of(route->least)));
  }
  const bool reads = ask.method == "GET";
  auto desk = OfflineDesk::open(
      *std::move(setup), reads ? OpenMode::read_only : OpenMode::read_write, SystemClock().now());
  if (!desk) {
    return fail(code, exit_world,
                desk.error().detail + (reads ? "" : "; no daemon answers on its socket either"));
  }
  ActionAsk action{ask.method, {}, target->query, ask.body, *caller};
  action.path.assign(target->segments.begin() + 2, target->segments.end());
  const ActionDone done = act_at_rest(**desk, action, (*desk)->publish_needs());
  if (done.json.empty()) return fail(code, code_of(done.status), done.why);
  return Json::parse(done.json);
}

}  // namespace

std::optional<Json> ask_people(const PeopleAsk& ask, int& code) {
  code = exit_usage;
  std::string token;
  if (!ask.token_file.empty()) {
    if (!read_file(ask.token_file, token))
      return fail(code, exit_usage, "--token-file: " + ask.token_file + " cannot be read");
    token.resize(token.find_last_not_of(" \t\r\n") + 1);
  }
  Issues issues;
  const std::optional<Config> config =
      load_config_file(ask.config, connector_names(), issues, secret_beside_service);
  if (!config) {
    print_issues(issues);
    return std::nullopt;
  }
  const Result<ControlAnswer> answer =
      ask_daemon(config->web.socket, {ask.method, ask.target, ask.body, token});
  if (answer) return answer_of(*answer, code);
  if (answer.error().code != Errc::gone) return fail(code, exit_world, answer.error().detail);
  return ask_at_rest(ask, token, code);
}

std::optional<Json> list_people(PeopleAsk ask, int& code) {
  const std::string start = ask.target + (ask.target.find('?') == std::string::npos ? '?' : '&') +
                            "limit=" + page_limit_text;
  ask.target = start;
  Json all = Json::array();
  for (;;) {
    std::optional<Json> page = ask_people(ask, code);
    if (!page) return std::nullopt;
    for (Json& item : (*page)["items"]) all.push_back(std::move(item));
    const auto next = page->find("next");
    if (next == page->end() || !next->is_string()) return all;
    ask.target = start + "&after=" + encode_query(next->get<std::string>());
  }
}

std::string line_of(const Json& text) {
  return text.is_string() ? shown_text(text.get<std::string>(), 400) : text.dump();
}

void print_json(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace pw
