// The simulator as a process of its own: it says that it is ready, serves, and
// ends when it is asked to.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/rehearsal/plan.h"
#include "daemon/rehearsal/simulator.h"

using namespace pw;
namespace fs = std::filesystem;

namespace {

std::string read_line(int file) {
  std::string line;
  for (char c; ::read(file, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

struct Process {
  pid_t id = -1;
  int output = -1;
};

Process start(const SimulateOptions& options) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Process process{::fork(), ends[0]};
  REQUIRE(process.id >= 0);
  if (process.id > 0) {
    ::close(ends[1]);
    return process;
  }
  SimulateOptions mine = options;
  mine.say = [&](const std::string& line) {
    const std::string text = line + '\n';
    if (::write(ends[1], text.data(), text.size()) < 0) ::_exit(9);
  };
  ::_exit(run_simulator(mine));
}

int exit_code_of(const Process& process) {
  int status = 0;
  REQUIRE(::waitpid(process.id, &status, 0) == process.id);
  ::close(process.output);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("the simulator writes its campaign, says where it is, and ends on SIGTERM") {
  const fs::path folder = fs::temp_directory_path() / ("pw-simulate-" + std::to_string(::getpid()));
  const Process process = start({.folder = folder.string(), .seed = 5, .accounts = 8});
  const std::string line = read_line(process.output);
  CHECK(line.starts_with("simulating at http://127.0.0.1:"));
  CHECK(line.find("seed 5, 8 accounts") != std::string::npos);
  std::ifstream in(folder / "plan.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const Result<DayPlan> plan = parse_plan(text);
  REQUIRE(plan);
  CHECK(plan->seed == 5);
  CHECK(plan->window.length() == std::chrono::minutes(2));
  CHECK(ms_of(plan->window.start) % 1000 == 0);
  CHECK(fs::exists(folder / "received.jsonl"));
  REQUIRE(::kill(process.id, SIGTERM) == 0);
  CHECK(exit_code_of(process) == 0);
  fs::remove_all(folder);
}

TEST_CASE("options that cannot be, and a world that says no") {
  struct Row {
    SimulateOptions options;
    int code;
  };
  const Row rows[] = {
      {{.folder = ""}, 2},
      {{.folder = "/tmp/x", .accounts = 3}, 2},
      {{.folder = "/tmp/x", .accounts = 901}, 2},
      {{.folder = "/tmp/x", .day = std::chrono::seconds(59)}, 2},
      {{.folder = "/dev/null/x"}, 3},
  };
  for (const Row& row : rows) CHECK(run_simulator(row.options) == row.code);
}
