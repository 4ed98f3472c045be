// Runs a file of conformance cases: one JSON object a line, of the public CEL
// suite's form (SimpleTest of cel/expr/conformance/test/simple.proto in
// github.com/google/cel-spec, as JSON): file, section, name, expr, container,
// typeEnv, bindings, disableCheck, checkOnly, and what is wanted: value,
// typedResult, evalError, anyEvalErrors, unknown, anyUnknowns; true where nothing
// is said. What the language does not have (messages, enums, functions of a host)
// fails with a reason that says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace pw {

struct ConformanceFile {
  std::string name;  // "basic"
  int passed = 0;
  int failed = 0;
};

struct ConformanceReport {
  std::vector<ConformanceFile> files;  // in the order first met
  std::vector<std::string> failures;   // "file/section/name: expr: wanted x, got y"
  int passed = 0;
  int failed = 0;  // lines that cannot be read count too
};

ConformanceReport run_conformance(std::string_view jsonl);
// A line for each file and failure; the last line is "N passed, M failed".
std::string print_conformance(const ConformanceReport& report);

}  // namespace pw
