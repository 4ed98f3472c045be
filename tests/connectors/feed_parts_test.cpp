// The parts of reading feeds: dates, addresses, charsets, people.
#include <catch2/catch.hpp>

#include "connectors/feed/feed_address.h"
#include "connectors/feed/feed_charset.h"
#include "connectors/feed/feed_date.h"
#include "connectors/feed/feed_document.h"
#include "connectors/feed/feed_text.h"

namespace pw {
namespace {

struct DateRow {
  std::string_view text;
  std::string_view yields;  // with '~' in front where the precision is low
};

constexpr DateRow dates[] = {
    {"Wed, 16 Sep 2026 14:03:27 GMT", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 26 14:03:27 +0000", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 95 14:03:27 +0000", "1995-09-16T14:03:27.000Z"},
    {"16 Sep 2026 14:03 GMT", "2026-09-16T14:03:00.000Z"},
    {"Wed,16 Sep 2026 14:03:27 -0000", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 September 2026 10:03:27 EDT", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 09:03:27 EST", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 09:03:27 ET", "~2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 08:03:27 CT", "~2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 07:03:27 PDT", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 14:03:27 UT", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 14:03:27 Z", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 16:03:27 GMT+0200", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 16:03:27 +02:00", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 14:03:27 Etc/GMT", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 07:03:27 --0700", "2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 13:03:27 A", "~2026-09-16T14:03:27.000Z"},
    {"Wed, 16 Sep 2026 14:03:27 Q", "~2026-09-16T14:03:27.000Z"},
    {"Mon, 16 Sep 2026 14:03:27 GMT", "2026-09-16T14:03:27.000Z"},
    {"Wed Sep 16 14:03:27 2026", "~2026-09-16T14:03:27.000Z"},
    {"Wed Sep 16 10:03:27 EDT 2026", "2026-09-16T14:03:27.000Z"},
    {"2026-09-16T14:03:27Z", "2026-09-16T14:03:27.000Z"},
    {"2026-09-16T14:03:27.512Z", "2026-09-16T14:03:27.512Z"},
    {"2026-09-16T14:03:27+0000", "2026-09-16T14:03:27.000Z"},
    {"2026-09-16T19:33:27+0530", "2026-09-16T14:03:27.000Z"},
    {"2026-09-16 14:03:27", "~2026-09-16T14:03:27.000Z"},
    {"2026-09-16T14:03Z", "2026-09-16T14:03:00.000Z"},
    {"2026-09-16", "~2026-09-16T00:00:00.000Z"},
    {"20260916", "~2026-09-16T00:00:00.000Z"},
    {"20260916T140327Z", "2026-09-16T14:03:27.000Z"},
    {"2026-09", "~2026-09-01T00:00:00.000Z"},
    {"2026-259", "~2026-09-16T00:00:00.000Z"},
    {"2026-W38-3", "~2026-09-16T00:00:00.000Z"},
    {"2026W383T140327Z", "2026-09-16T14:03:27.000Z"},
    {"2026-W38", "~2026-09-14T00:00:00.000Z"},
    {"2020-W53-5", "~2021-01-01T00:00:00.000Z"},
    {"2026-259T14:03:27Z", "2026-09-16T14:03:27.000Z"},
    {"26259", "~2026-09-16T00:00:00.000Z"},
    {"260916", "~2026-09-16T00:00:00.000Z"},
    {"-26-09", "~2026-09-01T00:00:00.000Z"},
    {"-2609", "~2026-09-01T00:00:00.000Z"},
    {"2026-02-30T00:00:00Z", "~2026-03-02T00:00:00.000Z"},
    {"2026-09-16T14:03:27+00:xx", "~2026-09-16T14:03:27.000Z"},
    {"2026-09-16T14:03:27ZZ", "~2026-09-16T14:03:27.000Z"},
    {"2026-09-16T14:03:27-06:00Textra", "~2026-09-16T20:03:27.000Z"},
    {"Wed, 16 Sep 2026 14:03:27 0700", "~2026-09-16T14:03:27.000Z"},
    {"Fri, 2026/09/16 10:03:27 EDT", "2026-09-16T14:03:27.000Z"},
    {"2026-W54-1", "nothing"},
    {"2026-13-01", "nothing"},
    {"1789567407", "2026-09-16T14:03:27.000Z"},
    {"1789567407512", "2026-09-16T14:03:27.512Z"},
    {"Mi, 16 Sep 2026 16:03:27 +0200", "2026-09-16T14:03:27.000Z"},
    {"mer., 16 septembre 2026 16:03:27 +0200", "2026-09-16T14:03:27.000Z"},
    {"mar., 14 juil. 2026 16:03:27 +0200", "2026-07-14T14:03:27.000Z"},
    {"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00.000Z"},
    {"2004-július-13T9:15-03:00", "2004-07-13T12:15:00.000Z"},
    {"2004년 05월 28일  01:31:15", "2004-05-27T16:31:15.000Z"},
    {"2004-05-25 오후 11:23:17", "2004-05-25T14:23:17.000Z"},
    {"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53.000Z"},
    {"16-Sep-2026 14:03:27 GMT", "2026-09-16T14:03:27.000Z"},
    {"Sep 16, 2026 2:03 PM", "~2026-09-16T14:03:00.000Z"},
    {"2003-12-31T24:00:00Z", "2004-01-01T00:00:00.000Z"},
    {"Sun, 31 Dec 2006 23:59:60 GMT", "2007-01-01T00:00:00.000Z"},
    {"2016-12-31T23:59:61Z", "2017-01-01T00:00:01.000Z"},
    {"09/16/2026", "nothing"},
    {"31 Feb 2003 00:00:00 GMT", "nothing"},
    {"Wed, 16 Sep 2026 25:03:27 GMT", "nothing"},
    {"yesterday", "nothing"},
    {"", "nothing"},
    {"99999999999999999999", "nothing"},
};

struct JoinRow {
  std::string_view base, address, yields;
};

constexpr JoinRow joins[] = {
    {"", "/x", "/x"},
    {"https://b.example/a/b", "c", "https://b.example/a/c"},
    {"https://b.example/a/b", "../../../c?q#f", "https://b.example/c?q#f"},
    {"https://b.example", "c", "https://b.example/c"},
    {"https://b.example/a/b?x", "?y", "https://b.example/a/b?y"},
    {"https://b.example/a/b?x", "#f", "https://b.example/a/b?x#f"},
    {"https://b.example/a/", "//o.example/x", "https://o.example/x"},
    {"https://b.example/a/", "http:///o.example/x", "http://o.example/x"},
    {"https://b.example/a/", "tag:b.example,2026:42", "tag:b.example,2026:42"},
    {"https://b.example/a/", "HTTPS://O.example/./x", "HTTPS://O.example/./x"},
    {"https://b.example/ä b/", "ü x", "https://b.example/ä b/ü x"},
    {"/root/", "x", "/root/x"},
};

}  // namespace

TEST_CASE("a date in a feed is read as its row says") {
  for (const DateRow& row : dates) {
    const auto date = parse_feed_date(row.text);
    INFO(row.text);
    CHECK((date ? (date->precise ? "" : "~") + print_rfc3339(date->at) : "nothing") == row.yields);
  }
}

TEST_CASE("the usual form of a date is read as the words that it has") {
  const auto printed = [](const std::string& text) {
    const auto date = parse_feed_date(text);
    return date ? (date->precise ? "" : "~") + print_rfc3339(date->at) : "nothing";
  };
  int read = 0;
  for (const std::string month : {"Jan", "feb", "MAR", "Sep", "Dec", "Mai", "xxx"}) {
    for (const std::string day : {"00", "01", "29", "31", "32"}) {
      for (const std::string time : {"00:00:00", "23:59:61", "24:00:00", "25:00:00", "10:99:00"}) {
        for (const std::string zone : {"GMT", "UT", "+0200", "-0730", "EST", "nowhere", "+02:00",
                                       "GMT (summer)", "+0200, or so", "am"}) {
          for (const std::string name : {"Wed", "mar", "est"}) {
            const std::string rest = month + " 2024 " + time + ' ' + zone;
            INFO(name << ", " << day << ' ' << rest);
            const std::string usual = printed(name + ", " + day + ' ' + rest);
            CHECK(usual == printed(name + ",  " + day + ' ' + rest));
            read += usual != "nothing";
          }
        }
      }
    }
  }
  CHECK(read > 500);
}

TEST_CASE("a relative address is joined to its base") {
  for (const JoinRow& row : joins) {
    INFO(row.base << " + " << row.address);
    CHECK(join_address(row.base, row.address) == row.yields);
  }
  CHECK(join_base("https://b.example/", "javascript:x") == "https://b.example/");
}

TEST_CASE("charsets follow their precedence") {
  CHECK(decode_charset("\xEF\xBB\xBF<a/>", "text/xml; charset=koi8-r").charset == "utf-8");
  CHECK(decode_charset("caf\xE9", "text/xml; charset=\"ISO-8859-1\"").text == "café");
  CHECK(decode_charset("<?xml version='1.0' encoding='windows-1252'?>\x93x\x94", "").text ==
        "<?xml version='1.0' encoding='windows-1252'?>“x”");
  CHECK(decode_charset("café", "text/xml").charset == "utf-8");
  const DecodedText fallback = decode_charset("caf\xE9 d\xE9j\xE0 vu", "");
  CHECK(fallback.text == "café déjà vu");
  CHECK(fallback.damaged);
  CHECK(decode_charset(std::string_view("\xFF\xFE<\0a\0", 6), "").text == "<a");
  CHECK(decode_charset("x", "text/xml; charset=utf-7").charset == "utf-8");
  CHECK(decode_charset("x", "text/xml; charset=../../etc").charset == "utf-8");
  // "Comics on going home: special work" in GB 2312.
  CHECK(decode_charset("\xB2\xBB\xB9\xE9\xD2\xC6\xC3\xF1\xC2\xFE\xBB\xAD\xA3\xBA\xD7\xA8"
                       "\xD2\xB5\xB9\xA4\xD7\xF7.",
                       "")
            .text == "不归移民漫画：专业工作.");
  // The common words of Russian in KOI8-R: "это не так, он работал".
  CHECK(decode_charset("\xDC\xD4\xCF \xCE\xC5 \xD4\xC1\xCB, \xCF\xCE "
                       "\xD2\xC1\xC2\xCF\xD4\xC1\xCC",
                       "")
            .text == "это не так, он работал");
}

TEST_CASE("a person is the name beside the address") {
  CHECK(feed::person_in("a@b.example (Ann Other)") == "Ann Other");
  CHECK(feed::person_in("Ann <a@b.example>") == "Ann");
  CHECK(feed::person_in("a@b.museum") == "a@b.museum");
  CHECK(feed::person_in("Ann") == "Ann");
}

TEST_CASE("an entity is expanded once, and never from elsewhere") {
  const auto feed = feed::parse(
      "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY f SYSTEM "
      "\"file:///etc/passwd\">]><rss><item><title>&a;|&b;|&f;</title></item></rss>",
      "");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].title == "ha|&b;|&f;");
  CHECK(feed.repairs >= 2);
}

