// Each service's requests, byte for byte, and what no request may contain. With
// PW_UPDATE_GOLDEN=1 the goldens and daemon/outbox/README.md are written anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/outbox/mail.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/summary.h"
#include "daemon/outbox/together.h"
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
  for (std::size_t i = 1; i <= static_cast<std::size_t>(SinkType::alertmanager); ++i)
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

Message second_message() {
  Message other = sample_message();
  other.finding.id = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
  other.account = "mastodon:bakery@example.org";
  other.platform = "mastodon";
  other.post_url = "https://example.org/@bakery/1";
  return other;
}

Notice group() {
  NoticeGroup both;
  both.add(notice_of(sample_message()));
  both.add(notice_of(second_message()));
  return both.notice();
}

SinkTarget mail_target() {
  SinkTarget sink = target(SinkType::email);
  sink.from = "Freeze Desk <desk@freeze.example>";
  sink.to = {"Ana <ana@example.org>", "ben@example.net"};
  return sink;
}

std::string pretty(const std::string& body) {
  return nlohmann::ordered_json::parse(body).dump(2) + '\n';
}

// Title and text, as every service words them in its own form.
std::string as_text(const Notice& notice) {
  return notice.title + '\n' + plain_text(notice) + '\n';
}

std::string together_text(Together why, const Flood& flood) {
  TogetherBody both(false, why, flood);
  both.add(print_notice(notice_of(sample_message())));
  both.add(print_notice(notice_of(second_message())));
  const auto notice = parse_notice(both.print(noon));
  REQUIRE(notice);
  return as_text(*notice);
}

// A day of forty accounts.
SummaryFacts summary(SummaryKind kind) {
  const Instant start = *parse_rfc3339("2020-09-16T00:00:00Z");
  const bool over = kind == SummaryKind::closing || kind == SummaryKind::final;
  SummaryFacts facts;
  facts.moment = {kind, kind == SummaryKind::hourly ? 12 : 0, noon, "sum_1"};
  facts.campaign = "instagram-freeze-2020";
  facts.window = {start, start + std::chrono::hours(24)};
  facts.now = over ? facts.window.end + std::chrono::minutes(30) : noon;
  if (kind == SummaryKind::opening) facts.now = start;
  facts.actors = 38;
  facts.accounts = 44;
  facts.looks = kind == SummaryKind::opening ? 88 : 31'680;
  facts.platforms = {{"instagram", 40, 2, std::chrono::minutes(4), std::chrono::minutes(5)},
                     {"mastodon", 4, 0, std::chrono::minutes(1), std::chrono::minutes(2)}};
  if (kind != SummaryKind::opening) facts.findings = {2, 1, 0, 0};
  if (!over) return facts;
  SummaryVerdicts verdicts;
  verdicts.actors = {1, 2, 4, 0, 28, 1};
  verdicts.judged = 36;
  verdicts.rumoured = 1;
  verdicts.withdrawn = 1;
  verdicts.accounts = 44;
  verdicts.within_promise = 40;
  verdicts.surfaces = {Surface::post, Surface::reel};
  verdicts.kept_duration = std::chrono::minutes(5);
  facts.verdicts = verdicts;
  return facts;
}

std::string summary_text(SummaryKind kind) { return as_text(summary_notice(summary(kind))); }

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
  const auto add = [&](const std::string& heading, const std::string& text) {
    page += "\n### " + heading + "\n```\n" + text + "```\n";
  };
  const Sending sending{"msg_abcdefghijklmnopqrstuvwxyz"};
  for (const SinkType type : services()) {
    const HttpRequest request = service_request(target(type), notice_of(sample_message()), sending);
    add(name(type), test::readable(type, request));
  }
  add("email", test::readable_mail(mail_message(mail_target(), notice_of(sample_message()), sending,
                                                noon + Millis{1'000})));
  add("webhook, and exec on its standard input", pretty(webhook_body(sample_message())));
  page += "\n## Several findings in one message\n";
  const Flood flood{30, std::chrono::hours(1)};
  for (const auto& [heading, why] :
       {std::pair{"a group", Together::group}, std::pair{"over the limit", Together::over_limit},
        std::pair{"a reminder", Together::reminder}})
    add(std::string(heading) + ", as plain text", together_text(why, flood));
  TogetherBody both(true, Together::group);
  both.add(webhook_body(sample_message()));
  both.add(webhook_body(second_message()));
  add("a group, as a webhook", pretty(both.print(noon)));
  page += "\n## Summaries\n";
  for (const SummaryKind kind : {SummaryKind::opening, SummaryKind::hourly, SummaryKind::closing})
    add(std::string(summary_kind_names[static_cast<std::size_t>(kind)]), summary_text(kind));
  add("closing, as a webhook", pretty(summary_body(summary(SummaryKind::closing))));
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
