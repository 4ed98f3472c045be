// Events on their way to browsers. One bounded ring for all: a browser keeps
// nothing but its place in it, so that ten thousand slow ones cost no memory, and
// one that falls behind is told how many it missed and given the whole state
// instead. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/web/access.h"

namespace pw {

// A place in the stream: which run of the daemon, and the last event received.
struct EventPlace {
  std::string run{};
  std::uint64_t after = 0;
};
// "k3f9-17"; nothing for anything else.
std::optional<EventPlace> parse_event_place(std::string_view last_event_id);

struct EventRingLimits {
  std::size_t events_max = 1024;
  std::size_t bytes_max = 1 << 20;
};

class EventRing {
 public:
  explicit EventRing(std::string run, EventRingLimits limits = {})
      : run_(std::move(run)), limits_(limits) {}

  // `data` is one line. Only who has at least the role `least` is told.
  void push(std::string_view event, std::string_view data, Role least);

  struct Batch {
    std::string text{};         // ready to be sent; may be empty
    std::uint64_t after = 0;    // the reader's new place
    std::uint64_t dropped = 0;  // events gone before they could be read
  };
  // What follows `after`, at most about `bytes_max`. With `dropped` there is no
  // text: the reader needs a snapshot, and goes on from newest().
  Batch read(std::uint64_t after, Role role, std::size_t bytes_max) const;

  // The snapshot as an event that stands for everything up to newest().
  std::string snapshot(std::string_view data) const;

  std::uint64_t newest() const { return first_ + events_.size() - 1; }
  const std::string& run() const { return run_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Event {
    std::string text;
    Role least;
  };
  std::string run_;
  EventRingLimits limits_;
  std::deque<Event> events_;
  std::uint64_t first_ = 1;  // the number of events_.front()
  std::size_t bytes_ = 0;
};

}  // namespace pw
