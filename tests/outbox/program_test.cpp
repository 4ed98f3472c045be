// A program is given the message and nothing else of ours, and its exit decides.
#include <csignal>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/outbox/program_wire.h"
#include "daemon/outbox/service.h"

using namespace pw;
namespace asio = boost::asio;

namespace {

struct Ran {
  std::optional<Result<Done>> result;
  HttpResponse response;
};

asio::awaitable<void> fetch(Fetcher& wire, const HttpRequest& request, Ran& ran) {
  ran.result.emplace(co_await wire.fetch(request, ran.response));
}

Ran run(std::vector<std::string> command, const std::string& body) {
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context io(1);
  const auto wire = make_program_wire(io, std::move(command));
  HttpRequest request;
  request.body = body;
  request.headers = {{"pledgewatch-delivery", "msg_1"}, {"pledgewatch-maybe-duplicate", "true"}};
  Ran ran;
  asio::co_spawn(io, fetch(*wire, request, ran), [](std::exception_ptr) {});
  io.run();
  REQUIRE(ran.result);
  return ran;
}

// The script's own standard error is the program's answer.
Ran script(const std::string& text, const std::string& body = "{}") {
  return run({"/bin/sh", "-c", text}, body);
}

}  // namespace

TEST_CASE("the exit code is the outcome") {
  struct Row {
    const char* script;
    int status;
    bool hopeless;
  };
  const Row rows[] = {
      {"exit 0", 200, false},
      {"exit 65", 400, true},
      {"exit 75", 500, false},
      {"exit 1", 500, false},
  };
  for (const Row& row : rows) {
    const Ran ran = script(row.script);
    REQUIRE(*ran.result);
    CHECK(ran.response.status == row.status);
    CHECK(meaning_of(SinkType::exec, ran.response).hopeless == row.hopeless);
  }
  const Ran killed = script("kill -9 $$");
  REQUIRE_FALSE(*killed.result);
  CHECK(killed.result->error().code == Errc::transient);
  const Ran absent = run({"/nonexistent/siren"}, "{}");
  REQUIRE_FALSE(*absent.result);
  CHECK(absent.result->error().code == Errc::refused);
}

TEST_CASE("the message is its whole input, whatever its size, and no shell reads it") {
  const std::string body = std::string(300'000, 'x') + "'\"; $(touch /tmp/never) `id`";
  const Ran counted = script("wc -c >&2; exit 1", body);
  CHECK(counted.response.body == "exit 1: " + std::to_string(body.size()) + '\n');
  // One that reads nothing has decided all the same.
  CHECK(script("exit 0", body).response.status == 200);
  const Ran argument =
      run({"/bin/sh", "-c", "printf %s \"$1\" >&2; exit 1", "sh", "$(id); a b"}, "");
  CHECK(argument.response.body == "exit 1: $(id); a b");
}

TEST_CASE("it has none of our environment and none of our descriptors") {
  ::setenv("PW_TEST_SECRET", "canary", 1);
  const int leak = ::fcntl(2, F_DUPFD, 100);  // without FD_CLOEXEC
  REQUIRE(leak >= 100);
  const Ran ran = run({"/usr/bin/env"}, "");
  CHECK(ran.response.status == 200);
  const Ran seen = script("/usr/bin/env >&2; ls /proc/self/fd >&2; pwd >&2; exit 1");
  ::close(leak);
  ::unsetenv("PW_TEST_SECRET");
  CHECK(seen.response.body.find("canary") == std::string::npos);
  CHECK(seen.response.body.find("PATH=/usr/bin:/bin") != std::string::npos);
  CHECK(seen.response.body.find("PLEDGEWATCH_DELIVERY=msg_1") != std::string::npos);
  CHECK(seen.response.body.find("PLEDGEWATCH_MAYBE_DUPLICATE=true") != std::string::npos);
  CHECK(seen.response.body.find("\n" + std::to_string(leak) + "\n") == std::string::npos);
}

TEST_CASE("one that is cut off is killed, its children too") {
  asio::io_context io(1);
  const auto wire = make_program_wire(io, {"/bin/sh", "-c", "sleep 1000 & echo $! >&2; wait"});
  HttpRequest request;
  Ran ran;
  bool threw = false;
  asio::cancellation_signal stop;
  asio::co_spawn(io, fetch(*wire, request, ran),
                 asio::bind_cancellation_slot(
                     stop.slot(), [&](std::exception_ptr error) { threw = error != nullptr; }));
  while (ran.response.body.find('\n') == std::string::npos) io.run_one();
  const pid_t grandchild = std::stoi(ran.response.body);
  const int watched = static_cast<int>(::syscall(SYS_pidfd_open, grandchild, 0));
  REQUIRE(watched >= 0);
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(threw);
  pollfd ended{watched, POLLIN, 0};
  CHECK(::poll(&ended, 1, /*timeout=*/10'000) == 1);
  ::close(watched);
}
