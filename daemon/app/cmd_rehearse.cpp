// `pledgewatch rehearse`: the campaign before its day.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "config/files.h"
#include "daemon/app/commands.h"
#include "daemon/app/rehearsal.h"
#include "daemon/app/scratch_folder.h"
#include "daemon/app/tell.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

// A rehearsal needs no secrets: where one cannot be read, a made-up one stands in. Its
// digits are base64 as well as part of a path, where a bot's token goes.
Result<std::string> secret_for_stage(const SecretName& name) {
  Result<std::string> real = read_secret_here(name);
  if (real) return real;
  return "whsec_" + print_hex(sha256("rehearsal of " + name.name));
}

}  // namespace

int rehearse_campaign(const RehearseCommand& command) {
  Issues issues;
  std::optional<Setup> setup = load_setup(command.config, issues, secret_for_stage);
  for (const Issue& issue : issues) {
    // What the plan cannot promise is told by the readiness report.
    if (issue.level == Issue::Level::error || !setup)
      std::fprintf(stderr, "%s\n", print_issue(issue).c_str());
  }
  if (!setup) return exit_usage;
  const ScratchFolder folder("rehearsal", command.folder);
  if (!folder.usable()) {
    std::fprintf(stderr, "pledgewatch: %s is no empty folder to rehearse in\n",
                 folder.path().c_str());
    return exit_usage;
  }
  RehearsalOptions options;
  options.folder = folder.path();
  options.seed = command.seed;
  if (command.journal)
    options.journal = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  if (!command.journal && !command.json && isatty(STDERR_FILENO) == 1)
    options.progress = [](double done) { draw_progress("rehearsing", done); };
  const auto begun = std::chrono::steady_clock::now();
  const Result<RehearsalFacts> facts = rehearse(*std::move(setup), options);
  if (!facts) {
    std::fprintf(stderr, "pledgewatch: %s\n", facts.error().detail.c_str());
    return exit_world;
  }
  if (command.json) {
    std::printf("%s\n", print_readiness_json(*facts).c_str());
  } else {
    for (const std::string& line : print_readiness(*facts)) std::printf("%s\n", line.c_str());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::printf("\nrehearsed in %.1f s\n", took.count());
  }
  return obstacles(*facts).empty() ? exit_fine : exit_no;
}

}  // namespace pw
