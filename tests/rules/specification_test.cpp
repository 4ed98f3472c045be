// The language's definition, sentence by sentence: specification.txt.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "rules/format.h"
#include "rules/program.h"

using namespace pw;

namespace {

std::string outcome(const std::string& source, bool checked) {
  cel::Environment environment;
  environment.checked = checked;
  const cel::Compiled compiled = cel::compile(source, environment);
  if (!compiled.program) return "error: " + compiled.issues.front().message;
  cel::Scratch scratch;
  return cel::print_value(compiled.program->evaluate({}, scratch), 300);
}

bool yields(const std::string& got, const std::string& wanted) {
  return wanted == "error" ? got.starts_with("error: ") : got == wanted;
}

}  // namespace

TEST_CASE("the language does what its definition says") {
  std::ifstream file("tests/rules/specification.txt", std::ios::binary);
  REQUIRE(file);
  int rows = 0;
  std::string source;
  for (std::string line; std::getline(file, line);) {
    if (source.empty() && (line.empty() || line.front() == '#')) continue;
    source += (source.empty() ? "" : "\n") + line;
    const std::size_t arrow = source.rfind(" => ");
    if (arrow == std::string::npos) continue;
    const std::string wanted = source.substr(arrow + 4);
    source.resize(arrow);
    const std::string got = outcome(source, /*checked=*/true);
    INFO(source << " should yield " << wanted << ", yields " << got);
    CHECK(yields(got, wanted));
    // Checking refuses sources; it never changes what one means.
    if (wanted != "error") CHECK(outcome(source, /*checked=*/false) == wanted);
    source.clear();
    ++rows;
  }
  CHECK(rows >= 800);
}
