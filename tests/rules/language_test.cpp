// The language as a table: a source, over the sample post, yields a line. Add
// a row for every bug before fixing it.
#include <catch2/catch.hpp>

#include "rules/example_reader.h"
#include "rules/format.h"
#include "rules/functions.h"
#include "rules/rule.h"

using namespace pw;

namespace {

struct Row {
  std::string_view source;
  std::string_view yields;
};

// "we joined the boycott today", by Example Actor, at noon of the day.
Example sample() {
  Example example = default_example();
  example.post.text = "we joined the boycott today";
  example.post.tags = {"boycott", "today"};
  example.post.links = {"https://example.org/"};
  return example;
}

std::string print_first(const Issues& issues) {
  const Issue& issue = issues.front();
  std::string text =
      std::to_string(issue.line) + ':' + std::to_string(issue.column) + ": " + issue.message;
  if (!issue.nearest.empty()) text += "; did you mean '" + issue.nearest + "'?";
  return text;
}

std::string print_result(const cel::Program& program, const cel::Value& value) {
  if (!value.is(cel::Kind::error)) return cel::print_value(value, 300);
  if (value.position == cel::no_position) return "error: " + std::string(value.view());
  const cel::Spot spot = program.spot(value.position);
  return "error at " + std::to_string(spot.line) + ':' + std::to_string(spot.column) + ": " +
         std::string(value.view());
}

// Renders everything that can come of a source as one line.
std::string outcome(std::string_view source) {
  const cel::Compiled compiled = cel::compile(source, rule_environment());
  if (!compiled.program) return print_first(compiled.issues);
  static const Example example = sample();
  const Facts facts = facts_of(example);
  cel::Scratch scratch;
  return print_result(*compiled.program,
                      compiled.program->evaluate(FactsActivation(facts), scratch));
}

constexpr Row rows[] = {
    // Plain comparisons.
    {"true", "true"},
    {"post.text.contains('boycott')", "true"},
    {"post.text.contains('Boycott')", "false"},
    {"post.surface == 'post'", "true"},
    // A value handed on from within stays what it is while its neighbour is built.
    {"size(post.lang) in [1 + size(post.text)]", "unknown: post.lang is absent"},
    {"post.?lang.orValue(post.surface + '!') == post.text + '?'", "false"},
    {"optional.none().or(optional.of(post.text)).orValue('') == post.text + ''", "true"},
    {"(post.pinned ? post.url : post.lang) == post.text + '?'", "unknown: post.lang is absent"},
    {"post.surface in ['reel', 'post']", "true"},
    {"post.surface in ['reel', 'story']", "false"},
    {"post.surface in pledge.surfaces", "true"},
    {"size(post.tags)", "2"},
    {"post.tags.exists(t, t.startsWith('boy'))", "true"},
    {"post.tags.map(t, t.upperAscii())", "[\"BOYCOTT\", \"TODAY\"]"},
    {"account.platform + ':' + account.handle", "\"instagram:example.actor\""},
    {"now", "timestamp(\"2020-09-16T12:00:00Z\")"},
    // Windows and intervals.
    {"pledge.window.covers(post.appeared)", "true"},
    {"pledge.window.covers(now + duration('12h'))", "false"},
    {"pledge.window.end - pledge.window.start", "duration(\"86400s\")"},
    {"post.appeared.start.format('America/New_York')", "\"2020-09-16 08:00 EDT\""},
    {"now.format(pledge.zone)", "\"2020-09-16 12:00 UTC\""},
    {"now.getHours('Asia/Kolkata')", "17"},
    {"now.getHours('-09:30')", "2"},
    {"campaign.is_statement(post)", "false"},
    // An absent field is unknown: it may be absorbed, never guessed.
    {"post.lang == 'en'", "unknown: post.lang is absent"},
    {"post.lang == 'en' || true", "true"},
    {"true || post.lang == 'en'", "true"},
    {"post.lang == 'en' && false", "false"},
    {"post.lang == 'en' && true", "unknown: post.lang is absent"},
    {"!(post.lang == 'en')", "unknown: post.lang is absent"},
    {"post.lang == 'en' ? 1 : 2", "unknown: post.lang is absent"},
    {"true ? 1 : int(post.lang)", "1"},
    {"post.lang == 'en' && post.media == 'image'",
     "unknown: post.lang is absent; post.media is absent"},
    {"post.lang == 'en' && post.lang != 'de'", "unknown: post.lang is absent"},
    {"1 / 0 == 1 && post.lang == 'en'", "unknown: post.lang is absent"},
    {"size(post.lang + post.media)", "unknown: post.lang is absent; post.media is absent"},
    {"[1, 2].exists(i, i == 2 || post.lang == 'en')", "true"},
    {"[1, 2].all(i, i == 2 || post.lang == 'en')", "unknown: post.lang is absent"},
    {"[1, 2].exists_one(i, post.lang == 'en')", "unknown: post.lang is absent"},
    {"has(post.lang)", "false"},
    {"has(post.text)", "true"},
    {"post.?lang.orValue('none')", "\"none\""},
    {"post.?text.hasValue()", "true"},
    {"post.?appeared.start", "optional.of(timestamp(\"2020-09-16T12:00:00Z\"))"},
    {"post.paid_partnership", "unknown: post.paid_partnership is absent"},
    // A bad source is refused when it is loaded, at the first wrong character.
    {"post.txt == ''", "1:6: post has no field 'txt'; did you mean 'text'?"},
    {"pst.text == ''", "1:1: unknown name 'pst'; did you mean 'post'?"},
    {"post.text.contain('a')", "1:11: unknown function 'contain'; did you mean 'contains'?"},
    {"sze(post.tags)", "1:1: unknown function 'sze'; did you mean 'size'?"},
    {"math.graetest(1, 2)", "1:6: unknown function 'graetest'; did you mean 'math.greatest'?"},
    {"1 +", "1:4: expected an operand"},
    {"", "1:1: expected an operand"},
    {"1 2", "1:3: expected an operator or the end"},
    {"(1", "1:3: expected ')'"},
    {"[1, 2", "1:6: expected ',' or ']'"},
    {"{1 2}", "1:4: expected ':'"},
    {"a ? b", "1:6: expected ':'"},
    {"'abc", "1:1: this string has no end"},
    {"'a\nb'", "1:1: this string has no end on its line"},
    {"'\\q'", "1:2: unknown escape; a backslash is written '\\\\'"},
    {"'\\u12'", "1:2: this escape needs more digits"},
    {"'\\ud800'", "1:2: no such Unicode character"},
    {"b'\\u0041'", "1:3: bytes have no \\u escapes"},
    {"1 = 2", "1:3: expected '=='"},
    {"true & false", "1:6: expected '&&'"},
    {"#", "1:1: unexpected character '#'"},
    {"for", "1:1: 'for' is a reserved word"},
    {"a.`b\"", "1:3: expected a name between backquotes"},
    {"`a`", "1:1: backquotes are for fields: a.`b-c`"},
    {"Post{text: 'a'}", "1:5: message types are not part of this language"},
    {"9223372036854775808", "1:1: this number is out of range"},
    {"-1u", "1:1: an unsigned number has no sign"},
    {"1e999", "1:1: this number is out of range"},
    {"12ab", "1:3: a number ends before a letter"},
    {"0xg", "1:3: expected a hexadecimal digit"},
    {"has(post)", "1:5: has() needs a field: has(a.b)"},
    {"[1].map(1, 2)", "1:9: map() needs a plain name here"},
    {"[1].all(i, i, true)", "1:12: the two variables need different names"},
    {"'a' < 1", "1:5: cannot compare string with int"},
    {"'a' == 1", "1:5: cannot compare string with int"},
    {"'a' + 1", "1:5: cannot add string and int"},
    {"!1", "1:1: '!' needs a bool, not int"},
    {"-'a'", "1:1: cannot negate string"},
    {"1 && true", "1:1: an operand of '&&' must be a bool, not int"},
    {"1 ? 2 : 3", "1:1: the condition of '?' must be a bool, not int"},
    {"true ? 1 : 'a'", "1:12: both branches of '?' must have one type, not int and string"},
    {"1 in 2", "1:3: cannot look for int in int"},
    {"[1][true]", "1:4: cannot index list(int) with bool"},
    {"now.text", "1:5: timestamp has no fields"},
    {"{1.5: 2}", "1:2: a key must be a bool, int, uint or string, not double"},
    {"1.map(x, x)", "1:1: only lists and maps can be walked through, not int"},
    {"post.text.startsWith(1)",
     "1:11: no string.startsWith(int); there is string.startsWith(string) -> bool"},
    {"contains('a', 'b')", "1:1: contains() is called on a value: string.contains(string) -> bool"},
    {"post.text.int()",
     "1:11: int() is not called on a value: int(int) -> int, int(uint) -> int, "
     "int(double) -> int, ..."},
    {"now.getHours('Europe/Pariss')",
     "1:14: no time zone 'Europe/Pariss'; did you mean 'Europe/Paris'?"},
    {"post.text.matches('(')", "1:19: wrong pattern: missing ): ("},
    {"post.text.matches('(a{1000}){1000}')", "1:19: the pattern is too large"},
    {"post == 1", "1:6: cannot compare post with int"},
    {"true\n  && post.lng == 'a'", "2:11: post has no field 'lng'; did you mean 'lang'?"},
    // Numbers.
    {"9223372036854775807 + 1", "error at 1:21: number out of range"},
    {"1 / 0", "error at 1:3: division by zero"},
    {"1 % 0", "error at 1:3: modulus by zero"},
    {"1.0 / 0.0", "double(\"Infinity\")"},
    {"-9223372036854775808 / -1", "error at 1:22: number out of range"},
    {"3u - 4u", "error at 1:4: number out of range"},
    {"7 / 2", "3"},
    {"-7 % 4", "-3"},
    {"1 < 1.5", "true"},
    {"1u < -1", "false"},
    {"dyn(1) == 1u", "true"},
    {"dyn(1) == 1.5", "false"},
    {"dyn('a') == 1", "false"},
    {"0x1F", "31"},
    {"--1", "1"},
    {"1.5e3", "1500.0"},
    {"double('NaN') == double('NaN')", "false"},
    {"int('12a')", "error at 1:1: '12a' is no int"},
    {"int(1e19)", "error at 1:1: number out of range"},
    {"string(1.0)", "\"1\""},
    {"math.greatest(1, 2u, 2.5)", "2.5"},
    {"math.greatest('a', 1)",
     "1:6: no math.greatest(string, int); there is math.greatest(int) -> int, "
     "math.greatest(uint) -> uint, math.greatest(double) -> double, ..."},
    {"math.least([])", "error at 1:6: no greatest or least of an empty list"},
    {"math.round(-2.5)", "-3.0"},
    {"math.sqrt(81)", "9.0"},
    // Strings count code points.
    {"'πέντε'.size()", "5"},
    {"'πέντε'.charAt(1)", "\"έ\""},
    {"'abc'.charAt(3)", "\"\""},
    {"'abc'.charAt(4)", "error at 1:7: index out of range: 4"},
    {"'a,b,,c'.split(',')", "[\"a\", \"b\", \"\", \"c\"]"},
    {"'a,b,,c'.split(',', 2)", "[\"a\", \"b,,c\"]"},
    {"'πέ'.split('')", "[\"π\", \"έ\"]"},
    {"''.split('')", "[]"},
    {"''.split(',')", "[\"\"]"},
    {"'abab'.replace('a', 'x', 1)", "\"xbab\""},
    {"'πέ'.replace('', '-')", "\"-π-έ-\""},
    {"'aaa'.lastIndexOf('aa')", "1"},
    {"'aaa'.indexOf('aa', 1)", "1"},
    {"'abc'.indexOf('', 3)", "3"},
    {"'abc'.substring(1, 2)", "\"b\""},
    {"'πέντε'.reverse()", "\"ετνέπ\""},
    {"['a', 'b'].join('-')", "\"a-b\""},
    {"strings.quote('a\"\\n')", "\"\\\"a\\\\\\\"\\\\n\\\"\""},
    {"'%s is %.1f, %x'.format(['pi', 3.14159, 255])", "\"pi is 3.1, ff\""},
    {"'%s'.format([{2: [1, null], 1: b'z'}])", "\"{1: z, 2: [1, null]}\""},
    {"'%d'.format(['a'])", "error at 1:6: format: %d cannot show a string"},
    {"'%s %s'.format(['a'])", "error at 1:9: format: more clauses than arguments"},
    {"'%y'.format([1])", "error at 1:6: format: wrong clause after '%'"},
    {"base64.encode(b'\\x00\\xff')", "\"AP8=\""},
    {"base64.decode('AP8')", "b\"\\x00\\xff\""},
    {"base64.decode('?')", "error at 1:8: this is not base64"},
    {"string(b'\\xff')", "error at 1:1: these bytes are not valid UTF-8"},
    {"'abc'.matches('^a.c$')", "true"},
    {"'a'.matches(post.text + '(')",
     "error at 1:5: wrong pattern: missing ): we joined the "
     "boycott today("},
    // Lists, maps and macros.
    {"[1, 2] + [3]", "[1, 2, 3]"},
    {"{'a': 1}.a", "1"},
    {"{'a': 1}['b']", "error at 1:9: no such key: 'b'"},
    {"{'a-b': 1}.`a-b`", "1"},
    {"{1: 'a', 1u: 'b'}", "error at 1:1: a key is given twice"},
    {"[1, 2, 3][1.0]", "1:10: cannot index list(int) with double"},
    {"[1, 2, 3][dyn(1.0)]", "2"},
    {"[1, 2, 3][3]", "error at 1:10: list index out of range"},
    {"2u in [1, 2]", "1:4: cannot look for uint in list(int)"},
    {"dyn(2u) in [1, 2]", "true"},
    {"7 in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "true"},
    {"11 in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "false"},
    {"dyn(7.0) in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "true"},
    {"[1, 2, 3].filter(i, i > 1)", "[2, 3]"},
    {"[1, 2, 3].map(i, i > 1, i * 2)", "[4, 6]"},
    {"{'a': 1}.map(k, k)", "[\"a\"]"},
    {"{'a': 1}.transformMap(k, v, v + 1)", "{\"a\": 2}"},
    {"{'a': 1, 'b': 2}.transformMapEntry(k, v, {v: k})", "{1: \"a\", 2: \"b\"}"},
    {"[1, 1].transformMapEntry(i, v, {v: i})", "error at 1:8: a key is given twice"},
    {"[5, 6].transformList(i, v, i * v)", "[0, 6]"},
    {"cel.bind(x, 2, x * x)", "4"},
    {"cel.bind(x, 1 / 0, true)", "true"},
    {"[1, 2].exists(x, [3].exists(x, x == 3))", "true"},
    {"optional.of(1).or(optional.none()).value()", "1"},
    {"optional.none().value()", "error at 1:17: optional.none() has no value"},
    {"[optional.of(1), optional.none()].unwrapOpt()", "[1]"},
    {"[3, 4].first().value()", "3"},
    {"{?'a': optional.none(), 'b': 1}", "{\"b\": 1}"},
    {"type(post)", "post"},
    {"type(now)", "google.protobuf.Timestamp"},
    {"type([]) == list", "true"},
    // Times.
    {"timestamp('2020-02-30T00:00:00Z')",
     "error at 1:1: '2020-02-30T00:00:00Z' is no timestamp (RFC 3339, years 1 to 9999)"},
    {"duration('1h30m')", "duration(\"5400s\")"},
    {"duration('-1.5s')", "duration(\"-1.5s\")"},
    // The edges of what there is.
    {"duration('9223372036854775807ns')", "duration(\"9223372036.854775807s\")"},
    {"duration('-9223372036854775808ns')", "duration(\"-9223372036.854775808s\")"},
    {"duration('9223372036854775807ns') + duration('1ns')", "error at 1:35: duration out of range"},
    {"duration('0s') - duration('-9223372036854775808ns')", "error at 1:16: duration out of range"},
    {"duration('9223372036854775808ns')",
     "error at 1:1: '9223372036854775808ns' is no duration, such as '1h30m'"},
    {"duration('99999999999999999999999h')",
     "error at 1:1: '99999999999999999999999h' is no duration, such as '1h30m'"},
    {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
     "error at 1:35: timestamp out of range"},
    {"timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')",
     "error at 1:45: timestamp out of range"},
    {"timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')",
     "error at 1:35: duration out of range"},
    {"timestamp('0001-01-01T00:00:00Z').getFullYear('-23:59')", "0"},
    {"timestamp('2020-02-30T00:00:00Z')",
     "error at 1:1: '2020-02-30T00:00:00Z' is no timestamp (RFC 3339, years 1 to 9999)"},
    {"'abc'.substring(9223372036854775807)",
     "error at 1:7: index out of range: 9223372036854775807"},
    {"'abc'.charAt(-9223372036854775808)",
     "error at 1:7: index out of range: -9223372036854775808"},
    {"'a,b'.split(',', -9223372036854775808)", "[\"a\", \"b\"]"},
    {"'a'.replace('', 'b', 9223372036854775807)", "\"bab\""},
    {"'%.999999999999f'.format([1.0])", "error at 1:19: format: wrong clause after '%'"},
    {"'%1$s%n'.format([1])", "error at 1:10: format: wrong clause after '%'"},
    {"'%'.format([1])", "error at 1:5: format: wrong clause after '%'"},
    {"'%s%s'.format([1])", "error at 1:8: format: more clauses than arguments"},
    {"'%x'.format([-9223372036854775808])", "\"-8000000000000000\""},
    {"'é🐱x'.indexOf('x')", "2"},
    {"'é🐱x'.substring(1, 2)", "\"🐱\""},
    {"-9223372036854775808 / -1", "error at 1:22: number out of range"},
    {"math.bitShiftRight(-1, 9223372036854775807)", "0"},
    {"duration('1 hour')", "error at 1:1: '1 hour' is no duration, such as '1h30m'"},
    {"string(timestamp('2009-02-13T23:31:30.100+02:00'))", "\"2009-02-13T21:31:30.1Z\""},
    {"now.getDayOfWeek()", "3"},
    {"now.getHours(post.text)", "error at 1:5: no time zone 'we joined the boycott today'"},
    // Comments and white space.
    {"1 // one\n + 1", "2"},
};

}  // namespace

TEST_CASE("a source, over the sample post, yields what its row says") {
  for (const Row& row : rows) {
    INFO(row.source);
    CHECK(outcome(row.source) == row.yields);
  }
}

TEST_CASE("printing a source and reading it back changes nothing") {
  for (const Row& row : rows) {
    const cel::Compiled compiled = cel::compile(row.source, rule_environment());
    if (!compiled.program) continue;
    const std::string printed = compiled.program->print();
    INFO(row.source << " -> " << printed);
    const cel::Compiled again = cel::compile(printed, rule_environment());
    REQUIRE(again.program);
    CHECK(again.program->print() == printed);
    // Positions move; what comes out does not.
    if (!row.yields.starts_with("error")) CHECK(outcome(printed) == row.yields);
  }
}

TEST_CASE("the printer writes brackets only where they are needed") {
  constexpr Row prints[] = {
      {"((1+2))*3", "(1 + 2) * 3"},
      {"1+(2*3)", "1 + 2 * 3"},
      {"1-(2-3)", "1 - (2 - 3)"},
      {"(1-2)-3", "1 - 2 - 3"},
      {"true&&(false||true)", "true && (false || true)"},
      {"(true&&false)||true", "true && false || true"},
      {"(true&&true)&&true", "(true && true) && true"},
      {"!(!true)", "!!true"},
      {"-(1)", "-(1)"},
      {"-(-1)", "-(-1)"},
      {"- 1", "-1"},
      {"(-1).abs", "-1.abs"},
      {"-(1.abs)", "-(1.abs)"},
      {"--0.o", "-(0.o)"},
      {"-(1[a].b(c))", "-(1[a].b(c))"},
      {"-(1.all(x, x))", "-(1.all(x, x))"},
      {"-((a + 1).b)", "-(a + 1).b"},
      {"(true?1:2)==1?3:4", "(true ? 1 : 2) == 1 ? 3 : 4"},
      {"true?1:false?2:3", "true ? 1 : false ? 2 : 3"},
      {"{'a':[1,?b],?'c':d}", "{\"a\": [1, ?b], ?\"c\": d}"},
      {"a.?b[?c].`d-e`", "a.?b[?c].`d-e`"},
      {"has(a.b.c)", "has(a.b.c)"},
      {".a.b(.c)", ".a.b(.c)"},
      {"a.all(x,y,x<y)", "a.all(x, y, x < y)"},
      {"cel.bind(a,b,a+a)", "cel.bind(a, b, a + a)"},
      {"r'\\d' + b'\\377'", "\"\\\\d\" + b\"\\xff\""},
      {"1.0+1e30+0.5", "1.0 + 1e+30 + 0.5"},
  };
  cel::Environment unchecked;
  unchecked.checked = false;
  for (const Row& row : prints) {
    INFO(row.source);
    const cel::Compiled compiled = cel::compile(row.source, unchecked);
    REQUIRE(compiled.program);
    CHECK(compiled.program->print() == row.yields);
  }
}

// Sources of the public suite come unchecked, and so may calls of any length.
TEST_CASE("an unchecked call of a wrong length has no overload, whatever the function") {
  cel::Environment unchecked = rule_environment();
  unchecked.checked = false;
  const Example example = default_example();
  const Facts facts = facts_of(example);
  for (const cel::Function& function : cel::all_functions()) {
    for (const char* arguments : {"()", "(1, 2, 3, 4, 5, 6, 7)"}) {
      const std::string source = function.name + arguments;
      INFO(source);
      const cel::Compiled compiled = cel::compile(source, unchecked);
      if (!compiled.program) continue;
      cel::Scratch scratch;
      const cel::Value value = compiled.program->evaluate(FactsActivation(facts), scratch);
      const bool takes_it = source == "optional.none()" || function.name == "math.greatest" ||
                            function.name == "math.least";
      CHECK((value.is(cel::Kind::error) || takes_it));
    }
  }
}

TEST_CASE("every mistake of a source is reported, in order, each once") {
  const cel::Compiled compiled =
      cel::compile("post.txt == 1 && pst && foo(post.lng) > 'a' + 1", rule_environment());
  std::string all;
  for (const Issue& issue : compiled.issues) all += print_first({issue}) + '\n';
  CHECK(all ==
        "1:6: post has no field 'txt'; did you mean 'text'?\n"
        "1:18: unknown name 'pst'; did you mean 'post'?\n"
        "1:25: unknown function 'foo'\n"
        "1:34: post has no field 'lng'; did you mean 'lang'?\n"
        "1:45: cannot add string and int\n");
}

TEST_CASE("a mistake is shown under its line") {
  const std::string_view source = "true &&\n\tpost.txt == 'é' && post.lng == ''";
  const cel::Compiled compiled = cel::compile(source, rule_environment(), {.file = "freeze.yaml"});
  REQUIRE(compiled.issues.size() == 2);
  CHECK(cel::print_with_caret(compiled.issues[0], source) ==
        "freeze.yaml:2:7: error: post has no field 'txt'; did you mean 'text'?\n"
        "  \tpost.txt == 'é' && post.lng == ''\n"
        "  \t     ^");
  CHECK(cel::print_with_caret(compiled.issues[1], source) ==
        "freeze.yaml:2:27: error: post has no field 'lng'; did you mean 'lang'?\n"
        "  \tpost.txt == 'é' && post.lng == ''\n"
        "  \t                        ^");
}

TEST_CASE("a condition over the poster's claimed time is warned of, and allowed") {
  const cel::Compiled compiled =
      cel::compile("post.published < now", condition_environment(), {}, cel::Wanted::condition);
  REQUIRE(compiled.program);
  REQUIRE(compiled.issues.size() == 1);
  CHECK(print_issue(compiled.issues[0]) ==
        ":1:6: warning: post.published is only the poster's claim; post.appeared is what was seen");
  CHECK(cel::compile("post.published < now", rule_environment()).issues.empty());
}

TEST_CASE("a condition is a bool, and a text has a text form") {
  const auto refusal = [](std::string_view source, cel::Wanted wanted) {
    return print_first(cel::compile(source, rule_environment(), {}, wanted).issues);
  };
  CHECK(refusal("post.text", cel::Wanted::condition) ==
        "1:6: a condition must be a bool, not string");
  CHECK(refusal("post", cel::Wanted::text) == "1:1: post has no text form");
}
