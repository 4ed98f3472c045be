// What is told to browsers when the board changes, and what they are given when
// they come. Pure but for its memory of what was told last.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "daemon/web/event_ring.h"
#include "daemon/web/model.h"

namespace pw {

class Live {
 public:
  explicit Live(std::string run, EventRingLimits limits = {}) : ring_(std::move(run), limits) {}

  // Tells what differs from the last time; true when anything does. Events:
  //   board   the board without its cells, to readers
  //   public  the same without names, to everybody
  //   cells   [place, letter] of the cells that changed, to readers
  //   roster  names or their order changed: ask for them again
  bool tell(const BoardModel& board);

  // The whole state, as the first event of a stream or instead of what it missed.
  std::string snapshot(const BoardModel& board, Role role, std::uint64_t dropped) const;

  const EventRing& ring() const { return ring_; }

 private:
  EventRing ring_;
  std::string states_;
  std::string public_;
  std::uint64_t revision_ = 0;
  std::uint64_t roster_ = 0;
};

}  // namespace pw
