// E-mail, byte for byte, and what no text of a stranger's can do to it.
#include <fstream>
#include <sstream>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/core/utf8.h"
#include "daemon/outbox/delivery.h"
#include "daemon/outbox/mail.h"
#include "daemon/outbox/mail_wire.h"
#include "daemon/outbox/text_limits.h"

using namespace pw;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

SinkTarget target() {
  SinkTarget sink;
  sink.type = SinkType::email;
  sink.from = "Boykott München <freeze@example.org>";
  sink.to = {"Ana <ana@example.org>", "ben@example.net"};
  return sink;
}

// The header's lines, unfolded, and the body, decoded.
struct Read {
  std::vector<std::string> fields;
  std::string body;
};

std::string field(const Read& read, const std::string& name) {
  std::string value;
  for (const std::string& line : read.fields) {
    if (!line.starts_with(name + ": ")) continue;
    REQUIRE(value.empty());
    value = line.substr(name.size() + 2);
  }
  return value;
}

Read read(const std::string& message) {
  Read out;
  const std::size_t end = message.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  std::istringstream lines(message.substr(0, end));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.starts_with(' '))
      out.fields.back() += line;
    else
      out.fields.push_back(line);
  }
  std::string body = message.substr(end + 4);
  if (field(out, "Content-Transfer-Encoding") == "base64") {
    std::erase_if(body, [](char c) { return c == '\r' || c == '\n'; });
    const auto decoded = parse_base64(body);
    REQUIRE(decoded);
    body = *decoded;
  }
  out.body = body;
  return out;
}

// RFC 2047 undone.
std::string unworded(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 10, "=?UTF-8?B?") != 0) {
      if (text[at] != ' ' || text.compare(at + 1, 2, "=?") != 0) out += text[at];
      ++at;
      continue;
    }
    const std::size_t end = text.find("?=", at + 10);
    REQUIRE(end != std::string::npos);
    CHECK(end + 2 - at <= 75);
    const auto word = parse_base64(text.substr(at + 10, end - at - 10));
    REQUIRE(word);
    CHECK(is_utf8(*word));
    out += *word;
    at = end + 2;
  }
  return out;
}

Notice notice_with(const std::string& text) {
  Notice notice;
  notice.title = text;
  notice.quote = text;
  notice.key = text;
  notice.facts = {{"Account", text}};
  notice.text = text;
  return notice;
}

}  // namespace

TEST_CASE("whatever a stranger writes, the message stays one message of short ASCII lines") {
  CHECK(rc::check([](const std::string& wild, bool again) {
    const std::string text = clean_text(wild, /*lines=*/true);
    for (const std::string& said : {wild, text, text + "\r\n.\r\nBcc: all@x.example\r\n\r\nhi"}) {
      Notice notice = notice_with(said);
      notice.kind = Notice::Kind::correction;
      const std::string message = mail_message(target(), notice, {said, again}, noon);
      std::istringstream lines(message);
      for (std::string line; std::getline(lines, line);) {
        RC_ASSERT(line.ends_with('\r'));
        line.pop_back();
        const bool is_id = line.find("<") != std::string::npos;
        RC_ASSERT(line.size() <= (is_id ? 150u : 78u));
        for (const char c : line) RC_ASSERT(c >= ' ' && c < '\x7f');
      }
      const Read mail = read(message);
      RC_ASSERT(mail.fields.size() == (said.empty() ? 9u : 11u));
      RC_ASSERT(field(mail, "Bcc").empty());
    }
  }));
}

TEST_CASE("a subject of any script comes back as it was") {
  const std::string texts[] = {
      "plain",
      "Grüße aus München: ein Beitrag auf instagram während des Boykotts, mit sehr vielen Wörtern",
      "=?UTF-8?B?cXVvdGVk?= is no trick",
      "😀🍏 東京の請願",
      std::string(150, 'x'),
  };
  for (const std::string& text : texts) {
    Notice notice;
    notice.title = text;
    const Read mail = read(mail_message(target(), notice, {"msg_1"}, noon));
    CHECK(unworded(field(mail, "Subject")) == text);
  }
}

TEST_CASE("the message's id is the delivery's, on every attempt; a correction answers it") {
  Notice notice;
  notice.title = "t";
  notice.key = "abc";
  const Read first = read(mail_message(target(), notice, {"msg_abc"}, noon));
  const Read again = read(mail_message(target(), notice, {"msg_abc", true}, noon + Millis{1'000}));
  CHECK(field(first, "Message-ID") == "<msg_abc@example.org>");
  CHECK(field(again, "Message-ID") == field(first, "Message-ID"));
  CHECK(field(first, "Subject") == "t");
  CHECK(field(again, "Subject") == "(may be a duplicate) t");
  CHECK(field(first, "References").empty());
  CHECK(field(first, "Date") == "Wed, 16 Sep 2020 12:00:00 +0000");
  CHECK(field(first, "To") == "\"Ana\" <ana@example.org>, ben@example.net");
  CHECK(unworded(field(first, "From")) == "Boykott München <freeze@example.org>");
  notice.kind = Notice::Kind::correction;
  const Read correction = read(mail_message(target(), notice, {"msg_abc-c2"}, noon));
  CHECK(field(correction, "References") == "<msg_abc@example.org>");
}

TEST_CASE("lines break at spaces, and an address is never broken") {
  const std::string address = "https://x.example/" + std::string(90, 'y');
  CHECK(wrapped("one two three", 7) == "one two\nthree\n");
  CHECK(wrapped("aa " + address + " bb", 10) == "aa\n" + address + "\nbb\n");
  CHECK(wrapped("a\n\nb", 10) == "a\n\nb\n");
  CHECK(wrapped("ééé ééé", 3) == "ééé\nééé\n");
  CHECK(wrapped("", 10) == "");
}

TEST_CASE("addresses and servers that mail can go to") {
  for (const char* good : {"a@b.example", "Ana Müller <a.b+c@b.example>", "\"A, B\" <a@b>"})
    CHECK(parse_mailbox(good));
  for (const char* bad :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "<a@b", "a@b>", "x <a@b> y", "a\n@b",
        "ä@b.example", "a..b@c", "A\nB <a@b>", "a@b>\r\nX: y <"})
    CHECK_FALSE(parse_mailbox(bad));
  const auto server = parse_mail_server("smtp://mail.example.org");
  REQUIRE(server);
  CHECK(server->port == 587);
  CHECK_FALSE(server->tls_from_start);
  const auto early = parse_mail_server("smtps://[2001:db8::1]:4650");
  REQUIRE(early);
  CHECK(early->host == "2001:db8::1");
  CHECK(early->port == 4650);
  CHECK(early->tls_from_start);
  for (const char* bad : {"", "smtp://", "http://x", "smtp://u:p@x", "smtp://x/y", "smtp://x:0",
                          "smtp://x:99999", "smtp://[::1", "smtp://x:2525\r\n"})
    CHECK_FALSE(parse_mail_server(bad));
}

TEST_CASE("a mail server's reply is delivered, later, refused or never") {
  const auto said = [](int code) {
    const MailMeaning meaning = mail_meaning(code);
    return std::to_string(meaning.status) + (meaning.hopeless ? " never" : "");
  };
  CHECK(said(250) == "200");
  CHECK(said(421) == "503");
  CHECK(said(451) == "503");
  CHECK(said(535) == "401");
  CHECK(said(550) == "400 never");
  CHECK(said(554) == "400 never");
}
