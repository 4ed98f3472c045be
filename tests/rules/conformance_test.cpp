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

TEST_CASE("every form of the suite is read, and what is not supported says so") {
  struct Row {
    const char* line;
    const char* fault;  // empty: it passes
  };
  constexpr Row rows[] = {
      {R"j({"expr":"42","typedResult":{"result":{"int64Value":"42"},"deducedType":{"primitive":"INT64"}}})j",
       ""},
      {R"j({"expr":"42","typedResult":{"result":{"int64Value":"42"},"deducedType":{"primitive":"STRING"}}})j",
       "wanted type string, got int"},
      {R"j({"expr":"42","typedResult":{"result":{"int64Value":"43"}}})j", "wanted 43, got 42"},
      {R"j({"expr":"[[], [[]]]","checkOnly":true,"typedResult":{"deducedType":)j"
       R"j({"listType":{"elemType":{"listType":{"elemType":{"listType":{"elemType":{"dyn":{}}}}}}}}}})j",
       ""},
      {R"j({"expr":"[optional.of(1), null][0]","checkOnly":true,"typedResult":{"deducedType":)j"
       R"j({"abstractType":{"name":"optional_type","parameterTypes":[{"primitive":"INT64"}]}}}})j",
       ""},
      {R"j({"expr":"1 / x","typeEnv":[{"name":"x","ident":{"type":{"primitive":"INT64"}}}],"checkOnly":true,"value":{"int64Value":"1"}})j",
       ""},
      {R"j({"expr":"x.getMilliseconds()","typeEnv":[{"name":"x","ident":{"type":{"messageType":"google.protobuf.Duration"}}}],)j"
       R"j("bindings":{"x":{"value":{"objectValue":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"123.321456789s"}}}},)j"
       R"j("value":{"int64Value":"321"}})j",
       ""},
      {R"j({"expr":"timestamp('2020-09-16T00:00:00Z')","value":{"objectValue":)j"
       R"j({"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"2020-09-16T00:00:00Z"}}})j",
       ""},
      {R"j({"expr":"x","bindings":{"x":{"value":{"objectValue":{"@type":"type.googleapis.com/google.protobuf.Any","value":)j"
       R"j({"@type":"type.googleapis.com/google.protobuf.Int64Value","value":"7"}}}}},"value":{"int64Value":"7"}})j",
       ""},
      {R"j({"expr":"x.a[1]","bindings":{"x":{"value":{"objectValue":{"@type":"type.googleapis.com/google.protobuf.Struct",)j"
       R"j("value":{"a":[true,2,"t",null]}}}}},"value":{"doubleValue":2}})j",
       ""},
      {R"j({"expr":"x || false","bindings":{"x":{"unknown":{"exprs":["1"]}}},"unknown":{"exprs":["1"]}})j",
       ""},
      {R"j({"expr":"x || false","bindings":{"x":{"error":{"errors":[{"message":"e"}]}}},"anyEvalErrors":{"errors":[]}})j",
       ""},
      {R"j({"expr":"true","anyUnknowns":{}})j", "wanted an unknown, got true"},
      {R"j({"expr":"f()","typeEnv":[{"name":"f","function":{"overloads":[]}}]})j",
       "not supported: functions of the host: f"},
      {R"j({"expr":"x","typeEnv":[{"name":"x","ident":{"type":{"messageType":"my.Message"}}}]})j",
       "messages are not supported: my.Message"},
      {R"j({"expr":"x","typeEnv":[{"name":"x","ident":{"type":{"abstractType":{"name":"tuple"}}}}]})j",
       "types of the host are not supported: tuple"},
      {R"j({"expr":"x","bindings":{"x":{"value":{"objectValue":{"@type":"type.googleapis.com/my.Message"}}}}})j",
       "messages are not supported: my.Message (of x)"},
      {R"j({"expr":"1","value":{"enumValue":{"type":"my.Enum","value":1}}})j",
       "wanted what is not read (enum types are not supported), got 1"},
      {R"j({"expr":"my.Message{a:1}\n == null"})j",
       "refused: :1:11: error: message types are not part of this language"},
      {R"j({"expr":"1","disableMacros":true})j", "not supported: parsing without macros"},
      {R"j({"expr":"x","bindings":{"x":{}}})j", "an unreadable binding (of x)"},
      {R"j({"expr":"x","bindings":[]})j", "bindings are no object"},
  };
  for (const Row& row : rows) {
    INFO(row.line);
    const ConformanceReport report = run_conformance(row.line);
    const std::string fault =
        report.failures.empty()
            ? ""
            : report.failures.front().substr(report.failures.front().find(": ") + 2);
    CHECK(fault.substr(fault.empty() ? 0 : fault.find(": ") + 2) == row.fault);
  }
}
