#include "daemon/app/campaign_run.h"

namespace pw {

std::optional<RunState> after_command(RunState state, std::string_view event) {
  if (state == RunState::ended) return std::nullopt;
  if (event == "end") return RunState::ended;
  if (event == "pause" && state == RunState::running) return RunState::paused;
  if (event == "resume" && state == RunState::paused) return RunState::running;
  return std::nullopt;
}

void note_run(CampaignRun& run, const RunEntry& entry) {
  const std::optional<RunState> next = after_command(run.state, entry.event);
  if (next) run = {*next, entry.at, entry.detail};
}

}  // namespace pw
