// Overall deadlines that cost a list node, not a timer, each. All deadlines of
// one queue span the same time, so the oldest is always the next to pass and one
// timer serves them all: 80,000 exchanges a second must not arm 80,000 timers.
#pragma once

#include <chrono>
#include <list>
#include <memory>

#include "daemon/runtime/fetcher.h"

namespace boost::asio {
class io_context;
}

namespace pw {

// Something that waits and can be told to stop waiting. Its wait then ends
// normally, and whoever waited asks the deadline why.
class Stoppable {
 public:
  virtual void stop() = 0;

 protected:
  ~Stoppable() = default;
};

class Deadline;

class DeadlineQueue {
 public:
  DeadlineQueue(boost::asio::io_context& io, Millis span);
  ~DeadlineQueue();  // no deadline of it may be left

  Millis span() const;

 private:
  friend class Deadline;
  struct State;
  std::shared_ptr<State> state_;  // the timer's handler may outlive the queue
};

// Lives on the frame of the coroutine that it limits.
class Deadline {
 public:
  explicit Deadline(DeadlineQueue& queue);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool has_passed() const { return has_passed_; }

  // Until the watch ends, passing stops `waiter`; at once when it has passed
  // already. One watch at a time.
  class Watch {
   public:
    Watch(Deadline& deadline, Stoppable& waiter);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Deadline& deadline_;
    Stoppable* before_;
  };

 private:
  friend struct DeadlineQueue::State;
  void pass();

  DeadlineQueue::State& queue_;
  std::chrono::steady_clock::time_point at_;
  std::list<Deadline*>::iterator place_;
  Stoppable* waiter_ = nullptr;
  bool has_passed_ = false;
};

// Throws operation_aborted when the calling coroutine was cancelled: an aborted
// operation alone may also mean that a deadline has passed.
boost::asio::awaitable<void> throw_if_cancelled();

}  // namespace pw
