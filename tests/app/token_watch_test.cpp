// What is kept of a platform's word on a credential, and what `check --online` makes
// of it.
#include <catch2/catch.hpp>

#include "daemon/app/token_check.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

TokenQuestion question_of(std::string mark) {
  return {"instagram a", nullptr, {}, std::move(mark)};
}

TokenWord word_of(std::optional<Instant> ends, bool valid = true) {
  return {.said = true, .asked = true, .valid = valid, .ends = ends, .detail = "its word"};
}

}  // namespace

TEST_CASE("what a platform said outlives a restart, and not the token") {
  for (const TokenWord& word :
       {word_of(noon), word_of(std::nullopt), word_of(std::nullopt, false)}) {
    const std::string kept = print_token_word(question_of("0123456789abcdef"), word);
    const auto read = parse_token_word(question_of("0123456789abcdef"), kept);
    REQUIRE(read);
    CHECK(read->said);
    CHECK(read->valid == word.valid);
    CHECK(read->ends == word.ends);
    CHECK_FALSE(parse_token_word(question_of("fedcba9876543210"), kept));
  }
  CHECK_FALSE(parse_token_word(question_of("0123456789abcdef"), "0123456789abcdef soon"));
  CHECK_FALSE(parse_token_word(question_of("0123456789abcdef"), ""));
}

TEST_CASE("the earlier of what the file and the platform say counts") {
  Config config;
  for (const auto& [label, expires] : std::map<std::string, std::optional<Instant>>{
           {"a", noon}, {"b", std::nullopt}, {"c", noon + 2h}, {"d", std::nullopt}}) {
    CredentialConfig credential;
    credential.label = label;
    credential.expires = expires;
    config.connectors["instagram"].credentials.push_back(credential);
  }
  const std::map<std::string, TokenWord> words = {
      {"instagram a", word_of(noon + 1h)},
      {"instagram b", word_of(noon + 1h)},
      {"instagram c", word_of(noon + 1h)},
      {"instagram d", word_of(std::nullopt)},
  };
  std::string text;
  for (const CredentialLife& life : credential_lives(config, words))
    text += life.name + ' ' + print_duration(life.ends - noon) + '\n';
  CHECK(text == "instagram a 0 s\ninstagram b 1 h\ninstagram c 1 h\n");
  // One that is refused is told whatever the file says.
  const auto refused = credential_lives(config, {{"instagram d", word_of(std::nullopt, false)}});
  REQUIRE(refused.size() == 3);
  CHECK_FALSE(refused.back().valid);
}

TEST_CASE("check --online refuses a token that is no good or ends too early") {
  struct Row {
    TokenWord word;
    bool good;
    std::string said;
  };
  const Row rows[] = {
      {word_of(noon + 1h), true, "its word"},
      {word_of(noon), true, "its word"},
      {word_of(std::nullopt), true, "its word"},
      {word_of(noon - 1s), false,
       "its word; that is before the second sweep at 2020-09-16T12:00:00.000Z"},
      {word_of(std::nullopt, false), false, "its word"},
      // It answered and did not say: only the file knows.
      {{.asked = true, .detail = "no permission"}, true, "the platform did not say: no permission"},
      {{.detail = "no answer"}, false, "the platform did not say: no answer"},
  };
  for (const Row& row : rows) {
    const TokenCheck check = token_check("instagram a", row.word, noon);
    CHECK(check.good == row.good);
    CHECK(check.said == row.said);
  }
}
