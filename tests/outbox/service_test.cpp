// Each service's requests, byte for byte, and what no request may contain. With
// PW_UPDATE_GOLDEN=1 the goldens and daemon/outbox/README.md are written anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/core/utf8.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/text_limits.h"
#include "tests/outbox/support/readable.h"

using namespace pw;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

Message sample_message() {
  Message message;
  message.finding.id = "abcdefghijklmnopqrstuvwxyz";
  message.finding.rule = "posted-during-freeze";
  message.finding.appeared = {noon - Millis{90'000}, noon};
  message.finding.found_at = noon + Millis{800};
  message.campaign = "instagram-freeze-2020";
  message.actor = "Riverbank Bakery <Ltd> & Sons";
  message.account = "instagram:riverbank.bakery";
  message.platform = "instagram";
  message.surface = Surface::reel;
  message.post_url = "https://www.instagram.com/reel/C1?igsh=a&b=1";
  message.post_text =
      "New *buns* @everyone!\n<b>2 for 1</b> & more_today [here](https://x.example)";
  message.log_index = 4711;
  return message;
}

Message hostile_message() {
  Message message = sample_message();
  std::string text;
  for (int i = 0; i < 4'000; ++i) text += "*<\xF0\x9F\x8D\x8F&\x01\xff";
  message.actor = message.campaign = message.post_text = text;
  message.finding.why = message.finding.rule = text;
  message.post_url = "https://x.example/" + std::string(5'000, 'y');
  return message;
}

SinkTarget target(SinkType type) {
  SinkTarget sink;
  sink.type = type;
  sink.name = "chat";
  sink.url = "https://service.example/hooks/T0";
  sink.to = {type == SinkType::matrix ? "!room:example.org" : "-100200300"};
  sink.secrets = {"secret-token-0123456789abcdef00"};
  return sink;
}

std::string print(const HttpRequest& request) {
  std::string text = request.method + ' ' + request.url + '\n';
  for (const HttpHeader& header : request.headers) text += header.name + ": " + header.value + '\n';
  const auto json = nlohmann::ordered_json::parse(request.body, nullptr, false);
  return text + '\n' + (json.is_discarded() ? request.body : json.dump(2)) + '\n';
}

bool updates() { return std::getenv("PW_UPDATE_GOLDEN") != nullptr; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void check_golden(const fs::path& path, const std::string& text) {
  if (updates()) std::ofstream(path, std::ios::binary) << text;
  INFO(path);
  CHECK(read(path) == text);
}

std::vector<SinkType> services() {
  std::vector<SinkType> types;
  for (std::size_t i = 1; i < sink_type_names.size() - 1; ++i)
    types.push_back(static_cast<SinkType>(i));
  return types;
}

std::string name(SinkType type) {
  return std::string(sink_type_names[static_cast<std::size_t>(type)]);
}

Notice correction() {
  Message message = sample_message();
  message.finding.state = FindingState::dismissed;
  return notice_of(message, {FindingState::open, false, "an old photo", noon + Millis{60'000}});
}

Notice group() {
  Message other = sample_message();
  other.account = "mastodon:bakery@example.org";
  other.platform = "mastodon";
  other.post_url = "https://example.org/@bakery/1";
  return group_notice({notice_of(sample_message()), notice_of(other)});
}

}  // namespace

TEST_CASE("a finding, a group and a correction as each service is sent them") {
  const fs::path folder = "tests/outbox/golden";
  for (const SinkType type : services()) {
    const Sending first{"msg_abcdefghijklmnopqrstuvwxyz"};
    const Sending again{"msg_abcdefghijklmnopqrstuvwxyz", /*maybe_duplicate=*/true};
    const SinkTarget sink = target(type);
    check_golden(folder / (name(type) + ".txt"),
                 print(service_request(sink, notice_of(sample_message()), first)));
    check_golden(folder / (name(type) + "_group.txt"),
                 print(service_request(sink, group(), {"grp_1"})));
    check_golden(folder / (name(type) + "_correction.txt"),
                 print(service_request(sink, correction(), again)));
  }
}

TEST_CASE("the page of all messages is what the goldens say") {
  std::string page = read("daemon/outbox/README.md");
  const std::string mark = "<!-- below: made from the tests' golden requests -->\n";
  const std::size_t at = page.find(mark);
  REQUIRE(at != std::string::npos);
  page.resize(at + mark.size());
  for (const SinkType type : services()) {
    const HttpRequest request = service_request(target(type), notice_of(sample_message()),
                                                {"msg_abcdefghijklmnopqrstuvwxyz"});
    page += "\n### " + name(type) + "\n```\n" + test::readable(type, request) + "```\n";
  }
  check_golden("daemon/outbox/README.md", page);
}

TEST_CASE("a notice waits in the outbox and comes back as it was") {
  for (const Notice& notice : {notice_of(sample_message()), correction(), group()}) {
    const auto back = parse_notice(print_notice(notice));
    REQUIRE(back);
    CHECK(print_notice(*back) == print_notice(notice));
  }
  for (const char* text : {"", "{}", "[]", "{\"kind\":\"finding\"}"})
    CHECK_FALSE(parse_notice(text));
}

TEST_CASE("hostile texts stay within every service's limits") {
  const std::size_t body_max[] = {0,      13'000, 20'000, 21'000,  70'000,
                                  30'000, 4'096,  65'536, 512'000, 200'000};
  for (const SinkType type : services()) {
    INFO(name(type));
    for (const Notice& notice :
         {notice_of(hostile_message()),
          group_notice(std::vector<Notice>(50, notice_of(hostile_message())))}) {
      const HttpRequest request = service_request(target(type), notice, {"msg_1"});
      CHECK(is_utf8(request.body));
      CHECK(length_of(request.body, Unit::points) <= body_max[static_cast<std::size_t>(type)]);
      CHECK(request.redirects == Redirects::refuse);
      for (const HttpHeader& header : request.headers)
        CHECK(header.value.find_first_of("\r\n") == std::string::npos);
    }
  }
}

TEST_CASE("Discord's and Telegram's limits hold in their own units") {
  const auto body = [](SinkType type) {
    return nlohmann::json::parse(
        service_request(target(type), notice_of(hostile_message()), {"msg_1"}).body);
  };
  const auto units = [](const nlohmann::json& text) {
    return length_of(text.get<std::string>(), Unit::utf16);
  };
  const auto embed = body(SinkType::discord)["embeds"][0];
  CHECK(units(embed["title"]) <= 256);
  CHECK(units(embed["description"]) <= 4'096);
  std::size_t sum =
      units(embed["title"]) + units(embed["description"]) + units(embed["footer"]["text"]);
  CHECK(embed["fields"].size() <= 25);
  for (const auto& field : embed["fields"]) {
    CHECK(units(field["name"]) <= 256);
    CHECK(units(field["value"]) <= 1'024);
    sum += units(field["name"]) + units(field["value"]);
  }
  CHECK(sum <= 6'000);
  CHECK(body(SinkType::discord)["allowed_mentions"]["parse"].empty());
  CHECK(units(test::shown_html(body(SinkType::telegram)["text"])) <= 4'096);
  const auto blocks = body(SinkType::slack)["blocks"];
  CHECK(blocks.size() <= 50);
  CHECK(units(blocks[0]["text"]["text"]) <= 150);
}
