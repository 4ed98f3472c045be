#include "rules/pack.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/condition.h"
#include "rules/example_reader.h"
#include "rules/format.h"
#include "rules/schema.h"
#include "rules/yaml_place.h"

using namespace pw;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string print_all(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) text += print_issue(issue) + '\n';
  return text;
}

// Every mistake of a pack, a line each.
std::string mistakes(std::string_view yaml) {
  Issues issues;
  const auto pack = load_pack("p.yaml", yaml, issues);
  return (pack ? "loaded\n" : "") + print_all(issues);
}

// A pack of one rule with this body, each line indented as it must be.
std::string one_rule(std::string_view body) { return "rules:\n  - name: a\n" + std::string(body); }

struct Row {
  std::string_view body;  // of one rule
  std::string_view yields;
};

}  // namespace

TEST_CASE("every shipped pack loads without a word and passes its own examples") {
  int packs = 0;
  for (const auto& entry : std::filesystem::directory_iterator("rules/packs")) {
    INFO(entry.path());
    Issues issues;
    const auto pack = load_pack(entry.path().string(), read(entry.path()), issues);
    CHECK(print_all(issues).empty());
    REQUIRE(pack);
    CHECK(print_all(run_examples(*pack)).empty());
    for (std::size_t rule = 0; rule < pack->rules.size(); ++rule) {
      INFO(pack->rules[rule].name);
      bool must = false;
      bool must_not = false;
      for (const Example& example : pack->examples) {
        if (example.rule != rule) continue;
        must = must || example.expected == RuleOutcome::Kind::match;
        must_not = must_not || example.expected == RuleOutcome::Kind::no_match;
      }
      CHECK(must);
      CHECK(must_not);
    }
    ++packs;
  }
  CHECK(packs == 4);
}

TEST_CASE("a rule carries what its pack says") {
  Issues issues;
  const auto pack = load_pack("p.yaml", R"(rules:
  - name: no-reels
    when: post.surface == "reel"
    unless: post.pinned
    severity: warning
    mode: shadow
    quota: 10/hour
    summary: "${actor.name}: $${x} ${{'a': '}'}['a']} ${post.lang}"
    labels: { team: press, urgent: "yes" }
    exempt: [ { actor: Somebody, reason: on leave, until: 2020-09-17T00:00:00Z } ]
    examples: [ { post: { surface: reel }, match: true } ]
)",
                              issues);
  INFO(print_all(issues));
  REQUIRE(pack);
  REQUIRE(pack->rules.size() == 1);
  const Rule& rule = pack->rules[0];
  CHECK(rule.name == "no-reels");
  CHECK(rule.severity == Severity::warning);
  CHECK(rule.mode == Mode::shadow);
  REQUIRE(rule.quota);
  CHECK(rule.quota->count == 10);
  CHECK(rule.quota->span == Millis{3'600'000});
  REQUIRE(rule.labels.size() == 2);
  CHECK(rule.labels[1] == std::pair<std::string, std::string>("urgent", "yes"));
  CHECK(rule.line == 2);
  REQUIRE(pack->examples.size() == 1);
  const Facts facts = facts_of(pack->examples[0]);
  CHECK(render_summary(rule, facts) == "Example Actor: ${x} } (unknown)");
  CHECK(print_outcome(judge(rule, facts)) == "match");
}

