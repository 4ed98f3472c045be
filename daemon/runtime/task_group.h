// Named coroutines that live and die together: when one ends, for whatever
// reason, the rest are asked to end too. Use from one thread only; join()
// before destroying. There is no detached coroutine in this program, because
// its exceptions vanish (Boost 1.81).
#pragma once

#include <exception>
#include <functional>
#include <list>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pw {

class TaskGroup {
 public:
  explicit TaskGroup(const boost::asio::any_io_executor& executor);

  void spawn(std::string name, boost::asio::awaitable<void> body);
  // One that has something to finish: at stop() it is not cancelled but asked, by
  // `ask`, and ends by itself soon after.
  void spawn(std::string name, boost::asio::awaitable<void> body, std::function<void()> ask);

  // Asks every task to end; the next co_await of each throws operation_aborted.
  void stop();

  // Waits for every task; then throws what the first one to end threw, if it did.
  boost::asio::awaitable<void> join();

  // For the log line that says why we stop; empty when stop() came first.
  const std::string& first_to_end() const { return first_to_end_; }

 private:
  struct Task {
    std::string name;
    boost::asio::cancellation_signal stop;
    std::function<void()> ask{};  // instead of `stop`

    void end();
  };

  void ended(const Task& task, std::exception_ptr error);

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer all_ended_;
  std::list<Task> tasks_;  // a list: handlers keep references into it
  std::exception_ptr cause_;
  std::string first_to_end_;
  int running_ = 0;
  bool stopping_ = false;
};

}  // namespace pw
