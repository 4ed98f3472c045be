#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/core/redact.h"

using namespace pw;

namespace {

constexpr std::string_view canary = "EAAB/canary+token=42";

}  // namespace

TEST_CASE("a known secret is found in every form it can take") {
  const Redactor redactor({std::string(canary)});
  const std::string rows[] = {
      "Bearer EAAB/canary+token=42",
      "x?t=EAAB%2Fcanary%2Btoken%3D42&y=1",
      "x?t=EAAB%2fcanary%2btoken%3d42&y=1",
      R"({"next":"https:\/\/g\/?t=EAAB\/canary+token=42"})",
      "Basic " + print_base64("user:" + std::string(canary)),
      "Basic " + print_base64("user1:" + std::string(canary) + "x"),
      "Basic " + print_base64("us:" + std::string(canary) + "xy"),
      print_hex({reinterpret_cast<const std::uint8_t*>(canary.data()), canary.size()}),
  };
  for (const std::string& row : rows) {
    INFO(row);
    const std::string clean = redactor.redact(row);
    CHECK(clean.find("[redacted]") != std::string::npos);
    CHECK(clean.find("canary") == std::string::npos);
  }
}

TEST_CASE("fields that always carry a secret are emptied whoever put it there") {
  const Redactor redactor;
  struct Row {
    std::string_view text, clean;
  };
  const Row rows[] = {
      {"https://g/v1?access_token=abc&limit=5", "https://g/v1?access_token=[redacted]&limit=5"},
      {R"("next":"https://g/?access_token=abc")", R"("next":"https://g/?access_token=[redacted]")"},
      {R"({"access_token":"abc","n":1})", R"({"access_token":"[redacted]","n":1})"},
      {R"(\"access_token\":\"abc\")", R"(\"access_token\":\"[redacted]\")"},
      {"Access_Token=abc", "Access_Token=[redacted]"},
      {"https://user:pw@host/path", "https://[redacted]@host/path"},
      {"appsecret_proof=aa;client_secret=bb",
       "appsecret_proof=[redacted];client_secret=[redacted]"},
      {R"({"apikey": "a", "id_token":"b", "password": "c"})",
       R"({"apikey": "[redacted]", "id_token":"[redacted]", "password": "[redacted]"})"},
      {R"({"password":"secret","n":1})", R"({"password":"[redacted]","n":1})"},
      {"secret=api_key=abc&x=1", "secret=[redacted]&x=1"},
      {"my_access_tokens=abc", "my_access_tokens=abc"},
      {"the password is long", "the password is long"},
      {"https://host/a@b", "https://host/a@b"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(redactor.redact(row.text) == row.clean);
  }
}

TEST_CASE("redaction is idempotent and survives any bytes") {
  const Redactor redactor({std::string(canary)});
  std::uint64_t seed = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text += "access_token=&\"\\:/@%3D{}abc\xff\x00"[(seed >> 33) % 31];
    }
    const std::string once = redactor.redact(text);
    CHECK(redactor.redact(once) == once);
  }
}
