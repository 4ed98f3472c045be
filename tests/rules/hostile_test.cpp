// Sources and data that want to hang, crash or exhaust. The fuzz target's
// function is run here too, over seeded noise, so that it cannot rot.
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "rules/example_reader.h"
#include "rules/explain.h"
#include "rules/format.h"
#include "rules/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace pw;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string outcome(const std::string& source) {
  const cel::Compiled compiled = cel::compile(source, rule_environment());
  if (!compiled.program) return compiled.issues.front().message;
  static const Example example = default_example();
  const Facts facts = facts_of(example);
  cel::Scratch scratch;
  return cel::print_value(compiled.program->evaluate(FactsActivation(facts), scratch), 100);
}

constexpr std::string_view words[] = {"post",
                                      ".",
                                      "text",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "{",
                                      "}",
                                      "?",
                                      ":",
                                      "&&",
                                      "||",
                                      "!",
                                      "-",
                                      "+",
                                      "*",
                                      "/",
                                      "%",
                                      "==",
                                      "!=",
                                      "<",
                                      "<=",
                                      ">",
                                      ">=",
                                      "in",
                                      ",",
                                      "1",
                                      "2u",
                                      "1.5",
                                      "'a'",
                                      "b'a'",
                                      "true",
                                      "null",
                                      "has(",
                                      ".all(x,",
                                      ".map(x,",
                                      ".exists(x,",
                                      "x",
                                      "optional.of(",
                                      ".?",
                                      "[?",
                                      "cel.bind(x,",
                                      ".format(",
                                      "size(",
                                      "timestamp('2020-01-01T00:00:00Z')",
                                      "duration('1s')",
                                      ".matches('a+')",
                                      "[1,2,3]",
                                      "{'a':1}",
                                      "type(",
                                      "dyn(",
                                      "math.greatest(",
                                      " ",
                                      "`a-b`",
                                      "\"",
                                      "9223372036854775807",
                                      "pledge.window.covers(",
                                      "post.appeared",
                                      ".transformMap(x,y,",
                                      "//",
                                      "\n",
                                      "\\"};

void fuzz(const std::string& source) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(source.data()), source.size());
}

}  // namespace

