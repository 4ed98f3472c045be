// Whatever the bytes are: reading them as a source, checked and unchecked,
// evaluating, printing and reading the print again ends, and prints the same.
#include <cassert>
#include <cstdint>
#include <string_view>

#include "rules/example_reader.h"
#include "rules/format.h"
#include "rules/program.h"

namespace {

void run(std::string_view source, const pw::cel::Environment& environment) {
  using namespace pw;
  const cel::Compiled compiled = cel::compile(source, environment);
  assert(compiled.program.has_value() != has_errors(compiled.issues));
  for (const Issue& issue : compiled.issues) cel::print_with_caret(issue, source);
  if (!compiled.program) return;

  static const Example example = default_example();
  const Facts facts = facts_of(example);
  cel::Scratch scratch;
  cel::print_value(compiled.program->evaluate(FactsActivation(facts), scratch), 200);

  const std::string printed = compiled.program->print();
  const cel::Compiled again = cel::compile(printed, environment);
  // The print may be longer than a source may be, or nested deeper by brackets.
  if (again.program) assert(again.program->print() == printed);
}

pw::cel::Environment unchecked() {
  pw::cel::Environment environment = pw::rule_environment();
  environment.checked = false;
  return environment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const pw::cel::Environment loose = unchecked();
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  run(source, pw::rule_environment());
  run(source, loose);
  return 0;
}
