// Whether the campaign alerts: people may pause, resume and end it, with a reason,
// and the log says so. Looking goes on whatever it says.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace pw {

enum class RunState { running, paused, ended };
inline constexpr std::array<std::string_view, 3> run_state_names = {"running", "paused", "ended"};
constexpr std::string_view name_of(RunState state) {
  return run_state_names[static_cast<std::size_t>(state)];
}

struct CampaignRun {
  RunState state = RunState::running;
  Instant since{};
  std::string detail{};  // who and why
};

// From the log's entries in order; other events change nothing.
// Whether it did.
bool note_run(CampaignRun& run, const RunEntry& entry);

// Nothing when `event` ("pause", "resume", "end") makes no sense in this state.
std::optional<RunState> after_command(RunState state, std::string_view event);

// The log's entry of a command. `malformed`: no reason, or one that is no text of at
// most run_reason_bytes_max; `refused`: not from where it stands.
inline constexpr std::size_t run_reason_bytes_max = 4'000;
Result<RunEntry> run_command(const CampaignRun& run, const std::string& event,
                             const std::string& who, const std::string& why, Instant now);

}  // namespace pw
