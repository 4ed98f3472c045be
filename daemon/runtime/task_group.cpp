#include "daemon/runtime/task_group.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;

TaskGroup::TaskGroup(const asio::any_io_executor& executor)
    : executor_(executor), all_ended_(executor, asio::steady_timer::time_point::max()) {}

void TaskGroup::Task::end() {
  if (ask)
    ask();
  else
    stop.emit(asio::cancellation_type::terminal);
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> body) {
  spawn(std::move(name), std::move(body), {});
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> body, std::function<void()> ask) {
  Task& task = tasks_.emplace_back();
  task.name = std::move(name);
  task.ask = std::move(ask);
  ++running_;
  auto on_end = [this, &task](std::exception_ptr error) { ended(task, error); };
  asio::co_spawn(executor_, std::move(body),
                 asio::bind_cancellation_slot(task.stop.slot(), std::move(on_end)));
  if (stopping_) task.end();
}

void TaskGroup::stop() {
  if (std::exchange(stopping_, true)) return;
  for (Task& task : tasks_) task.end();
}

asio::awaitable<void> TaskGroup::join() {
  // The wait ends by cancel(); its error code is no failure.
  while (running_ > 0) co_await all_ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  if (cause_) std::rethrow_exception(cause_);
}

void TaskGroup::ended(const Task& task, std::exception_ptr error) {
  if (!stopping_) {
    first_to_end_ = task.name;
    cause_ = error;
  }
  stop();
  if (--running_ == 0) all_ended_.cancel();
}

}  // namespace pw
