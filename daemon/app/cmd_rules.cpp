// `pledgewatch rules test` and `pledgewatch rules conformance`.
#include <cstdio>

#include "daemon/app/commands.h"
#include "rules/conformance.h"
#include "rules/pack.h"

namespace pw {
namespace {

struct Tally {
  int passed = 0;
  int failed = 0;
};

void print_issues(const Issues& issues) {
  for (const Issue& issue : issues) std::fprintf(stderr, "%s\n", print_issue(issue).c_str());
}

// False when the pack itself cannot be loaded.
bool test_pack(const std::string& file, Tally& tally) {
  std::string text;
  if (!read_file(file, text)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", file.c_str());
    return false;
  }
  Issues issues;
  const std::optional<RulePack> pack = load_pack(file, text, issues);
  print_issues(issues);
  if (!pack) return false;
  const Issues failures = run_examples(*pack);
  print_issues(failures);
  const int failed = static_cast<int>(failures.size());
  const int passed = static_cast<int>(pack->examples.size()) - failed;
  std::printf("%s: %zu rules, %d examples passed, %d failed\n", file.c_str(), pack->rules.size(),
              passed, failed);
  tally.passed += passed;
  tally.failed += failed;
  return true;
}

}  // namespace

int test_rules(const std::vector<std::string>& files) {
  Tally tally;
  bool loaded = true;
  for (const std::string& file : files) loaded = test_pack(file, tally) && loaded;
  std::printf("%d passed, %d failed\n", tally.passed, tally.failed);
  if (!loaded) return exit_usage;
  return tally.failed == 0 ? exit_fine : exit_no;
}

int run_rule_conformance(const std::string& file) {
  std::string text;
  if (!read_file(file, text)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", file.c_str());
    return exit_usage;
  }
  const ConformanceReport report = run_conformance(text);
  std::fputs(print_conformance(report).c_str(), stdout);
  return report.failed == 0 ? exit_fine : exit_no;
}

}  // namespace pw
