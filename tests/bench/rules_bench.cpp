// Nanoseconds for one evaluation, the best of several rounds: the shipped
// freeze rule over a post, and the condition that other engines are measured
// with, over a map.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "rules/example_reader.h"
#include "rules/pack.h"
#include "rules/types.h"

namespace {

template <class F>
double best_ns(int turns, F&& turn) {
  double best = 1e18;
  for (int round = 0; round < 7; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; ++i) turn();
    const auto end = std::chrono::steady_clock::now();
    best = std::min(best, std::chrono::duration<double, std::nano>(end - start).count() / turns);
  }
  return best;
}

double freeze_ns() {
  using namespace pw;
  std::ifstream file("rules/packs/freeze.yaml", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  Issues issues;
  const auto pack = load_pack("rules/packs/freeze.yaml", text.str(), issues);
  if (!pack) return -1;
  const Facts facts = facts_of(pack->examples.front());
  bool matched = true;
  const double ns = best_ns(200'000, [&] {
    matched = matched && judge(pack->rules[0], facts).kind == RuleOutcome::Kind::match;
  });
  return matched ? ns : -1;
}

double map_ns() {
  using namespace pw;
  cel::TypePool pool;
  cel::Environment environment;
  environment.variables = {{"post", pool.map(cel::plain_type(cel::TypeKind::string),
                                             cel::plain_type(cel::TypeKind::dyn))}};
  const auto compiled = cel::compile(
      "post.platform == \"instagram\" && post.kind in [\"image\",\"video\",\"reel\"] && "
      "!post.text.contains(\"#StopHateForProfit\") && size(post.text) > 3 && post.likes >= 0",
      environment);
  if (!compiled.program) return -1;
  const cel::Value keys[] = {cel::Value::string("platform"), cel::Value::string("kind"),
                             cel::Value::string("text"), cel::Value::string("likes")};
  const cel::Value values[] = {cel::Value::string("instagram"), cel::Value::string("reel"),
                               cel::Value::string("we joined the boycott today"),
                               cel::Value::of(std::int64_t{12})};
  const cel::MapData data{.keys = keys, .values = values, .size = 4};
  cel::Value post = cel::Value::of(cel::Kind::map, {});
  post.map = &data;
  cel::Scratch scratch;
  bool matched = true;
  const double ns = best_ns(200'000, [&] {
    matched = matched && compiled.program->evaluate({{&post, 1}}, scratch).is_true();
  });
  return matched ? ns : -1;
}

}  // namespace

int main() {
  std::printf("freeze rule over a post: %.0f ns\n", freeze_ns());
  std::printf("comparison condition over a map: %.0f ns\n", map_ns());
}
