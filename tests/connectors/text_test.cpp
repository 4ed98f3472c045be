// Text, times in ids, and the other small readings.
#include <catch2/catch.hpp>

#include "connectors/instagram_shortcode.h"
#include "connectors/json.h"
#include "connectors/mastodon.h"
#include "connectors/plain_text.h"
#include "connectors/text_form.h"
#include "connectors/text_marks.h"
#include "connectors/tid.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

struct TextRow {
  std::string_view html;
  std::string_view text;
};

constexpr TextRow texts[] = {
    {"plain", "plain"},
    {"a  b\n c", "a b c"},
    {"<p>one</p><p>two</p>", "one\ntwo"},
    {"one<br>two<br/>three", "one\ntwo\nthree"},
    {"<ul><li>a<li>b</ul>", "a\nb"},
    {"AT&amp;T &lt;3 &nbsp;x &eacute;", "AT&T <3 \u00A0x \u00E9"},
    {"<script>evil()</script><style>p{}</style>seen", "seen"},
    {"<b>un<i>closed", "unclosed"},
    {"a < b and c > d", "a < b and c > d"},
    {"", ""},
};

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

}  // namespace

TEST_CASE("HTML becomes the text that a reader sees") {
  for (const TextRow& row : texts) {
    INFO(row.html);
    CHECK(plain_text(row.html).text == row.text);
  }
}

TEST_CASE("links, tags and mentions are told apart") {
  const PlainText read = plain_text(
      "<a href=\"https://m.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>Été</span>"
      "</a> <a class=\"u-url mention\" href=\"https://m.example/@ann\">@<span>ann</span></a> "
      "<a href=\"https://e.example/?a=1&amp;b=2\">there</a> <a href=\"javascript:x\">no</a> "
      "#plain");
  CHECK(join(read.tags) == "Été plain");
  CHECK(join(read.mentions) == "ann");
  CHECK(join(read.links) == "https://e.example/?a=1&b=2");
  CHECK(join(hashtags_in("#a #1 #b2 x#no &#35; #日本 (#paren) #a")) == "a b2 日本 paren");
  CHECK(join(mentions_in("@ann, mail a@b.example; @bob@m.example. @")) == "ann bob@m.example");
  CHECK(join(links_in("see https://e.example/x. (http://f.example/) ftp://g")) ==
        "https://e.example/x http://f.example/");
}

TEST_CASE("a text is in the one form that rules compare") {
  CHECK(readable("Cafe\u0301") == "Caf\u00E9");
  CHECK(readable("\u1112\u1161\u11AB") == "\uD55C");
  CHECK(readable("q\u0307\u0323") == "q\u0323\u0307");  // marks in their canonical order
  CHECK(readable("\u212B") == "\u00C5");
  CHECK(readable("#Stop\u200BHate\u00ADFor\u2060Profit") == "#StopHateForProfit");
  CHECK(readable("\u202Eabc\u202C \uFEFFx") == "abc x");
  CHECK(readable("Stop\u200DHate") == "StopHate");
  // A family is one picture, and Persian needs its non-joiner.
  CHECK(readable("\U0001F468\u200D\U0001F469") == "\U0001F468\u200D\U0001F469");
  CHECK(readable("می\u200Cخواهم") == "می\u200Cخواهم");
  CHECK(readable("1\uFE0F\u20E3") == "1\uFE0F\u20E3");
  CHECK(plain_text("<p>Cafe&#769; <b>#Cafe&#769;</b></p>").text == "Caf\u00E9 #Caf\u00E9");
}

TEST_CASE("hashtags follow the rules of every script") {
  const auto tags = [](std::string_view text) { return join(hashtags_in(text)); };
  CHECK(tags("#Größe #día #naïve_2 #СТОП #日本語 #한국어 #हिन्दी #ไทย") ==
        "Größe día naïve_2 СТОП 日本語 한국어 हिन्दी ไทย");
  CHECK(tags("\uFF03東京 \uFE5Fsmall") == "東京 small");
  CHECK(tags("#bread\U0001F35E #\U0001F35E #a\u2019s") == "bread a");
  CHECK(tags("#1 #2020 #_ #\uFE0F\u20E3 #2020vote") == "2020vote");
  CHECK(tags("a#no ä#no 日#no https://e.example/#no &#39;") == "");
  CHECK(tags("#می\u200Cخواهم") == "می\u200Cخواهم");
  CHECK(tags("##double #end") == "end");
  CHECK(tags("(#paren),#comma.#stop") == "paren comma stop");
}

TEST_CASE("a link ends where its sentence goes on") {
  const auto links = [](std::string_view text) { return join(links_in(text)); };
  CHECK(links("https://e.example/a_(b) and (https://e.example/c)") ==
        "https://e.example/a_(b) https://e.example/c");
  CHECK(links("見て https://e.example/x。次") == "https://e.example/x");
  CHECK(links("https://e.example/a\u00A0b \u201Chttps://e.example/q\u201D") ==
        "https://e.example/a https://e.example/q");
  CHECK(links("https://e.example/ö?x=1&y=2#z!") == "https://e.example/ö?x=1&y=2#z");
  CHECK(links("xhttps://e.example/") == "https://e.example/");
}

