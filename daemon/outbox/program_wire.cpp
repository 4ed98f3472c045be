#include "daemon/outbox/program_wire.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace pw {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

constexpr int exit_bad_message = 65;  // EX_DATAERR
constexpr std::size_t said_bytes_max = 2'000;

struct Pipe {
  int read = -1;
  int write = -1;
};

std::optional<Pipe> open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{ends[0], ends[1]};
}

// What posix_spawn is told, freed in any case.
struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

// Its own group, no blocked or ignored signal of ours, three descriptors.
void plan(SpawnPlan& plan, int input, int errors) {
  posix_spawn_file_actions_adddup2(&plan.files, input, 0);
  posix_spawn_file_actions_addopen(&plan.files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.files, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, 3);
  posix_spawn_file_actions_addchdir_np(&plan.files, "/");
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.how, &none);
  posix_spawnattr_setsigdefault(&plan.how, &all);
  posix_spawnattr_setpgroup(&plan.how, 0);
  posix_spawnattr_setflags(&plan.how,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

std::vector<std::string> environment_of(const HttpRequest& request) {
  std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  for (const HttpHeader& header : request.headers) {
    if (header.name == "pledgewatch-delivery")
      variables.push_back("PLEDGEWATCH_DELIVERY=" + header.value);
    if (header.name == "pledgewatch-maybe-duplicate")
      variables.push_back("PLEDGEWATCH_MAYBE_DUPLICATE=" + header.value);
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// A program that runs; killed and reaped when this ends before it does.
class Child {
 public:
  static Result<std::unique_ptr<Child>> start(asio::io_context& io,
                                              std::vector<std::string> command,
                                              const HttpRequest& request);
  Child(asio::io_context& io, pid_t pid, int input, int errors, int watched)
      : pid_(pid), input_(io, input), errors_(io, errors), watched_(io, watched) {}
  ~Child() {
    if (reaped_) return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);  // of a killed one: at once
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Its wait status once it has ended, the message read or not.
  asio::awaitable<int> run(const std::string& message, std::string& said);

 private:
  asio::awaitable<void> tell(const std::string& message);
  asio::awaitable<void> hear(std::string& said);
  void drain(std::string& said);

  pid_t pid_;
  Descriptor input_;
  Descriptor errors_;
  Descriptor watched_;
  bool reaped_ = false;
};

Result<std::unique_ptr<Child>> Child::start(asio::io_context& io, std::vector<std::string> command,
                                            const HttpRequest& request) {
  const std::optional<Pipe> input = open_pipe();
  const std::optional<Pipe> errors = open_pipe();
  const auto close_all = [&] {
    for (const auto& pipe : {input, errors}) {
      if (!pipe) continue;
      ::close(pipe->read);
      ::close(pipe->write);
    }
  };
  if (!input || !errors) {
    close_all();
    return Error{Errc::transient, "no pipe to a program"};
  }
  SpawnPlan spawn;
  plan(spawn, input->read, errors->write);
  std::vector<std::string> variables = environment_of(request);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, command.front().c_str(), &spawn.files, &spawn.how,
                                   pointers_to(command).data(), pointers_to(variables).data());
  if (failed != 0) {
    close_all();
    return Error{Errc::refused, command.front() + ": " + std::strerror(failed)};
  }
  ::close(input->read);
  ::close(errors->write);
  // By number: glibc 2.36 declares pidfd_open without saying that it is C.
  const int watched = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (watched < 0) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ::close(input->write);
    ::close(errors->read);
    return Error{Errc::refused, "this kernel cannot watch a program (pidfd_open, Linux 5.3)"};
  }
  return std::make_unique<Child>(io, pid, input->write, errors->read, watched);
}

// A program that does not read its input to the end has still decided by its exit.
asio::awaitable<void> Child::tell(const std::string& message) {
  co_await asio::async_write(input_, asio::buffer(message), asio::as_tuple(asio::use_awaitable));
  boost::system::error_code ignored;
  input_.close(ignored);
}

asio::awaitable<void> Child::hear(std::string& said) {
  std::array<char, 512> piece;
  for (;;) {
    const auto [failed, n] =
        co_await errors_.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
    if (failed) co_return;
    if (said.size() < said_bytes_max) said.append(piece.data(), n);
  }
}

// What it said last may still be in the pipe.
void Child::drain(std::string& said) {
  boost::system::error_code failed;
  errors_.non_blocking(true, failed);
  std::array<char, 512> piece;
  while (!failed && said.size() < said_bytes_max) {
    const std::size_t n = errors_.read_some(asio::buffer(piece), failed);
    said.append(piece.data(), n);
  }
}

asio::awaitable<int> Child::run(const std::string& message, std::string& said) {
  using asio::experimental::awaitable_operators::operator&&;
  using asio::experimental::awaitable_operators::operator||;
  const auto ended = [this]() -> asio::awaitable<void> {
    co_await watched_.async_wait(Descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
  };
  // Its end ends everything: a grandchild may hold the pipes for longer.
  co_await (ended() || (tell(message) && hear(said) && ended()));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  drain(said);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  reaped_ = true;
  co_return status;
}

class ProgramWire final : public Fetcher {
 public:
  ProgramWire(asio::io_context& io, std::vector<std::string> command)
      : io_(io), command_(std::move(command)) {}

  asio::awaitable<Result<Done>> fetch(const HttpRequest& request, HttpResponse& response) override {
    response.status = 0;
    response.headers.clear();
    response.body.clear();
    const Result<std::unique_ptr<Child>> child = Child::start(io_, command_, request);
    if (!child) co_return child.error();
    const int status = co_await (*child)->run(request.body, response.body);
    if (!WIFEXITED(status)) co_return Error{Errc::transient, "the program was ended by a signal"};
    const int code = WEXITSTATUS(status);
    response.status = code == 0 ? 200 : code == exit_bad_message ? 400 : 500;
    if (code != 0)
      response.body =
          "exit " + std::to_string(code) + (response.body.empty() ? "" : ": ") + response.body;
    co_return Done{};
  }

 private:
  asio::io_context& io_;
  std::vector<std::string> command_;
};

}  // namespace

std::unique_ptr<Fetcher> make_program_wire(asio::io_context& io, std::vector<std::string> command) {
  return std::make_unique<ProgramWire>(io, std::move(command));
}

}  // namespace pw
