#include "daemon/web/live.h"

#include "daemon/web/json_views.h"

namespace pw {

bool Live::tell(const BoardModel& board) {
  if (board.revision == revision_) return false;
  const Instant as_of = board.judgement.as_of;
  if (board.roster != roster_) {
    ring_.push("roster", std::to_string(board.roster), Role::reader);
    states_.clear();
    roster_ = board.roster;
  }
  const std::string states = cell_states(board);
  if (const std::string changes = changes_json(board.revision, states_, states); !changes.empty())
    ring_.push("cells", changes, Role::reader);
  ring_.push("board", board_json(board, as_of, Role::reader), Role::reader);
  if (std::string open = board_json(board, as_of, Role::everybody); open != public_) {
    ring_.push("public", open, Role::everybody);
    public_ = std::move(open);
  }
  states_ = states;
  revision_ = board.revision;
  return true;
}

std::string Live::snapshot(const BoardModel& board, Role role, std::uint64_t dropped) const {
  return ring_.snapshot(snapshot_json(board, board.judgement.as_of, role, dropped));
}

}  // namespace pw