TEST_CASE("HTML that would be costly as a tree is read without one") {
  std::string html;
  for (int i = 0; i < 3000; ++i) html += "<b id=" + std::to_string(i) + "></q>";
  for (int i = 0; i < 3000; ++i) html += "<p>word";
  const PlainText read = plain_text(html);
  CHECK(read.text.starts_with("word word"));
  CHECK(plain_text(std::string(100'000, '<')).text.size() < 100'001);
  CHECK(plain_text(std::string(300'000, 'x')).truncated);
}

TEST_CASE("time in ids is read as the published vectors say") {
  CHECK(parse_tid("3mmoojp4cd223") == Tid{1779719008756000, 1});
  CHECK(parse_tid("3mmoojpaqkn2z") == Tid{1779719008901651, 31});
  CHECK(parse_tid("3jzfcijpj2z2a") == Tid{1688137381887007, 6});
  CHECK(parse_tid("2222222222222") == Tid{0, 0});
  CHECK(print_tid({1789567407512000, 37}) == "3mvncku2qi237");
  CHECK(print_tid({1789516800000000, 0}) == "3mvltgmy22222");
  CHECK(print_tid({1789567500250000, 512}) == "3mvncnmiuwkk2");
  for (const std::string_view text : {"3mvncku2qi237", "3mvncnmiuwkk2", "2222222222222"}) {
    CHECK(print_tid(*parse_tid(text)) == text);
  }
  CHECK_FALSE(parse_tid("zzzzzzzzzzzzz"));
  CHECK_FALSE(parse_tid("3mvncku2qi23"));
  CHECK_FALSE(parse_tid("3mvncku2qi231"));

  CHECK(print_rfc3339(*instant_of_snowflake("109348677773283527")) == "2022-11-15T16:06:48.405Z");
  CHECK(print_rfc3339(*instant_of_snowflake("117281089618747667")) == "2026-09-16T14:03:27.512Z");
  CHECK(print_rfc3339(*instant_of_snowflake("117277773004800000")) == "2026-09-16T00:00:00.000Z");
  CHECK_FALSE(instant_of_snowflake("01M2N8F5CR"));
  CHECK_FALSE(instant_of_snowflake("99999999999999999999"));
  CHECK_FALSE(instant_of_snowflake(""));

  const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
  CHECK(shortcode_of(noon, 0, 0) == "CFMlYkTgAAA");
  CHECK(instant_of_shortcode("CFMlYkTgAAA") == noon);
  CHECK(print_rfc3339(*instant_of_shortcode("DdWdGBazlCr")).starts_with("2026-09-16T14:02:39"));
  CHECK_FALSE(instant_of_shortcode("short"));
  CHECK_FALSE(instant_of_shortcode("__________!"));
  CHECK_FALSE(instant_of_shortcode("___________"));
}

TEST_CASE("JSON that platforms send broken is mended") {
  CHECK(mend_json(R"({"a":"\ud83d x","n":12345678901234567890123})") ==
        R"({"a":"\uFFFD x","n":"12345678901234567890123"})");
  CHECK(mend_json(R"(["\ud83d\ude00",1.5,-2])") == R"(["\ud83d\ude00",1.5,-2])");
  const auto root = parse_json("{\"id\":123456789012345678901234,\"t\":\"a\xFF\nb\"}");
  REQUIRE(root);
  JsonObject object;
  REQUIRE_FALSE(root->get(object));
  CHECK(json_id(object, "id") == "123456789012345678901234");
  CHECK(json_clean_text(object, "t") == "a\xEF\xBF\xBD b");
  CHECK_FALSE(parse_json("{"));
  CHECK_FALSE(parse_json("<html>"));
}

TEST_CASE("UTF-8 is told from what is none") {
  CHECK(is_utf8("a\u00E9\u20AC\U0001F600"));
  CHECK_FALSE(is_utf8("\xC0\x80"));
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));
  CHECK_FALSE(is_utf8("\xE2\x82"));
  CHECK(mend_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(trimmed("\u00A0 x\u3000\n") == "x");
}

TEST_CASE("web addresses and host names are told from what is none") {
  CHECK(is_web_address("HTTPS://e.example/x"));
  CHECK_FALSE(is_web_address("https://"));
  CHECK_FALSE(is_web_address("https://e.example/a b"));
  CHECK_FALSE(is_web_address("javascript:alert(1)"));
  CHECK(is_host_name("a-b.example"));
  CHECK(is_host_name("localhost"));
  CHECK_FALSE(is_host_name("127.0.0.1"));
  CHECK_FALSE(is_host_name("0x7f.1"));
  CHECK_FALSE(is_host_name("a_b.example"));
  CHECK_FALSE(is_host_name("example"));
  CHECK_FALSE(is_host_name("e.example."));
  CHECK(percent_encode("a b/{c}é") == "a%20b%2F%7Bc%7D%C3%A9");
}

}  // namespace pw
