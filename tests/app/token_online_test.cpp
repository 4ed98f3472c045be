// `check --online`, as an operator runs it, against the simulated platforms over HTTP.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "daemon/app/commands.h"
#include "daemon/rehearsal/server.h"
#include "daemon/runtime/system_clock.h"
#include "tests/app/support/live_daemon.h"

using namespace pw;
using namespace pw::test;

namespace {

SimCredential credential(const std::string& label, std::optional<Instant> expires) {
  SimCredential one;
  one.label = label;
  one.app = "coalition";
  one.user_id = "17841400000000001";
  one.token = "token-of-" + label;
  one.expires = expires;
  return one;
}

void write_campaign(const CampaignFolder& folder, std::uint16_t port,
                    const std::vector<std::string>& labels) {
  const std::string at = std::to_string(port);
  std::string text =
      "campaign:\n  name: tokens\n  default_zone: UTC\n  surfaces: [post]\n"
      "  window: { start: 2100-01-01T00:00, end: 2100-01-02T00:00, zone: UTC }\n"
      "  sweep_again: 24h\n"
      "roster: roster.csv\nrules: [ freeze.yaml ]\nstore: state\nconnectors:\n  instagram:\n"
      "    base: \"http://127.0.0.1:" +
      at + "/instagram\"\n    allow_hosts: [127.0.0.1]\n    allow_ports: [" + at +
      "]\n    credentials:\n";
  for (const std::string& label : labels) {
    text += "      - { label: " + label +
            ", app: coalition, user_id: \"17841400000000001\", token: { file: " + label +
            " }, budget: 150/h }\n";
    folder.write(label, "token-of-" + label + "\n");
  }
  folder.write("campaign.yaml", text);
  folder.write("roster.csv",
               "actor,platform,handle,zone,status\nAnn,instagram,ann,UTC,confirmed\n");
}

// The command's exit code; what it says goes to `folder`/said.
int check_online(const CampaignFolder& folder, SimServer& server, boost::asio::io_context& io) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string said = (folder.path() / "said").string();
    if (std::freopen(said.c_str(), "w", stdout) == nullptr) _exit(9);
    const int code = check_campaign({folder.config(), /*json=*/false, /*online=*/true});
    std::fflush(stdout);
    _exit(code);
  }
  TaskGroup group(io.get_executor());
  group.spawn("platforms", server.run());
  boost::asio::co_spawn(io, group.join(), [](std::exception_ptr) {});
  int status = -1;
  std::thread waiting([&] {
    waitpid(child, &status, 0);
    boost::asio::post(io, [&] { group.stop(); });
  });
  io.run();
  waiting.join();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string line_with(const CampaignFolder& folder, const std::string& what) {
  std::ifstream in(folder.path() / "said");
  for (std::string line; std::getline(in, line);) {
    if (line.find(what) != line.npos) return line;
  }
  return {};
}

std::string line_of(const CampaignFolder& folder, const std::string& label) {
  return line_with(folder, "instagram " + label + " ");
}

void says(const std::string& line, const std::string& what) {
  INFO(line);
  CHECK(line.find(what) != line.npos);
}

}  // namespace

TEST_CASE("check --online asks the platform when each token ends, and says so") {
  Population population;
  population.credentials = {credential("lasting", std::nullopt),
                            credential("early", *parse_rfc3339("2100-01-02T12:00:00Z")),
                            credential("late", *parse_rfc3339("2100-02-01T00:00:00Z"))};
  boost::asio::io_context io;
  SystemClock clock;
  auto server = SimServer::listen(io.get_executor(), clock, 0);
  REQUIRE(server);
  const SimWorld world(population);
  Receiver receiver({}, {}, [](const std::string&) {});
  (*server)->serve(world, receiver);
  const CampaignFolder folder("tokens");

  write_campaign(folder, (*server)->port(), {"lasting", "early", "late", "foreign"});
  CHECK(check_online(folder, **server, io) == 1);
  says(line_of(folder, "lasting"), "does not end by itself; permits instagram_basic");
  const std::string early = line_of(folder, "early");
  says(early, "NOT good: ends at 2100-01-02T12:00:00.000Z");
  says(early, "that is before the second sweep at 2100-01-03T00:00:00.000Z");
  const std::string late = line_of(folder, "late");
  says(late, "ends at 2100-02-01T00:00:00.000Z");
  CHECK(late.find("NOT good") == late.npos);
  says(line_of(folder, "foreign"), "NOT good");
  // Nobody of that name is on the simulated platform.
  says(line_with(folder, "instagram:ann"), "NOT seen");

  // No token of anybody is in what it says.
  std::ostringstream said;
  said << std::ifstream(folder.path() / "said").rdbuf();
  CHECK(said.str().find("token-of-") == std::string::npos);
}