TEST_CASE("an id does not change with the address that the feed was read from") {
  const std::string text = "<rss><item><guid>post-1</guid></item></rss>";
  const auto feed = feed::parse(text, "", "https://moved.example/feed");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].id == "post-1");
  CHECK(feed.entries[0].link == "https://moved.example/post-1");
}

TEST_CASE("a name means what its prefix means where it stands") {
  const std::string text =
      "<rss><channel><item xmlns:x='http://purl.org/dc/elements/1.1/'><guid>1</guid>"
      "<x:creator>Ann</x:creator></item>"
      "<item xmlns:x='http://www.w3.org/2000/svg'><guid>2</guid><x:creator>Bob</x:creator></item>"
      "<item xmlns:x='http://purl.org/dc/elements/1.1/'><guid>3</guid>"
      "<x:creator>Cem</x:creator></item></channel></rss>";
  const auto feed = feed::parse(text, "");
  REQUIRE(feed.entries.size() == 3);
  CHECK(feed.entries[0].author == "Ann");
  CHECK_FALSE(feed.entries[1].author);
  CHECK(feed.entries[2].author == "Cem");
}

TEST_CASE("an entry in a text that was never ended is an entry, by the names it binds itself") {
  const std::string start =
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='xhtml'>"
      "<div xmlns='http://www.w3.org/1999/xhtml'><p>x ";
  const std::string rows[] = {
      "<entry xmlns='http://www.w3.org/2005/Atom'><id>2</id><title>Two</title></entry>",
      "<a:entry xmlns:a='http://www.w3.org/2005/Atom'><a:id>2</a:id><a:title>Two</a:title>"
      "</a:entry>"};
  for (const std::string& row : rows) {
    INFO(row);
    const auto feed = feed::parse(start + row + "</feed>", "");
    REQUIRE(feed.entries.size() == 2);
    CHECK(feed.entries[0].id == "1");
    CHECK(feed.entries[1].id == "2");
    CHECK(feed.entries[1].title == "Two");
  }
}

