// `pledgewatch rules test`, `rules conformance` and `rules explain`.
#include <array>
#include <cstdio>
#include <functional>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/hindsight.h"
#include "daemon/app/setup.h"
#include "daemon/app/tell.h"
#include "rules/conformance.h"
#include "rules/explain.h"
#include "rules/pack.h"

namespace pw {
namespace {

using nlohmann::json;

std::string print_object(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

json conformance_json(const ConformanceReport& report) {
  json files = json::array();
  for (const ConformanceFile& file : report.files) {
    files.push_back({{"file", file.name}, {"passed", file.passed}, {"failed", file.failed}});
  }
  return {{"passed", report.passed},
          {"failed", report.failed},
          {"files", std::move(files)},
          {"failures", report.failures}};
}

struct PackResult {
  std::string file;
  bool loaded = false;
  int rules = 0;
  int passed = 0;
  int failed = 0;
  Issues issues{};  // of loading, then of its examples
};

PackResult test_pack(const std::string& file) {
  PackResult result{.file = file};
  std::string text;
  if (!read_file(file, text)) {
    result.issues.push_back({file, 0, 0, "cannot be read"});
    return result;
  }
  const std::optional<RulePack> pack = load_pack(file, text, result.issues);
  if (!pack) return result;
  const Issues failures = run_examples(*pack);
  result.loaded = true;
  result.rules = static_cast<int>(pack->rules.size());
  result.failed = static_cast<int>(failures.size());
  result.passed = static_cast<int>(pack->examples.size()) - result.failed;
  result.issues.insert(result.issues.end(), failures.begin(), failures.end());
  return result;
}

json result_json(const PackResult& result) {
  json issues = json::array();
  for (const Issue& issue : result.issues) {
    issues.push_back({{"file", issue.file},
                      {"line", issue.line},
                      {"column", issue.column},
                      {"level", issue.level == Issue::Level::error ? "error" : "warning"},
                      {"message", issue.message},
                      {"nearest", issue.nearest}});
  }
  return {{"file", result.file},     {"loaded", result.loaded}, {"rules", result.rules},
          {"passed", result.passed}, {"failed", result.failed}, {"issues", std::move(issues)}};
}

json steps_json(const ExplainedCondition& condition) {
  json steps = json::array();
  for (const ExplainedStep& step : condition.steps) {
    steps.push_back({{"depth", step.depth},
                     {"expression", step.expression},
                     {"value", step.value},
                     {"evaluated", step.evaluated}});
  }
  return steps;
}

json explanation_json(const Explanation& explanation) {
  constexpr std::array<const char*, 3> outcomes = {"no match", "match", "unknown"};
  json answer = {{"rule", explanation.rule},
                 {"outcome", outcomes[static_cast<std::size_t>(explanation.outcome.kind)]},
                 {"reason", explanation.outcome.reason},
                 {"exemptions", explanation.exemptions}};
  for (const ExplainedCondition& condition : explanation.conditions) {
    answer[condition.title] = {{"source", condition.source},
                               {"evaluated", condition.evaluated},
                               {"steps", steps_json(condition)}};
  }
  return answer;
}

// Rules of the packs by this name; all rules of a pack by its file's name.
std::vector<const Rule*> chosen_rules(const std::vector<RulePack>& packs, const std::string& name) {
  std::vector<const Rule*> chosen;
  std::vector<std::string_view> known;
  for (const RulePack& pack : packs) {
    for (const Rule& rule : pack.rules) {
      if (rule.name == name || pack.file == name) chosen.push_back(&rule);
      known.push_back(rule.name);
    }
  }
  if (!chosen.empty()) return chosen;
  const std::string nearest = nearest_of(name, known);
  std::fprintf(stderr, "error: no rule '%s'%s\n", name.c_str(),
               nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").c_str());
  return chosen;
}

int explain_chosen(const std::vector<const Rule*>& rules, bool as_json,
                   const std::function<Facts(const Rule&)>& facts) {
  if (rules.empty()) return exit_usage;
  json all = json::array();
  for (const Rule* const rule : rules) {
    const Explanation explanation = explain_rule(*rule, facts(*rule));
    if (as_json)
      all.push_back(explanation_json(explanation));
    else
      std::fputs(print_explanation(explanation).c_str(), stdout);
  }
  if (as_json) std::printf("%s\n", print_object({{"explanations", std::move(all)}}).c_str());
  return exit_fine;
}

int explain_finding(const ExplainOptions& options) {
  Issues issues;
  const Result<Hindsight> past = look_back(options.config, issues);
  print_issues(issues);
  if (!past) {
    std::fprintf(stderr, "pledgewatch: %s\n", past.error().detail.c_str());
    return has_errors(issues) ? exit_usage : exit_world;
  }
  for (const Finding& finding : past->findings) {
    if (finding.id != options.finding) continue;
    for (const StoredPost& post : past->posts) {
      if (post.account != finding.account || post.post.id != finding.post_id) continue;
      if (post.erased) continue;
      const std::string& name = options.rule.empty() ? finding.rule : options.rule;
      return explain_chosen(chosen_rules(past->grounds.packs, name), options.json,
                            [&](const Rule& rule) {
                              return facts_of(past->grounds, post, rule,
                                              statements_used(*past, post), judged_at(post));
                            });
    }
    std::fprintf(stderr,
                 "error: the post of this finding is erased, or its account left the roster\n");
    return exit_usage;
  }
  std::fprintf(stderr, "error: no finding '%s'\n", options.finding.c_str());
  return exit_usage;
}

std::optional<std::vector<RulePack>> packs_for(const ExplainOptions& options, Issues& issues) {
  if (!options.packs.empty()) return load_packs(options.packs, issues);
  if (options.config.empty()) return load_packs({options.rule}, issues);
  std::optional<Setup> setup = load_setup(options.config, issues, secret_beside_service);
  return setup ? std::optional(std::move(setup->packs)) : std::nullopt;
}

}  // namespace

int test_rules(const RuleTestOptions& options) {
  int passed = 0;
  int failed = 0;
  bool loaded = true;
  json packs = json::array();
  for (const std::string& file : options.files) {
    const PackResult result = test_pack(file);
    passed += result.passed;
    failed += result.failed;
    loaded = loaded && result.loaded;
    if (options.json) {
      packs.push_back(result_json(result));
      continue;
    }
    print_issues(result.issues);
    if (!result.loaded) continue;
    std::printf("%s: %d rules, %d examples passed, %d failed\n", file.c_str(), result.rules,
                result.passed, result.failed);
  }
  if (options.json) {
    const json answer = {{"passed", passed}, {"failed", failed}, {"packs", std::move(packs)}};
    std::printf("%s\n", print_object(answer).c_str());
  } else {
    std::printf("%d passed, %d failed\n", passed, failed);
  }
  if (!loaded) return exit_usage;
  return failed == 0 ? exit_fine : exit_no;
}

int explain_rule_over_post(const ExplainOptions& options) {
  if (!options.finding.empty() && !options.config.empty()) return explain_finding(options);
  if (options.rule.empty() || options.post.empty()) {
    std::fprintf(stderr, "error: give a rule and a post, or --finding and --config\n");
    return exit_usage;
  }
  Issues issues;
  const auto packs = packs_for(options, issues);
  std::string text;
  std::optional<Example> post;
  if (!read_file(options.post, text))
    issues.push_back({options.post, 0, 0, "cannot be read"});
  else
    post = load_example(options.post, text, issues);
  print_issues(issues);
  if (!packs || !post) return exit_usage;
  return explain_chosen(chosen_rules(*packs, options.rule), options.json,
                        [&](const Rule&) { return facts_of(*post); });
}

int run_rule_conformance(const RuleConformanceOptions& options) {
  std::string text;
  if (!read_file(options.file, text)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", options.file.c_str());
    return exit_usage;
  }
  const ConformanceReport report = run_conformance(text);
  if (options.json)
    std::printf("%s\n", print_object(conformance_json(report)).c_str());
  else
    std::fputs(print_conformance(report).c_str(), stdout);
  return report.failed == 0 ? exit_fine : exit_no;
}

}  // namespace pw
