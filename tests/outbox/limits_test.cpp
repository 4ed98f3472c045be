// Each service's documented limits over texts that want to break them: whatever a
// post, an actor or a rule says, what is sent is one that the service takes.
#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/core/utf8.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/text_limits.h"
#include "daemon/outbox/together.h"
#include "tests/outbox/support/readable.h"

using namespace pw;
using nlohmann::json;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const std::string token = "secret-token-0123456789abcdef00";

// Pieces that break naive cuts: families of joined emoji, stacked accents, markup of
// every service, controls, bytes that are no UTF-8, right-to-left marks.
const std::vector<std::string> pieces = {
    "a",
    " ",
    "\n",
    "\r\n",
    "*",
    "_",
    "`",
    "~",
    "|",
    "<",
    ">",
    "&",
    "\"",
    "'",
    "\\",
    "[x](y)",
    "@everyone",
    "<!channel>",
    "<@U1>",
    "</b>",
    "\xF0\x9F\x8D\x8F",
    "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
    "e\xCC\x81\xCC\x82",
    "\xE6\x9D\xB1",
    "\xE2\x80\xAE",
    "\x01",
    "\xff",
    "\xED\xA0\x80",
    "\xF0\x9F",
    "word ",
    "https://x.example/?a=b&c=d"};

rc::Gen<std::string> hostile(int length_max) {
  return rc::gen::map(
      rc::gen::pair(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                    rc::gen::inRange(0, length_max)),
      [](const std::pair<std::vector<std::string>, int>& drawn) {
        std::string text;
        if (drawn.first.empty()) return text;
        for (std::size_t i = 0; static_cast<int>(text.size()) < drawn.second; ++i)
          text += drawn.first[i % drawn.first.size()];
        return text;
      });
}