TEST_CASE("every mistake in a rule has its place and its remedy") {
  constexpr Row rows[] = {
      {"    when: true\n", "loaded\n"},
      {"    when: post.txt == ''\n",
       "p.yaml:3:16: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: 'post.lang == ''a'' && post.txt == 1'\n",
       "p.yaml:3:39: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: \"post.lang == \\\"a\\\" && post.txt == 1\"\n",
       "p.yaml:3:39: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: |\n      true &&\n\n        post.txt == ''\n",
       "p.yaml:6:14: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: >-\n      true\n      && post.txt == ''\n",
       "p.yaml:5:15: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: true &&\n      post.txt == ''\n",
       "p.yaml:4:12: error: post has no field 'txt'; did you mean 'text'?\n"},
      {"    when: post.text\n", "p.yaml:3:16: error: a condition must be a bool, not string\n"},
      {"    when: [1]\n", "p.yaml:3:11: error: a condition is a text\n"},
      {"    wen: true\n    when: true\n",
       "p.yaml:3:5: error: a rule has no key 'wen'; did you mean 'when'?\n"},
      {"    when: true\n    when: false\n", "p.yaml:4:5: error: 'when' is given twice\n"},
      {"    mode: alert\n", "p.yaml:2:5: error: a rule needs 'when:'\n"},
      {"    when: true\n    severity: beach\n",
       "p.yaml:4:15: error: a severity is breach, warning or note; did you mean 'breach'?\n"},
      {"    when: true\n    mode: loud\n", "p.yaml:4:11: error: a mode is alert or shadow\n"},
      {"    when: true\n    quota: many\n",
       "p.yaml:4:12: error: a quota is a number a minute, hour or day: 200/day\n"},
      {"    when: true\n    summary: \"hi ${actor.nam}\"\n",
       "p.yaml:4:26: error: actor has no field 'nam'; did you mean 'name'?\n"},
      {"    when: true\n    summary: \"hi ${actor.name\"\n",
       "p.yaml:4:18: error: '${' without its '}'\n"},
      {"    when: true\n    summary: \"${}\"\n", "p.yaml:4:17: error: expected an operand\n"},
      {"    when: true\n    summary: \"${pledge.window}\"\n",
       "p.yaml:4:24: error: window has no text form\n"},
      {"    when: true\n    examples: [ { match: true } ]\n", "loaded\n"},
      {"    when: true\n    examples: [ { post: { surface: rel } } ]\n",
       "p.yaml:4:17: error: an example needs match: true, false or unknown\n"
       "p.yaml:4:36: error: a surface is post, reel, story, live, repost, reply, comment or ad; "
       "did you mean 'reel'?\n"},
      {"    when: true\n    examples: [ { post: { appeared: noon }, match: maybe } ]\n",
       "p.yaml:4:17: error: an example needs match: true, false or unknown\n"
       "p.yaml:4:37: error: appeared is a time, such as 2020-09-16T12:00:00Z\n"
       "p.yaml:4:52: error: match is false, true or unknown\n"},
      {"    when: true\n    exempt: [ { actor: A } ]\n",
       "p.yaml:4:15: error: an exemption needs a reason\n"},
      {"    when: true\n    exempt: [ { reason: r } ]\n",
       "p.yaml:4:15: error: an exemption names either an actor or an account "
       "(platform:handle)\n"},
      {"    when: post.published < now\n",
       "loaded\np.yaml:3:16: warning: post.published is only the poster's claim; post.appeared is "
       "what was seen\n"},
      {"    when: true\n  - name: a\n    when: true\n",
       "p.yaml:4:11: error: the rule 'a' stands already in line 2\n"},
      {"    when: true\n  - name: A b\n    when: true\n",
       "p.yaml:4:11: error: a rule's name is 1 to 64 of a-z, 0-9 and '-'\n"},
      {"    when: true\n  - when: true\n", "p.yaml:4:5: error: a rule needs a name\n"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(mistakes(one_rule(row.body)) == row.yields);
  }
}

TEST_CASE("what is no pack at all is refused where it stops being one") {
  CHECK(mistakes("") == "p.yaml:1:1: error: a rule pack is a map of keys and values\n");
  CHECK(mistakes("{}") == "p.yaml:1:1: error: a rule pack needs 'rules:'\n");
  CHECK(mistakes("rule: []") ==
        "p.yaml:1:1: error: a rule pack has no key 'rule'; did you mean 'rules'?\n"
        "p.yaml:1:1: error: a rule pack needs 'rules:'\n");
  CHECK(mistakes("rules: []") == "p.yaml:1:8: error: rules are a list of 1 to 1000 rules\n");
  CHECK(mistakes("rules: [1]") == "p.yaml:1:9: error: a rule is a map of keys and values\n");
  CHECK(mistakes("a: [").starts_with("p.yaml:1:"));
  CHECK(mistakes("rules: \xff") == "p.yaml:1:8: error: the file is not valid UTF-8 here\n");
  CHECK(mistakes(std::string(pack_bytes_max + 1, ' ')) ==
        "p.yaml: error: the file is too long (at most 1048576 bytes)\n");
  CHECK(mistakes(std::string(100'000, '[')).starts_with("p.yaml:1:"));
  CHECK(mistakes(std::string(100'000, '{')).starts_with("p.yaml:1:"));
}

TEST_CASE("an example that does not hold is named with what came instead") {
  Issues issues;
  const auto pack = load_pack("p.yaml",
                              one_rule("    when: post.lang == 'en'\n"
                                       "    examples:\n"
                                       "      - { match: true }\n"
                                       "      - { post: { lang: de }, match: unknown }\n"
                                       "      - { post: { lang: en }, match: true }\n"
                                       "      - { post: { lang: en }, match: false }\n"),
                              issues);
  REQUIRE(pack);
  CHECK(print_all(run_examples(*pack)) ==
        "p.yaml:5:9: error: this example of 'a' should match; it gives unknown: post.lang is "
        "absent\n"
        "p.yaml:6:9: error: this example of 'a' should be unknown; it gives no match\n"
        "p.yaml:8:9: error: this example of 'a' should not match; it gives match\n");
}

TEST_CASE("unless is judged in three values, and an exemption ends when it says") {
  constexpr std::string_view head = "rules:\n  - name: a\n    when: ";
  const auto judged = [&](const std::string& rest, std::string_view post = "{}") {
    Issues issues;
    const auto pack =
        load_pack("p.yaml",
                  std::string(head) + rest + "\n    examples: [ { post: " + std::string(post) +
                      ", match: true } ]\n",
                  issues);
    INFO(print_all(issues));
    REQUIRE(pack);
    return print_outcome(judge(pack->rules[0], facts_of(pack->examples[0])));
  };
  CHECK(judged("true\n    unless: false") == "match");
  CHECK(judged("true\n    unless: true") == "no match");
  CHECK(judged("true\n    unless: post.lang == 'en'") == "unknown: post.lang is absent");
  CHECK(judged("post.lang == 'en'\n    unless: true") == "no match");
  CHECK(judged("false\n    unless: post.lang == 'en'") == "no match");
  CHECK(judged("post.media == 'image'\n    unless: post.lang == 'en'") ==
        "unknown: post.media is absent; post.lang is absent");
  CHECK(judged("1 / (size(post.text) - 2) == 1", "{ text: ab }") ==
        "unknown: 3:13: division by zero");
  const std::string exempt =
      "true\n    exempt: [ { actor: Example Actor, reason: r, until: 2020-09-16T12:00:00Z } ]";
  CHECK(judged(exempt, "{ appeared: 2020-09-16T11:00:00Z }") == "no match");
  CHECK(judged(exempt, "{ appeared: 2020-09-16T13:00:00Z }") == "match");
  CHECK(judged(exempt, "{ appeared: [2020-09-16T11:00:00Z, 2020-09-16T13:00:00Z] }") ==
        "unknown: the post may have appeared after its exemption ended");
  CHECK(judged("true\n    exempt: [ { account: \"instagram:example.actor\", reason: r } ]") ==
        "no match");
  CHECK(judged("true\n    exempt: [ { account: \"instagram:other\", reason: r } ]") == "match");
}

TEST_CASE("the freeze rule's summary reads as the design shows it") {
  Issues issues;
  const auto pack = load_pack("rules/packs/freeze.yaml", read("rules/packs/freeze.yaml"), issues);
  REQUIRE(pack);
  Example example = default_example();
  example.pledge.windows.front().zone = "America/New_York";
  CHECK(render_summary(pack->rules[0], facts_of(example)) ==
        "Example Actor posted a post on instagram at (unknown)");
  example.post.claimed_at = parse_rfc3339("2020-09-16T13:12:00Z");
  CHECK(render_summary(pack->rules[0], facts_of(example)) ==
        "Example Actor posted a post on instagram at 2020-09-16 09:12 EDT");
}

TEST_CASE("a summary is cut where a character ends") {
  Issues issues;
  const auto text = compile_template("${'é'}é${'éé'}", rule_environment(), {}, issues);
  REQUIRE(text);
  CHECK(text->render({}, 8) == "éééé");
  CHECK(text->render({}, 5) == "éé");
}

TEST_CASE("conditions elsewhere see their own variables only") {
  Issues issues;
  const auto statement = compile_condition("post.text.contains('#Stop')", "c.yaml", 7, 30,
                                           statement_environment(), issues);
  REQUIRE(statement);
  Post post;
  post.text = "we #Stop";
  CHECK(print_outcome(judge_statement(*statement, {.post = &post})) == "match");

  CHECK_FALSE(
      compile_condition("pledge.zone == 'UTC'", "c.yaml", 7, 30, statement_environment(), issues));
  CHECK(print_all(issues) == "c.yaml:7:30: error: unknown name 'pledge'\n");

  issues.clear();
  const auto when = compile_condition("finding.severity == 'breach' && finding.labels.team == 'x'",
                                      "c.yaml", 1, 1, finding_environment(), issues);
  REQUIRE(when);
  const std::vector<std::pair<std::string, std::string>> labels = {{"team", "x"}};
  const FindingFacts finding{.severity = "breach", .labels = &labels};
  CHECK(print_outcome(judge_condition(*when, FindingActivation(finding))) == "match");
  const FindingFacts bare{.severity = "breach"};
  CHECK(print_outcome(judge_condition(*when, FindingActivation(bare))) ==
        "unknown: 1:48: no such key: 'team'");
}

TEST_CASE("the documentation page states the schema as it is") {
  const std::string page = read("rules/README.md");
  CHECK(page.find(schema::page()) != std::string::npos);
}

TEST_CASE("the documentation's examples are true") {
  // Lines of the form `source` → `value`.
  std::istringstream page(read("rules/README.md"));
  int examples = 0;
  const Example example = default_example();
  const Facts facts = facts_of(example);
  for (std::string line; std::getline(page, line);) {
    const std::size_t arrow = line.find("` → `");
    if (!line.starts_with("- `") || arrow == std::string::npos) continue;
    const std::string source = line.substr(3, arrow - 3);
    const std::size_t start = arrow + std::string("` → `").size();
    const std::string value = line.substr(start, line.find('`', start) - start);
    INFO(source);
    const cel::Compiled compiled = cel::compile(source, rule_environment());
    REQUIRE(compiled.program);
    cel::Scratch scratch;
    const cel::Value got = compiled.program->evaluate(FactsActivation(facts), scratch);
    CHECK(cel::print_value(got, 300) == value);
    ++examples;
  }
  CHECK(examples >= 30);
}
