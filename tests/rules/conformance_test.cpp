#include "rules/conformance.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace pw;

TEST_CASE("every published conformance case passes") {
  std::ifstream file("../shared/conformance/cel.jsonl", std::ios::binary);
  if (!file) {
    WARN("skipped: ../shared/conformance is not beside the checkout");
    return;
  }
  std::ostringstream text;
  text << file.rdbuf();
  const ConformanceReport report = run_conformance(text.str());
  std::cout << print_conformance(report);
  CHECK(report.failed == 0);
  CHECK(report.passed == 1110);
}

TEST_CASE("a conformance file names what failed and counts what it cannot read") {
  const ConformanceReport report = run_conformance(
      "{\"file\":\"f\",\"section\":\"s\",\"name\":\"n\",\"expr\":\"1 + 1\","
      "\"value\":{\"int64Value\":\"3\"}}\n"
      "not json\n"
      "{\"file\":\"f\",\"expr\":\"true\"}\n");
  CHECK(print_conformance(report) ==
        "f: 1 passed, 1 failed\n"
        ": 0 passed, 1 failed\n"
        "failed: f/s/n: 1 + 1: wanted 3, got 2\n"
        "failed: //: : not a case\n"
        "1 passed, 2 failed\n");
}
