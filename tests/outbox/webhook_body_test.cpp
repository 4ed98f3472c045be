#include "daemon/outbox/webhook_body.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

Message sample() {
  Message message;
  Finding& finding = message.finding;
  finding.id = "abcdefghijklmnopqrstuvwxyz";
  finding.account = 7;
  finding.post_id = "p1";
  finding.rule = "posted-during-freeze";
  finding.summary = "Riverbank posted a reel";
  finding.appeared = {instant_of_ms(1'600'250'000'000), instant_of_ms(1'600'250'060'000)};
  finding.found_at = instant_of_ms(1'600'250'061'250);
  message.campaign = "instagram-freeze-2020";
  message.actor = "Riverbank Bakery";
  message.account = "instagram:riverbank.bakery";
  message.platform = "instagram";
  message.surface = Surface::reel;
  message.post_url = "https://www.instagram.com/p/abc/";
  message.post_text = "Fresh bread \xf0\x9f\x8d\x9e today";
  message.log_index = 42;
  return message;
}

Json parsed(const std::string& body) {
  CHECK(body.size() <= webhook_body_bytes_max);
  const Json payload = Json::parse(body, nullptr, false);  // refuses what is not UTF-8
  REQUIRE(payload.is_object());
  return payload;
}

TEST_CASE("a finding reads as a receiver expects it") {
  CHECK(webhook_body(sample()) ==
        R"({"type":"pledgewatch.finding","timestamp":"2020-09-16T09:54:21.250Z","data":{)"
        R"("permalink":"https://www.instagram.com/p/abc/","log_index":42,)"
        R"("headline":"Riverbank Bakery: reel on instagram posted during the window",)"
        R"("needs_review":false,"state":"open",)"
        R"("notice":"A rule matched a public post. People have not reviewed this yet; it is no )"
        R"(statement about whether a pledge was kept.",)"
        R"("summary":"Riverbank posted a reel","campaign":"instagram-freeze-2020",)"
        R"("actor":"Riverbank Bakery","account":"instagram:riverbank.bakery",)"
        R"("platform":"instagram","surface":"reel","rule":"posted-during-freeze",)"
        R"("severity":"breach","finding":"abcdefghijklmnopqrstuvwxyz","post":"p1",)"
        R"("appeared":{"from":"2020-09-16T09:53:20.000Z","to":"2020-09-16T09:54:20.000Z"},)"
        R"("claimed_at":null,"post_text":"Fresh bread )"
        "\xf0\x9f\x8d\x9e"
        R"( today"}})");
}

TEST_CASE("a finding that needs review says so first and claims nothing") {
  Message message = sample();
  message.finding.needs_review = true;
  message.finding.why = "post.appeared straddles the window's start";
  const Json data = parsed(webhook_body(message))["data"];
  CHECK(data["headline"].get<std::string>().starts_with("Needs review: Riverbank Bakery"));
  CHECK(data["headline"].get<std::string>().find("during the window") == std::string::npos);
  CHECK(data["needs_review"] == true);
  CHECK(data["why"] == "post.appeared straddles the window's start");
}

TEST_CASE("no words of ours say that a pledge was broken") {
  for (const Severity severity : {Severity::breach, Severity::warning, Severity::note}) {
    for (const bool needs_review : {false, true}) {
      Message message = sample();
      message.finding.severity = severity;
      message.finding.needs_review = needs_review;
      const std::string body = webhook_body(message);
      for (const char* claim : {"broke", "violat", "guilty", "caught"})
        CHECK(body.find(claim) == std::string::npos);
    }
  }
}

TEST_CASE("a long text is cut between characters, visibly, and named") {
  for (int shift = 0; shift < 4; ++shift) {
    Message message = sample();
    message.post_text = std::string(static_cast<std::size_t>(shift), 'a');
    for (int i = 0; i < 10'000; ++i) message.post_text += "\xf0\x9f\x8d\x9e";
    const Json data = parsed(webhook_body(message))["data"];
    const auto text = data["post_text"].get<std::string>();
    CHECK(text.ends_with("\xf0\x9f\x8d\x9e…"));
    CHECK(text.find("\xef\xbf\xbd") == std::string::npos);
    CHECK(text.size() > 7'000);
    CHECK(data["cut"] == Json::parse(R"(["post_text"])"));
  }
}

TEST_CASE("an address that is too long is left out, not cut") {
  Message message = sample();
  message.post_url = "https://example.org/" + std::string(5'000, 'x');
  const Json data = parsed(webhook_body(message))["data"];
  CHECK(data["permalink"].is_null());
  CHECK(data["cut"] == Json::parse(R"(["permalink"])"));
}

TEST_CASE("whatever a platform sends, the body is small and valid JSON") {
  const std::string fillings[] = {std::string(1, '\0'), "\x01",     "\xff",         "\xc3",
                                  "\xed\xa0\x80",       "\"\\\r\n", "\xf0\x9f\x8d", "</script>",
                                  "\xe2\x80\xae",       "\x80"};
  for (const std::string& filling : fillings) {
    for (const int times : {1, 100, 50'000}) {
      std::string text;
      for (int i = 0; i < times; ++i) text += filling;
      Message message = sample();
      for (std::string* field :
           {&message.actor, &message.account, &message.campaign, &message.platform,
            &message.post_url, &message.post_text, &message.finding.id, &message.finding.post_id,
            &message.finding.rule, &message.finding.summary, &message.finding.why}) {
        *field = text;
      }
      message.finding.needs_review = true;
      INFO("filled with " << print_hex({reinterpret_cast<const std::uint8_t*>(filling.data()),
                                        filling.size()})
                          << ' ' << times << " times");
      const Json payload = parsed(webhook_body(message));
      CHECK(payload["type"] == "pledgewatch.finding");
      CHECK(payload["data"].contains("post_text"));
    }
  }
}

TEST_CASE("an index that is not known yet is null") {
  Message message = sample();
  message.log_index.reset();
  message.claimed_at = instant_of_ms(0);
  message.post_url.clear();
  const Json data = parsed(webhook_body(message))["data"];
  CHECK(data["log_index"].is_null());
  CHECK(data["permalink"].is_null());
  CHECK(data["claimed_at"] == "1970-01-01T00:00:00.000Z");
  CHECK_FALSE(data.contains("cut"));
}

}  // namespace
}  // namespace pw