TEST_CASE("each limit has its own message") {
  CHECK(outcome(std::string(1'000'000, '1')) ==
        "the source is too long (1000000 bytes, at most 100000)");
  CHECK(outcome(repeated("(", 5'000) + "1" + repeated(")", 5'000)) ==
        "nested too deeply (at most 250 levels)");
  CHECK(outcome(repeated("[", 50'000)) == "nested too deeply (at most 250 levels)");
  CHECK(outcome(repeated("true ? 1 : ", 5'000) + "1") == "nested too deeply (at most 250 levels)");
  CHECK(outcome("1" + repeated(" + 1", 5'000)) ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome(repeated("!", 50'000) + "true") ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome(repeated("- ", 10'000) + "post") ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome(repeated("x?", 5'000)) == "expected ':'");
  CHECK(outcome("[1]" + repeated("[0]", 20'000)) ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome("1" + repeated(" in [1]", 10'000)) ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome("true" + repeated(" && true", 10'000)) == "true");
  CHECK(outcome(repeated("[1].map(x, ", 5'000)) == "nested too deeply (at most 250 levels)");
  CHECK(outcome("'" + repeated("a", 90'000)) == "this string has no end");
  CHECK(outcome("'a'.matches('" + repeated("(", 3'000) + "')").size() < 200);
  CHECK(outcome("[" + repeated("1,", 49'000) + "].size()") == "49000");
  CHECK(outcome("post" + repeated(".a", 20'000)) ==
        "the expression is too deep (at most 1000 operations)");
  CHECK(outcome("'a'.matches('" + std::string(5'000, 'a') + "')") ==
        "the pattern is too long (at most 4096 bytes)");
  CHECK(outcome("'a'.matches('((a{100}){100}){100}')") == "the pattern is too large");
  const std::string thousand = "[" + repeated("1,", 1'000) + "]";
  CHECK(outcome("cel.bind(l, " + thousand + ", l.all(x, l.all(y, y == x)))") ==
        "error: too many steps of comprehensions (at most 100000)");
  CHECK(outcome("cel.bind(l, " + thousand + ", l.map(x, l + l + l + l + l).size())") ==
        "error: the evaluation builds too much (limit on memory)");
  std::string doubled = "'0123456789'";
  for (int i = 0; i < 25; ++i) doubled = "cel.bind(a, " + doubled + ", a + a)";
  CHECK(outcome(doubled) == "error: a string is too long (at most 1048576 bytes)");
  std::string lists = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
  for (int i = 0; i < 25; ++i) lists = "cel.bind(a, " + lists + ", a + a)";
  CHECK(outcome(lists) == "error: a list is too long (at most 100000 items)");
  std::string deep = "dyn(post.text)";
  for (int i = 0; i < 200; ++i) deep = "cel.bind(a, " + deep + ", [a])";
  CHECK(outcome(deep) == "error: lists and maps are nested too deeply (at most 100)");
}

TEST_CASE("five mistakes that authors make, each with a message of its own") {
  CHECK(outcome("post.txet == ''") == "post has no field 'txet'");
  CHECK(outcome("post.text > 3") == "cannot compare string with int");
  CHECK(outcome("post.text.matches('(((a{30}){30}){30}){30}')") == "the pattern is too large");
  const std::string hundred = "[" + repeated("1,", 100) + "]";
  CHECK(outcome("cel.bind(l, " + hundred + ", l.map(a, l.map(b, l.map(c, a + b + c))).size())") ==
        "error: too many steps of comprehensions (at most 100000)");
  CHECK(outcome(std::string(1'048'576, ' ') + "true") ==
        "the source is too long (1048580 bytes, at most 100000)");
}

TEST_CASE("values that share their parts are compared in bounded time") {
  std::string shared = "[post.text]";
  for (int i = 0; i < 60; ++i) shared = "cel.bind(a, " + shared + ", [a, a])";
  CHECK(outcome(shared + " == " + shared) ==
        "error: the evaluation takes too long (limit on work)");
  CHECK(outcome("'%s'.format([" + shared + "]).size()").starts_with("error: "));
}

TEST_CASE("long chains of && and || are no depth") {
  CHECK(outcome("true" + repeated(" && true", 5'000)) == "true");
  CHECK(outcome("false" + repeated(" || false", 5'000) + " || true") == "true");
}

TEST_CASE("types that grow with every name do not grow the check") {
  std::string source = "a == b";
  std::string head;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    const std::string m = std::to_string(i + 1);
    head += "[].map(x" + m + ", x" + n + " == {'k': x" + m + "} && x" + m + " in {} && ";
  }
  source = "[].map(x0, " + head + "true" + repeated(")", 61);
  outcome(source);
  std::string nested = "[]";
  for (int i = 0; i < 240; ++i) nested = "[" + nested + "]";
  outcome("cel.bind(a, " + nested + ", cel.bind(b, [[a]], b == [[a]]))");
  SUCCEED("it ended");
}

TEST_CASE("a text chosen against a pattern or a search costs no more than its length") {
  Example example = default_example();
  example.post.text = std::string(1'000'000, 'a');
  const Facts facts = facts_of(example);
  for (const char* const source :
       {"post.text.matches('(a*)*b')", "post.text.matches('(x+x+)+y')",
        "post.text.contains(post.text.substring(0, 500000) + 'b')",
        "post.text.lastIndexOf('b' + post.text.substring(0, 500000)) == 0",
        "post.text.split('').size() == 1", "post.text.replace('a', 'aaaa').size() == 1",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, [1, 2, 3, 4, 5, 6, 7, 8, 9].all(y, "
        "post.text.matches('[^b]*(c|d|e)+' + string(x))))"}) {
    INFO(source);
    const cel::Compiled compiled = cel::compile(source, rule_environment());
    REQUIRE(compiled.program);
    cel::Scratch scratch;
    const auto start = std::chrono::steady_clock::now();
    const cel::Value value = compiled.program->evaluate(FactsActivation(facts), scratch);
    CHECK_FALSE(value.is_true());
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}

TEST_CASE("facts that are missing altogether are unknown, each by its name") {
  const Facts nothing;
  const auto of = [&](const char* source) {
    const cel::Compiled compiled = cel::compile(source, rule_environment());
    REQUIRE(compiled.program);
    cel::Scratch scratch;
    return cel::print_value(compiled.program->evaluate(FactsActivation(nothing), scratch), 100);
  };
  CHECK(of("post.text") == "unknown: post is absent");
  CHECK(of("account.platform") == "unknown: account is absent");
  CHECK(of("actor.name") == "unknown: actor is absent");
  CHECK(of("pledge.surfaces") == "unknown: pledge is absent");
  CHECK(of("pledge.window.covers(post.appeared)") ==
        "unknown: pledge.window is absent; post is absent");
  CHECK(of("campaign.name") == "unknown: campaign.name is absent");
  CHECK(of("look.outcome") == "unknown: look is absent");
  CHECK(of("campaign.is_statement(post)") == "false");
}

TEST_CASE("a soup of tokens is refused or evaluated, never worse") {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    std::mt19937 random(seed);
    std::string source;
    const std::size_t length = 1 + random() % 30;
    for (std::size_t i = 0; i < length; ++i) source += words[random() % std::size(words)];
    INFO("seed " << seed << ": " << source);
    fuzz(source);
  }
  SUCCEED("no source crashed");
}

TEST_CASE("an accepted source with a changed byte is refused or evaluated, never worse") {
  const std::vector<std::string> accepted = {
      "pledge.window.covers(post.appeared) && post.surface in pledge.surfaces",
      "post.tags.map(t, t.lowerAscii()).exists(t, t in ['ad', 'advert', \"x\\u00e9\"]) ? 1 : 2",
      "'%s %d %.3f'.format([post.text, 12, 1.5e3]).matches(r'^\\w+ (\\d+)$')",
      "{'a': [1, 2u, 3.0, b'\\xff'], ?'b': optional.none()}.transformMap(k, v, [k, v])",
      "timestamp('2020-09-16T00:00:00Z') + duration('1h') < now.format('UTC').size() == true",
  };
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    std::mt19937 random(seed);
    std::string source = accepted[seed % accepted.size()];
    for (unsigned change = 0; change <= seed % 3; ++change) {
      const std::size_t at = random() % source.size();
      switch (random() % 3) {
        case 0:
          source[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          source.erase(at, 1 + random() % 3);
          break;
        default:
          source.insert(at, words[random() % std::size(words)]);
          break;
      }
      if (source.empty()) break;
    }
    INFO("seed " << seed << ": " << source);
    fuzz(source);
  }
  SUCCEED("no source crashed");
}

TEST_CASE("a pack with a changed byte is refused or loaded, never worse") {
  const std::string pack =
      "rules:\n  - name: a-b\n    when: |\n      post.text == 'a'\n        && true\n"
      "    unless: \"post.lang == \\\"e\\x6e\\\"\"\n    quota: 3/day\n    summary: 'it''s "
      "${post.text}'\n    labels: {a: b}\n    examples:\n      - {post: {text: a, appeared: "
      "[2020-09-16T00:00:00Z, 2020-09-16T00:00:00Z]}, match: true}\n";
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    std::mt19937 random(seed);
    std::string text = pack;
    for (unsigned change = 0; change <= seed % 4; ++change) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    INFO("seed " << seed);
    Issues issues;
    const auto loaded = load_pack("p.yaml", text, issues);
    CHECK(loaded.has_value() != has_errors(issues));
    if (loaded) run_examples(*loaded);
  }
}

TEST_CASE("an explanation shows every step in order, and what was skipped") {
  Issues issues;
  const auto pack =
      load_pack("p.yaml",
                "rules:\n  - name: a\n"
                "    when: post.surface == 'reel' && post.lang == 'en' || "
                "post.tags.exists(t, t == 'x')\n"
                "    unless: size(post.text) > 1 + 2\n"
                "    examples: [ { post: { tags: [y, x], text: long }, match: false } ]\n",
                issues);
  REQUIRE(pack);
  CHECK(print_explanation(explain_rule(pack->rules[0], facts_of(pack->examples[0]))) ==
        "rule a: no match\n"
        "when: post.surface == \"reel\" && post.lang == \"en\" || post.tags.exists(t, t == \"x\")\n"
        "        post.surface = \"post\"\n"
        "      post.surface == \"reel\" = false\n"
        "      post.lang == \"en\": not evaluated\n"
        "    post.surface == \"reel\" && post.lang == \"en\" = false\n"
        "      post.tags = [\"y\", \"x\"]\n"
        "        t = \"y\"\n"
        "      t == \"x\" = false\n"
        "        t = \"x\"\n"
        "      t == \"x\" = true\n"
        "    post.tags.exists(t, t == \"x\") = true\n"
        "  post.surface == \"reel\" && post.lang == \"en\" || post.tags.exists(t, t == \"x\") = "
        "true\n"
        "unless: size(post.text) > 1 + 2\n"
        "      post.text = \"long\"\n"
        "    size(post.text) = 4\n"
        "    1 + 2 = 3\n"
        "  size(post.text) > 1 + 2 = true\n");
}

TEST_CASE("an explanation says what was not asked, and which exemption holds") {
  Issues issues;
  const auto pack = load_pack("p.yaml",
                              "rules:\n  - name: a\n    when: post.pinned\n"
                              "    unless: post.text == ''\n"
                              "    exempt: [ { actor: Example Actor, reason: agreed } ]\n",
                              issues);
  REQUIRE(pack);
  const auto post = load_example("post.json", R"({"text": "a", "pinned": false})", issues);
  REQUIRE(post);
  CHECK(print_explanation(explain_rule(pack->rules[0], facts_of(*post))) ==
        "rule a: no match\n"
        "when: post.pinned\n"
        "  post.pinned = false\n"
        "unless: post.text == \"\"\n"
        "  not evaluated\n"
        "exempt: Example Actor: agreed\n");
}

TEST_CASE("a post in a file is an example, or the post alone; its mistakes have places") {
  const auto mistakes = [](std::string_view text) {
    Issues issues;
    const auto post = load_example("post.json", text, issues);
    std::string all = post ? "read " + post->post.text + "\n" : "";
    for (const Issue& issue : issues) all += print_issue(issue) + '\n';
    return all;
  };
  CHECK(mistakes(R"({"text": "a"})") == "read a\n");
  CHECK(mistakes(R"({"post": {"text": "b"}, "statements_used": 2})") == "read b\n");
  CHECK(mistakes(R"({"txt": "a"})") ==
        "post.json:1:2: error: a post has no key 'txt'; did you mean 'text'?\n");
  CHECK(mistakes("[1]") == "post.json:1:1: error: an example is a map of keys and values\n");
  CHECK(mistakes(std::string(example_bytes_max + 1, ' ')) ==
        "post.json: error: the file is too long (at most 4194304 bytes)\n");
}
