// Whatever the bytes are: read as a rule pack, and as a post to explain a rule
// over, they are refused or loaded, and every example can be run and explained.
#include <cassert>
#include <cstdint>
#include <string_view>

#include "rules/explain.h"
#include "rules/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pw;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Issues issues;
  const auto pack = load_pack("pack.yaml", text, issues);
  assert(pack.has_value() != has_errors(issues));
  for (const Issue& issue : issues) print_issue(issue);
  if (pack) {
    run_examples(*pack);
    for (const Example& example : pack->examples) {
      print_explanation(explain_rule(pack->rules[example.rule], facts_of(example)));
      render_summary(pack->rules[example.rule], facts_of(example));
    }
  }
  Issues of_post;
  const auto post = load_example("post.json", text, of_post);
  assert(post.has_value() != has_errors(of_post));
  return 0;
}
