// What a pattern needs is looked for first; that must never change its answer.
#include "rules/required_texts.h"

#include <catch2/catch.hpp>
#include <random>

#include "rules/context.h"
#include "rules/pattern.h"

using pw::cel::Pattern;
using pw::cel::RequiredTexts;

namespace {

constexpr const char* links =
    R"(^https?://([a-z0-9-]+\.)*(instagram\.com|facebook\.com|threads\.net)/)";
constexpr const char* paid = R"((?i)\b(paid partnership|sponsored by)\b)";

struct Row {
  const char* pattern;
  const char* text;
  bool may_match;
};

constexpr Row rows[] = {
    {links, "https://www.instagram.com/p/1", true},
    {links, "https://example.org/summer/", false},
    {links, "instagram.com/", true},  // RE2 says the rest
    {links, "", false},
    {paid, "Sponsored BY Acme", true},
    {paid, "I sponsored Bystander House", true},
    {paid, "paid, partnership", false},
    {paid, "a PAID PARTNERSHIP", true},
    {"(?i)kiss", "no such word", false},
    // Letters outside ASCII may fold into those of ASCII: the Kelvin sign, the long s.
    {"(?i)kiss", "\u212Ai\u017Fs", true},
    {"abc.*defg", "abc", false},
    {"abc.*defg", "defg", true},  // one text that must be there is enough
    {".*", "", true},
    {"ab", "", true},  // too short to look for
    {"a+b|abcde", "", true},
    {"é{3}", "eee", false},
    {"(wrong", "", true},
};

bool matches(const Pattern& pattern, std::string_view text) {
  pw::cel::Scratch scratch;
  pw::cel::Context context(scratch.arena());
  return pattern.matches(text, context).is_true();
}

}  // namespace

TEST_CASE("a text without what a pattern needs cannot match it") {
  for (const Row& row : rows) {
    INFO(row.pattern << " over " << row.text);
    CHECK(RequiredTexts(row.pattern).may_match(row.text) == row.may_match);
  }
  CHECK(RequiredTexts().may_match("anything"));
}

TEST_CASE("a prepared pattern answers as an unprepared one") {
  constexpr const char* patterns[] = {
      links,         paid,         "(?i)kiss",           "abc.*defg",   "(abc|bcd)e?(cde|dee)",
      "aaa|aab|aba", "(?i)straße", "x{4}|(?i:Y{3}z)end", "a[bB]c[dD]e", "\\x{212A}elvin|kelvin"};
  constexpr const char* pieces[] = {
      "a",         "b",   "abc", "bcd",      "cde",   "DEFG",         "defg",    "kiss",
      "KI",        "ss",  "ſs",  "\u212A",   "elvin", "straße",       "STRASSE", "xx",
      "yyZ",       "end", " ",   "https://", "www.",  "facebook.com", "/",       "paid partnership",
      "SPONSORED", " by "};
  std::mt19937 random(7);
  int hits = 0;
  for (const char* const source : patterns) {
    const Pattern plain(source);
    Pattern prepared(source);
    prepared.prepare();
    for (int turn = 0; turn < 2'000; ++turn) {
      std::string text;
      for (auto left = random() % 8; left > 0; --left) text += pieces[random() % std::size(pieces)];
      INFO(source << " over " << text);
      const bool wanted = matches(plain, text);
      hits += wanted ? 1 : 0;
      REQUIRE(matches(prepared, text) == wanted);
    }
  }
  CHECK(hits > 500);
}

TEST_CASE("a text of near misses is left to the pattern") {
  std::string text;
  while (text.size() < 100'000) text += "xponsored by! ";
  CHECK(RequiredTexts(paid).may_match(text));
  Pattern pattern(paid);
  pattern.prepare();
  CHECK_FALSE(matches(pattern, text));
}
