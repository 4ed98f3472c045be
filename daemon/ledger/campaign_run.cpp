#include "daemon/ledger/campaign_run.h"

#include "daemon/core/utf8.h"

namespace pw {

std::optional<RunState> after_command(RunState state, std::string_view event) {
  if (state == RunState::ended) return std::nullopt;
  if (event == "end") return RunState::ended;
  if (event == "pause" && state == RunState::running) return RunState::paused;
  if (event == "resume" && state == RunState::paused) return RunState::running;
  return std::nullopt;
}

Result<RunEntry> run_command(const CampaignRun& run, const std::string& event,
                             const std::string& who, const std::string& why, Instant now) {
  if (why.find_first_not_of(" \t\r\n") == std::string::npos)
    return Error{Errc::malformed, "to " + event + " a campaign needs a reason"};
  if (why.size() > run_reason_bytes_max || !is_utf8(why))
    return Error{Errc::malformed, "a reason is UTF-8 of at most 4000 bytes"};
  if (!after_command(run.state, event)) {
    return Error{Errc::refused, "cannot " + event + " a campaign whose alerts are " +
                                    std::string(name_of(run.state))};
  }
  return RunEntry{now, event, who + ": " + why};
}

bool note_run(CampaignRun& run, const RunEntry& entry) {
  const std::optional<RunState> next = after_command(run.state, entry.event);
  if (next) run = {*next, entry.at, entry.detail};
  return next.has_value();
}

}  // namespace pw
