#include "daemon/web/cell.h"

#include <algorithm>

namespace pw {
namespace {

CellState state_of(const AccountVerdict& v, bool sees, Instant now) {
  if (v.standing != Standing::judged) return CellState::unjudged;
  switch (v.verdict) {
    case Verdict::broken:
      return CellState::broken;
    case Verdict::kept:
      return CellState::kept;
    case Verdict::unavailable:
      return CellState::unavailable;
    case Verdict::exempt:
      return CellState::exempt;
    case Verdict::unproven:
      return CellState::unproven;
    case Verdict::pending:
      break;
  }
  if (v.findings.awaiting > 0) return CellState::review;
  if (now < v.judged.start) return CellState::waiting;
  if (!v.running) return CellState::sweep;
  return sees ? CellState::quiet : CellState::blind;
}

}  // namespace

std::optional<CellState> parse_cell_state(std::string_view name) {
  const auto it = std::find(cell_state_names.begin(), cell_state_names.end(), name);
  if (it == cell_state_names.end()) return std::nullopt;
  return static_cast<CellState>(it - cell_state_names.begin());
}

const AccountVerdict& current_of(std::span<const AccountVerdict> verdicts, Instant now) {
  const auto is_over = [&](const AccountVerdict& v) { return v.judged.end <= now; };
  const auto it = std::find_if_not(verdicts.begin(), verdicts.end(), is_over);
  return it == verdicts.end() ? verdicts.back() : *it;
}

CellState cell_state_of(std::span<const AccountVerdict> verdicts, bool sees, Instant now) {
  if (verdicts.empty()) return CellState::unjudged;
  CellState gravest = CellState::unjudged;
  for (const AccountVerdict& v : verdicts) gravest = std::min(gravest, state_of(v, sees, now));
  if (gravest <= CellState::review) return gravest;
  return state_of(current_of(verdicts, now), sees, now);
}

}  // namespace pw