TEST_CASE("more names than are remembered keep their meaning") {
  std::string text = "<rss><channel>";
  for (int i = 0; i < 3; ++i) {
    text += "<item><guid>" + std::to_string(i) + "</guid>";
    for (int j = 0; j < 40; ++j)
      text += "<extra" + std::to_string(j) + ">no</extra" + std::to_string(j) + ">";
    text += "<title>Title " + std::to_string(i) + "</title></item>";
  }
  const auto feed = feed::parse(text + "</channel></rss>", "");
  REQUIRE(feed.entries.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(feed.entries[i].id == std::to_string(i));
    CHECK(feed.entries[i].title == "Title " + std::to_string(i));
  }
}

TEST_CASE("what an element had is not the next one's at its depth") {
  const auto feed = feed::parse(
      "<feed xmlns='http://www.w3.org/2005/Atom'>"
      "<entry xml:lang='de'><id>a</id><title type='html'>&lt;b>One&lt;/b></title></entry>"
      "<entry><id>b</id><title>&lt;b>Two&lt;/b></title><summary/></entry></feed>",
      "");
  REQUIRE(feed.entries.size() == 2);
  CHECK(feed.entries[0].title == "One");
  CHECK(feed.entries[0].lang == "de");
  CHECK(feed.entries[1].title == "<b>Two</b>");
  CHECK(feed.entries[1].lang.empty());
  CHECK(feed.entries[1].body.empty());
}

TEST_CASE("more than a thousand entries are counted, not kept") {
  std::string text = "<rss><channel>";
  for (int i = 0; i < 1200; ++i) text += "<item><guid>" + std::to_string(i) + "</guid></item>";
  const auto feed = feed::parse(text + "</channel></rss>", "");
  CHECK(feed.entries.size() == 1000);
  CHECK(feed.skipped == 200);
}

}  // namespace pw
