// `pledgewatch rehearse`: the campaign before its day.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "config/files.h"
#include "daemon/app/commands.h"
#include "daemon/app/rehearsal.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// In memory where the machine has such a folder: a simulated day commits as often
// as a real one, in a thousandth of the time.
class StageFolder {
 public:
  explicit StageFolder(const std::string& wished) : keeps_(!wished.empty()) {
    std::error_code error;
    const fs::path memory("/dev/shm");
    const fs::path base = fs::is_directory(memory, error) ? memory : fs::temp_directory_path(error);
    path_ =
        keeps_ ? fs::path(wished) : base / ("pledgewatch-rehearsal-" + std::to_string(getpid()));
    fs::create_directories(path_, error);
    usable_ = !error && fs::is_empty(path_, error) && !error;
  }
  ~StageFolder() {
    std::error_code ignored;
    if (!keeps_) fs::remove_all(path_, ignored);
  }
  StageFolder(const StageFolder&) = delete;
  StageFolder& operator=(const StageFolder&) = delete;

  bool usable() const { return usable_; }
  std::string path() const { return path_.string(); }

 private:
  bool keeps_;
  bool usable_ = false;
  fs::path path_;
};

// A rehearsal needs no secrets: where one cannot be read, a made-up one stands in. Its
// digits are base64 as well as part of a path, where a bot's token goes.
Result<std::string> secret_for_stage(const SecretName& name) {
  Result<std::string> real = read_secret_here(name);
  if (real) return real;
  return "whsec_" + print_hex(sha256("rehearsal of " + name.name));
}

void draw_progress(double done) {
  constexpr int width = 40;
  const int full = static_cast<int>(done * width);
  std::string bar(static_cast<std::size_t>(full), '#');
  bar.resize(width, '.');
  std::fprintf(stderr, "\rrehearsing [%s] %3d %%", bar.c_str(), static_cast<int>(done * 100));
  if (done >= 1) std::fputs("\r\x1b[K", stderr);
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
  const StageFolder folder(command.folder);
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
    options.progress = draw_progress;
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
