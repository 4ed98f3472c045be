// `pledgewatch status`: the running daemon on one screen, or in one line.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "config/load.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/control.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& text) { return shown_text(text.get<std::string>(), 400); }

void print_board(const Json& board) {
  std::printf("%s  %s, as of %s\n\n", line(board["campaign"]).c_str(), line(board["phase"]).c_str(),
              line(board["as_of"]).c_str());
  for (const Json& count : board["counts"]) {
    std::printf("  %6d of %-6d %-20s %s\n", count["count"].get<int>(), count["of"].get<int>(),
                line(count["label"]).c_str(), line(count["note"]).c_str());
  }
  const Json& coverage = board["coverage"];
  if (coverage["share"].is_number())
    std::printf("\n  %5.1f %% %s\n", coverage["share"].get<double>() * 100,
                line(coverage["words"]).c_str());
  else
    std::printf("\n  %s\n", line(coverage["words"]).c_str());
}

void print_lists(const Json& board, const Json& health, const Json& sinks) {
  std::printf("\nWhat we do not see:\n");
  for (const Json& words : board["troubles"]) std::printf("  %s\n", line(words).c_str());
  if (board["troubles"].empty()) std::printf("  every account was seen at its last look\n");
  std::printf("\nSinks:\n");
  for (const Json& sink : sinks["items"]) {
    std::printf("  %-20s delivered %d, waiting %d, given up %d%s\n", line(sink["name"]).c_str(),
                sink["delivered"].get<int>(), sink["waiting"].get<int>(), sink["dead"].get<int>(),
                sink["disabled"].get<bool>() ? ", switched off by its receiver" : "");
  }
  if (!board["latest"].empty()) std::printf("\nLatest findings:\n");
  for (const Json& note : board["latest"]) {
    std::printf("  %s  %-9s %s\n", line(note["at"]).c_str(), line(note["state"]).c_str(),
                line(note["summary"]).c_str());
  }
  const Json& log = health["log"];
  std::printf("\nLog: %llu entries, %llu signed. %s, since %s\n",
              static_cast<unsigned long long>(log["entries"].get<std::uint64_t>()),
              static_cast<unsigned long long>(log["signed"].get<std::uint64_t>()),
              line(health["software"]).c_str(), line(health["started"]).c_str());
}

}  // namespace

int show_status(const StatusOptions& options) {
  Issues issues;
  const std::optional<Config> config =
      load_config_file(options.config, connector_names(), issues, secret_beside_service);
  print_issues(issues);
  if (!config) return exit_usage;
  std::vector<Json> answers;
  for (const char* name : {"health", "board", "sinks"}) {
    ControlAsk ask;
    ask.target = std::string("/api/v1/") + name;
    const Result<ControlAnswer> answer = ask_daemon(config->web.socket, ask);
    if (!answer) return fail(exit_world, answer.error().detail);
    answers.push_back(Json::parse(answer->body, nullptr, /*allow_exceptions=*/false));
    if (answer->status != 200 || !answers.back().is_object())
      return fail(exit_world, ask.target + " was answered with " + std::to_string(answer->status));
  }
  const auto& [health, board, sinks] = std::tie(answers[0], answers[1], answers[2]);
  const bool well = line(health["brief"]).starts_with("well:");
  if (options.json) {
    std::printf("%s\n", Json{{"health", health}, {"board", board}, {"sinks", sinks["items"]}}
                            .dump(2, ' ', false, Json::error_handler_t::replace)
                            .c_str());
  } else {
    std::printf("%s\n", line(health["brief"]).c_str());
    if (!options.brief) {
      std::printf("\n");
      print_board(board);
      print_lists(board, health, sinks);
    }
  }
  return well ? exit_fine : exit_no;
}

}  // namespace pw
