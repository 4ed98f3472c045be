// A hundred rules of the shipped kinds over one post, and one condition beside
// the CEL engines of npm, which node runs in the same run on the same condition.
// --json: one object on the last line.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "rules/example_reader.h"
#include "rules/pack.h"
#include "rules/types.h"
#include "tests/bench/allocations.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::size_t rules_wanted = 100;
constexpr const char* condition =
    R"(post.platform == "instagram" && post.kind in ["image","video","reel"] && )"
    R"(!post.text.contains("#StopHateForProfit") && size(post.text) > 3 && post.likes >= 0)";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The shipped rules again and again, each compiled anew, as a campaign's are.
std::vector<Rule> hundred_rules() {
  std::vector<Rule> rules;
  while (rules.size() < rules_wanted) {
    for (const auto& entry : std::filesystem::directory_iterator("rules/packs")) {
      Issues issues;
      auto pack = load_pack(entry.path().string(), read(entry.path()), issues);
      if (!pack) throw std::runtime_error(print_issue(issues.front()));
      for (Rule& rule : pack->rules) {
        if (rules.size() < rules_wanted) rules.push_back(std::move(rule));
      }
    }
  }
  return rules;
}

// A caption as people write them, on the day of the boycott.
Example usual_post() {
  Example example = default_example();
  example.post.text =
      "So proud of what we made together this summer. Thank you to everybody who came by, "
      "danced, cooked, and stayed until the lights went out. More soon!";
  example.post.tags = {"summer", "thankyou", "friends"};
  example.post.links = {"https://example.org/summer/", "https://shop.example.com/new"};
  example.post.mentions = {"bystander.house"};
  example.post.url = "https://instagram.example/p/abc";
  example.post.lang = "en";
  example.post.media = "image";
  example.post.repost_of = "https://example.social/@somebody/1";
  example.post.paid_partnership = false;
  return example;
}

int judged(const std::vector<Rule>& rules, const Facts& facts) {
  int matches = 0;
  for (const Rule& rule : rules) {
    matches += judge(rule, facts).kind == RuleOutcome::Kind::match ? 1 : 0;
  }
  return matches;
}

void hundred_rules_over_a_post(benchmark::State& state) {
  static const std::vector<Rule> rules = hundred_rules();
  static const Example example = usual_post();
  const Facts facts = facts_of(example);
  benchmark::DoNotOptimize(judged(rules, facts));
  const std::uint64_t before = allocations_so_far();
  benchmark::DoNotOptimize(judged(rules, facts));
  state.counters["allocations"] = static_cast<double>(allocations_so_far() - before);
  state.counters["matches"] = judged(rules, facts);
  for (auto _ : state) benchmark::DoNotOptimize(judged(rules, facts));
}

void condition_over_a_map(benchmark::State& state) {
  cel::TypePool pool;
  cel::Environment environment;
  environment.variables = {{"post", pool.map(cel::plain_type(cel::TypeKind::string),
                                             cel::plain_type(cel::TypeKind::dyn))}};
  const auto compiled = cel::compile(condition, environment);
  const std::array keys = {cel::Value::string("platform"), cel::Value::string("kind"),
                           cel::Value::string("text"), cel::Value::string("likes")};
  const std::array values = {cel::Value::string("instagram"), cel::Value::string("reel"),
                             cel::Value::string("we joined the boycott today"),
                             cel::Value::of(std::int64_t{12})};
  const cel::MapData data{.keys = keys.data(), .values = values.data(), .size = keys.size()};
  cel::Value post = cel::Value::of(cel::Kind::map, {});
  post.map = &data;
  cel::Scratch scratch;
  const auto evaluate = [&] { return compiled.program->evaluate({{&post, 1}}, scratch).is_true(); };
  if (!evaluate()) throw std::runtime_error("the condition should be true");
  for (auto _ : state) benchmark::DoNotOptimize(evaluate());
}

// Nanoseconds of processor time, the best repetition of each benchmark.
class BestOf final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const std::string name = run.run_name.function_name;
      const double ns = run.GetAdjustedCPUTime();
      if (!best_ns.contains(name) || ns < best_ns[name]) best_ns[name] = ns;
      const auto counted = run.counters.find("allocations");
      if (counted != run.counters.end()) allocations_seen = counted->second;
    }
    ConsoleReporter::ReportRuns(runs);
  }
  std::map<std::string, double> best_ns{};
  double allocations_seen = 0;
};

// What rules_engines.mjs prints; node's program is in $PLEDGEWATCH_NODE.
json npm_engines() {
  const char* const chosen = std::getenv("PLEDGEWATCH_NODE");
  const std::string node = chosen == nullptr ? "node" : chosen;
  const std::string command =
      "'" + node + "' tests/bench/rules_engines.mjs '" + std::string(condition) + "'";
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("node cannot be started");
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), count);
  }
  if (pclose(pipe) != 0) throw std::runtime_error("tests/bench/rules_engines.mjs failed");
  return json::parse(text);
}

int report(const BestOf& best, bool as_json) {
  const double ns = best.best_ns.at("100_rules_over_a_post");
  const double per_second = 1e9 / best.best_ns.at("condition_over_a_map");
  const json npm = npm_engines();
  double fastest = 0;
  for (const auto& [name, value] : npm.items()) {
    std::printf("%-24s %12.0f evaluations/s\n", name.c_str(), value.get<double>());
    fastest = std::max(fastest, value.get<double>());
  }
  const double ratio = per_second / fastest;
  std::printf("%-24s %12.0f evaluations/s, %.1f times the faster\n", "pledgewatch", per_second,
              ratio);
  std::printf("100 rules over a post: %.2f us, %.0f allocations\n", ns / 1e3,
              best.allocations_seen);
  const bool met = ns < 20'000 && ratio >= 10 && best.allocations_seen == 0;
  if (as_json) {
    const json answer = {{"ns_per_post_100_rules", ns},
                         {"evals_per_second", per_second},
                         {"ratio_to_best_npm", ratio},
                         {"allocations_per_post_100_rules", best.allocations_seen},
                         {"npm_evals_per_second", npm}};
    std::printf("%s\n", answer.dump().c_str());
  }
  return met ? 0 : 1;
}

}  // namespace
}  // namespace pw

int main(int argc, char** argv) {
  bool as_json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--json") continue;
    as_json = true;
    std::copy(argv + i + 1, argv + argc, argv + i);
    --argc;
    --i;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RegisterBenchmark("100_rules_over_a_post", pw::hundred_rules_over_a_post)
      ->Repetitions(9);
  benchmark::RegisterBenchmark("condition_over_a_map", pw::condition_over_a_map)->Repetitions(9);
  pw::BestOf best;
  benchmark::RunSpecifiedBenchmarks(&best);
  try {
    return pw::report(best, as_json);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_rules: %s\n", error.what());
    return 3;
  }
}
