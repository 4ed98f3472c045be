// From verdicts to what the board shows of them. Pure.
#pragma once

#include <span>
#include <vector>

#include "daemon/web/model.h"

namespace pw {

// What the verdicts do not say of an account: how the last looks went.
struct LastSight {
  Instant observed{};  // the last look that saw
  Instant looked{};    // the last look
  bool sees = false;   // the last look saw
  Outcome last = Outcome::unreachable;
};

struct BoardGrounds {
  Judgement judgement{};
  std::vector<LastSight> sights{};  // by account number
  Interval window{};
  Instant closes{};
  Instant now{};
};

// Fills everything that follows from the grounds.
BoardModel make_board(BoardGrounds grounds);

Phase phase_of(Interval window, Instant closes, Instant now);

// One row for each different window, the first to end first.
std::vector<WindowGroup> windows_of(std::span<const AccountVerdict> verdicts);

// What a count of the board says, and of how many.
struct BigCount {
  std::string label{};
  int count = 0;
  int of = 0;
  std::string note{};  // what it rests on
  CellState state = CellState::quiet;
};
// While a window runs nobody is called kept: "nothing seen so far".
std::vector<BigCount> big_counts(const BoardModel& board);

// Our own blindness in plain words, the worst first.
std::vector<std::string> blindness_of(const BoardModel& board, std::span<const LastSight> sights);

}  // namespace pw