Message drawn_message() {
  Message message;
  message.finding.id = "abcdefghijklmnopqrstuvwxyz";
  message.finding.severity = Severity::breach;
  message.finding.rule = *hostile(2'000);
  message.finding.why = *hostile(6'000);
  message.finding.needs_review = *rc::gen::arbitrary<bool>();
  message.finding.found_at = noon;
  message.campaign = *hostile(3'000);
  message.actor = *hostile(8'000);
  message.account = *hostile(3'000);
  message.platform = *hostile(300);
  message.post_text = *hostile(60'000);
  message.post_url = *rc::gen::element(std::string(), std::string("https://x.example/1"),
                                       "https://x.example/" + std::string(3'000, 'y'),
                                       std::string("javascript:alert(1)"));
  return message;
}

Notice drawn_notice() {
  const Message message = drawn_message();
  const int members = *rc::gen::inRange(0, 60);
  if (members == 0) return notice_of(message, {FindingState::open, true, *hostile(5'000), noon});
  if (members == 1) return notice_of(message);
  TogetherBody together(false, Together::over_limit, Flood{30, std::chrono::hours(1)});
  for (int i = 0; i < members; ++i) together.add(print_notice(notice_of(message)));
  return *parse_notice(together.print(noon));
}

SinkTarget target(SinkType type) {
  SinkTarget sink;
  sink.type = type;
  sink.url = "https://service.example/hooks/T0";
  sink.to = {type == SinkType::matrix ? "!room:example.org" : "-100200300"};
  sink.secrets = {token};
  return sink;
}

HttpRequest drawn_request(SinkType type) {
  return service_request(target(type), drawn_notice(), {"msg_1", *rc::gen::arbitrary<bool>()});
}

std::size_t units(const json& text) { return length_of(text.get<std::string>(), Unit::utf16); }

// Not empty, and at most so many of UTF-16's units.
void check_text(const json& text, std::size_t max) {
  RC_ASSERT(text.is_string());
  RC_ASSERT(units(text) >= 1u);
  RC_ASSERT(units(text) <= max);
}

// The backslash before a mark is never parted from it.
void check_escapes(const std::string& text) {
  std::size_t end = text.size();
  if (text.ends_with("\xE2\x80\xA6")) end -= 3;
  std::size_t slashes = 0;
  while (slashes < end && text[end - 1 - slashes] == '\\') ++slashes;
  RC_ASSERT(slashes % 2 == 0u);
}

}  // namespace

TEST_CASE("Discord takes every message: title, fields, 6,000 characters in all") {
  CHECK(rc::check([] {
    const json body = json::parse(drawn_request(SinkType::discord).body);
    RC_ASSERT(body["allowed_mentions"] == json({{"parse", json::array()}}));
    RC_ASSERT(body["embeds"].size() == 1u);
    if (body.contains("content")) check_text(body["content"], 2'000);
    const json& embed = body["embeds"][0];
    check_text(embed["title"], 256);
    check_escapes(embed["title"]);
    std::size_t sum = units(embed["title"]);
    if (embed.contains("description")) {
      check_text(embed["description"], 4'096);
      check_escapes(embed["description"]);
      sum += units(embed["description"]);
    }
    if (embed.contains("footer")) {
      check_text(embed["footer"]["text"], 2'048);
      sum += units(embed["footer"]["text"]);
    }
    if (embed.contains("url")) check_text(embed["url"], 2'048);
    if (embed.contains("fields")) {
      RC_ASSERT(embed["fields"].size() <= 25u);
      for (const json& field : embed["fields"]) {
        check_text(field["name"], 256);
        check_text(field["value"], 1'024);
        sum += units(field["name"]) + units(field["value"]);
      }
    }
    RC_ASSERT(sum <= 6'000u);
    RC_ASSERT(embed["color"].get<int>() >= 0);
    RC_ASSERT(embed["color"].get<int>() <= 0xffffff);
  }));
}

TEST_CASE("Slack takes every message: blocks, sections, fields and their sum") {
  CHECK(rc::check([] {
    const json body = json::parse(drawn_request(SinkType::slack).body);
    RC_ASSERT(body["blocks"].size() <= 50u);
    std::size_t sum = 0;
    const auto take = [&](const json& text, std::size_t max) {
      check_text(text["text"], max);
      sum += units(text["text"]);
      // Slack reads a mention only where somebody let it.
      if (text["type"] == "mrkdwn")
        RC_ASSERT(text["text"].get<std::string>().find("<!") == std::string::npos);
    };
    for (const json& block : body["blocks"]) {
      if (block["type"] == "header") take(block["text"], 150);
      if (block["type"] == "section" && block.contains("text")) take(block["text"], 3'000);
      if (block.contains("fields")) {
        RC_ASSERT(block["fields"].size() <= 10u);
        for (const json& field : block["fields"]) take(field, 2'000);
      }
      if (block.contains("elements")) {
        RC_ASSERT(block["elements"].size() <= 10u);
        for (const json& element : block["elements"]) take(element, 2'000);
      }
    }
    RC_ASSERT(sum <= 13'200u);
  }));
}

TEST_CASE("Telegram takes every message: 4,096 characters as they show, tags closed") {
  CHECK(rc::check([] {
    const json body = json::parse(drawn_request(SinkType::telegram).body);
    const std::string text = body["text"];
    RC_ASSERT(length_of(test::shown_html(text), Unit::utf16) <= 4'096u);
    RC_ASSERT(!text.empty());
    std::vector<std::string> open;
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; ++at) {
      const std::size_t end = text.find('>', at);
      RC_ASSERT(end != std::string::npos);
      std::string tag = text.substr(at + 1, end - at - 1);
      tag.resize(std::min(tag.find(' '), tag.size()));
      if (!tag.starts_with('/')) {
        open.push_back(tag);
        continue;
      }
      RC_ASSERT(!open.empty());
      RC_ASSERT(open.back() == tag.substr(1));
      open.pop_back();
    }
    RC_ASSERT(open.empty());
  }));
}

TEST_CASE("Teams, Mattermost, Matrix, ntfy, PagerDuty and Alertmanager take every message") {
  CHECK(rc::check([] {
    RC_ASSERT(drawn_request(SinkType::teams).body.size() < 28'000u);
    const json mattermost = json::parse(drawn_request(SinkType::mattermost).body);
    const std::string text = mattermost["text"];
    RC_ASSERT(length_of(text, Unit::points) <= 16'383u);
    RC_ASSERT(!text.empty());
    // With its envelope an event has at most 65,536 bytes.
    RC_ASSERT(drawn_request(SinkType::matrix).body.size() <= 55'000u);

    const HttpRequest ntfy = drawn_request(SinkType::ntfy);
    RC_ASSERT(ntfy.body.size() <= 4'096u);
    RC_ASSERT(!ntfy.body.empty());
    for (const HttpHeader& header : ntfy.headers) {
      RC_ASSERT(header.value.find_first_of("\r\n") == std::string::npos);
      RC_ASSERT(header.value.size() <= 2'000u);
    }

    const HttpRequest page = drawn_request(SinkType::pagerduty);
    RC_ASSERT(page.body.size() <= 512'000u);
    const json event = json::parse(page.body);
    check_text(event["dedup_key"], 255);
    if (event["event_action"] == "trigger") {
      check_text(event["payload"]["summary"], 1'024);
      check_text(event["payload"]["source"], 100'000);
    }

    const json alerts = json::parse(drawn_request(SinkType::alertmanager).body);
    RC_ASSERT(alerts.is_array());
    for (const auto& [name, value] : alerts[0]["labels"].items()) {
      RC_ASSERT(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
      RC_ASSERT(value.is_string());
    }
  }));
}

TEST_CASE("every request is valid UTF-8, follows no redirect and tells no secret but its own way") {
  CHECK(rc::check([] {
    for (std::size_t i = 1; i <= static_cast<std::size_t>(SinkType::alertmanager); ++i) {
      const auto type = static_cast<SinkType>(i);
      const HttpRequest request = drawn_request(type);
      RC_ASSERT(is_utf8(request.body));
      RC_ASSERT(request.redirects == Redirects::refuse);
      const bool in_body = request.body.find(token) != std::string::npos;
      RC_ASSERT(in_body == (type == SinkType::pagerduty));
    }
  }));
}
