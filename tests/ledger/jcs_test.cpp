// RFC 8785: its own test data (cyberphone/json-canonicalization) and the numbers
// of its appendix B.
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/utf8.h"

namespace {

using namespace pw;

struct NumberRow {
  std::uint64_t bits;
  std::string_view text;
};

constexpr NumberRow numbers[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
};

struct Row {
  std::string_view input;
  std::string_view yields;  // canonical text, "sha256:<hex>" of it, or "!<why>"
};

const Row rows[] = {
    {R"([56, {"d": true, "10": null, "1": [ ]}])",
     "sha256:099601b171cafed97c333f8878d68e7f8c8f795412adb34b2fdcf0e7c7beac42"},
    {R"({"peach": "This sorting order", "péché": "is wrong according to French",
         "pêche": "but canonicalization MUST", "sin":   "ignore locale"})",
     "sha256:d99d0ebdcb0033cb858cfa830ae46bc0fb3309413b271f1da828c89901a27ed5"},
    {R"({"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { },
         "111": [ {"e": "yes","E": "no" } ], "A": { }})",
     "sha256:605f65004ec2db7692522a0852c22f1c989e036d547e88963d1a3143cf3195d5"},
    {"{\"Unnormalized Unicode\":\"A\\u030a\"}",
     "sha256:0d99aad92a125196ff887876643fd3206786a84ddce2cee52ba4ad256d2381d3"},
    {R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
         "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]})",
     "sha256:2d5e01a318d0f0879ab568c4be289c8b1f64ef8921a53c6277d5e069978baacb"},
    {R"({"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One",
         "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
         "\u00f6": "Latin Small Letter O With Diaeresis",
         "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"})",
     "sha256:6af595a9aa80110b964b4de3f82a05fa6ae7423005019bacfa2620dddc4e94d1"},
    // White space and spelling go; order is by UTF-16 code units, in every depth.
    {" { \"b\" : [ 1.0 , -0 , 1e2 ] , \"a\" : { } } ", R"({"a":{},"b":[1,0,100]})"},
    {"{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x82\":2}", "{\"\xf0\x9f\x98\x82\":2,\"\xef\xac\xb3\":1}"},
    {R"("\u001f\u007f\/\u2028")", "\"\\u001f\x7f/\xe2\x80\xa8\""},
    {"9007199254740993", "9007199254740992"},
    {"18446744073709551615", "18446744073709552000"},
    // I-JSON refuses.
    {R"({"a":1,"b":{"a":2},"a":3})", "!the name \"a\" comes twice"},
    {R"({"a":1,"\u0061":3})", "!the name \"a\" comes twice"},
    {R"("\ud800")", "!not JSON"},
    {R"("\udc00\ud800")", "!not JSON"},
    {"\"\xed\xa0\x80\"", "!not JSON"},
    {"\"\xff\"", "!not JSON"},
    {"\"\xc0\x80\"", "!not JSON"},
    {"1e999", "!not JSON"},
    {"NaN", "!not JSON"},
    {"01", "!not JSON"},
    {"[1,]", "!not JSON"},
    {"{} {}", "!not JSON"},
    {"", "!not JSON"},
};

std::string yield(std::string_view input, bool digest) {
  const auto value = parse_json(input);
  if (!value) return '!' + value.error().detail;
  const auto text = print_jcs(*value);
  if (!text) return '!' + text.error().detail;
  return digest ? "sha256:" + print_hex(sha256(*text)) : *text;
}

TEST_CASE("a number prints as ECMAScript prints it") {
  for (const NumberRow& row : numbers) {
    INFO(row.text);
    CHECK(print_number(std::bit_cast<double>(row.bits)) == row.text);
  }
}

TEST_CASE("a JSON text has the canonical form that its row says, or none") {
  for (const Row& row : rows) {
    INFO(row.input);
    CHECK(yield(row.input, row.yields.starts_with("sha256:")) == row.yields);
  }
}

TEST_CASE("canonical form is a fixed point") {
  for (const Row& row : rows) {
    const std::string once = yield(row.input, false);
    if (once.starts_with('!')) continue;
    CHECK(yield(once, false) == once);
  }
}

TEST_CASE("what is not finite or not UTF-8 has no canonical form") {
  CHECK_FALSE(print_jcs(nlohmann::json(std::numeric_limits<double>::infinity())));
  CHECK_FALSE(print_jcs(nlohmann::json(std::numeric_limits<double>::quiet_NaN())));
  CHECK_FALSE(print_jcs(nlohmann::json("\xff")));
  CHECK_FALSE(print_jcs(nlohmann::json{{"\xff", 1}}));
}

TEST_CASE("a million brackets are refused, not walked") {
  CHECK(yield(std::string(1'000'000, '['), false) == "!nested too deeply");
  CHECK(yield(std::string(63, '[') + std::string(63, ']'), false)[0] == '[');
}

TEST_CASE("cleaning a text keeps characters whole and is done once") {
  CHECK(clean_text("a\xff"
                   "b",
                   99) ==
        "a\xef\xbf\xbd"
        "b");
  CHECK(clean_text("\xe2\x82\xac\xe2\x82\xac", 5) == "\xe2\x82\xac");
  CHECK(clean_text(std::string("a\0b", 3), 99) == std::string("a\0b", 3));
  const std::string once = clean_text("\xf0\x9f\x98 x \xed\xa0\x80", 12);
  CHECK(clean_text(once, 12) == once);
  CHECK(is_utf8(once));
}

}  // namespace
