// What the fuzz targets do, as an ordinary test: every capture and every file of
// the corpus, and JSON and XML made to break readers, through every connector.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/fuzz/connector_fuzz.h"

namespace pw {
namespace {

std::vector<std::string> saved_bodies() {
  std::vector<std::string> bodies;
  for (const char* folder : {"tests/connectors/captures", "tests/fuzz/corpus"}) {
    std::error_code none;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder, none)) {
      if (!file.is_regular_file() || file.path().extension() == ".txt") continue;
      std::ifstream in(file.path(), std::ios::binary);
      std::ostringstream out;
      out << in.rdbuf();
      bodies.push_back(out.str());
    }
  }
  return bodies;
}

std::string nested(std::string_view open, std::size_t depth, std::string_view inside = {}) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += open;
  return out.append(inside);
}

// Where a connector expects an id, a text or a time, each of these stands once.
constexpr std::string_view odd_values[] = {
    "null",
    "true",
    "[]",
    "{}",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e400",
    "-1e-400",
    "9007199254740993",
    "18446744073709551616",
    "123456789012345678901234567890123456789",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\xFF\xFE\"",
    "\"\xED\xA0\x80\"",
    "\"\\\"\"",
    "\"9999-99-99T99:99:99Z\"",
    "\"1970-01-01T00:00:00.000000000000000000001Z\"",
    "\"-1\"",
    "NaN",
    "nul",
    "01",
    "+1",
    "1.",
    ".5",
    "'x'",
    "\"a\tb\nc\"",
};

// Answers in the shape that each connector reads, with `value` in every field.
std::vector<std::string> answers_with(const std::string& value) {
  const std::string all =
      R"("id":)" + value + R"(,"username":)" + value + R"(,"caption":)" + value + R"(,"text":)" +
      value + R"(,"content":)" + value + R"(,"timestamp":)" + value + R"(,"created_at":)" + value +
      R"(,"createdAt":)" + value + R"(,"url":)" + value + R"(,"uri":)" + value +
      R"(,"permalink":)" + value + R"(,"account":)" + value + R"(,"author":)" + value +
      R"(,"title":)" + value + R"(,"content_html":)" + value + R"(,"date_published":)" + value +
      R"(,"record":)" + value + R"(,"facets":)" + value + R"(,"tags":)" + value;
  const std::string item = '{' + all + '}';
  return {
      R"({"business_discovery":{)" + all + R"(,"media":{"data":[)" + item + ',' + value +
          R"(],"paging":{"cursors":{"after":)" + value + R"(}}}}})",
      '[' + item + ',' + value + ']',
      R"({"cursor":)" + value + R"(,"feed":[{"post":)" + item + R"(},{"post":{"author":)" + item +
          R"(,"record":)" + item + R"(,"uri":)" + value + "}}]}",
      R"({"version":"https://jsonfeed.org/version/1.1","items":[)" + item + ',' + value + "]}",
      R"({"data":[)" + item + R"(],"paging":)" + item + '}',
      R"({"error":)" + item + '}',
      value,
  };
}

std::vector<std::string> markup_bodies() {
  return {
      "<!DOCTYPE x [<!ENTITY a \"" + std::string(1000, 'a') + "\"><!ENTITY b \"" +
          nested("&a;", 1000) + "\"><!ENTITY c \"" + nested("&b;", 1000) +
          "\">]><rss><channel><item><title>&c;&c;</title></item></channel></rss>",
      "<!DOCTYPE rss SYSTEM \"file:///etc/passwd\" [<!ENTITY % p SYSTEM \"http://127.0.0.1/\"> %p;"
      "<!ENTITY f SYSTEM \"file:///etc/passwd\">]><rss><item><title>&f;</title></item></rss>",
      "<rss><channel>" + nested("<item><description>&lt;div&gt;", 500),
      "<rss><item><description>" + nested("&lt;table&gt;&lt;tr&gt;&lt;td&gt;", 2000) +
          "</description></item></rss>",
      "<feed xmlns='http://www.w3.org/2005/Atom'>" + nested("<entry xml:base='a/'>", 600),
      "<?xml version='1.0' encoding='utf-16'?><rss/>",
      "<?xml version='1.0' encoding='utf-7'?><rss><item><title>+ADw-</title></item></rss>",
      std::string("\xFF\xFE<\0r\0s\0s\0>\0\xD8", 13),
      std::string("\0\0\xFE\xFF\0\0\0<", 8),
      "<rss><item><title>" + nested("<![CDATA[", 1000) + nested("]]>", 1000),
      "<rss><item><pubDate>" + std::string(5000, '9') + "</pubDate></item></rss>",
  };
}

int replay(const std::vector<std::string>& bodies) {
  constexpr unsigned char choices[] = {0, 8, 16, 6, 28};
  int runs = 0;
  for (const std::string_view name : connector_names()) {
    for (const std::string& body : bodies) {
      for (const unsigned char choice : choices) {
        fuzz_connector(name, static_cast<char>(choice) + body);
        ++runs;
      }
    }
  }
  return runs;
}

}  // namespace

TEST_CASE("what the fuzz targets start from crashes no connector") {
  std::vector<std::string> bodies = saved_bodies();
  CHECK(bodies.size() >= 60);
  for (const std::string_view value : odd_values) {
    for (std::string& body : answers_with(std::string(value))) bodies.push_back(std::move(body));
  }
  for (const std::string_view open : {"[", "{\"id\":", "[{\"feed\":["}) {
    for (std::string& body : answers_with(nested(open, 900, "1")))
      bodies.push_back(std::move(body));
  }
  for (std::string& body : markup_bodies()) bodies.push_back(std::move(body));
  const int runs = replay(bodies);
  std::cout << "replay: " << bodies.size() << " bodies, " << runs << " runs\n";
  CHECK(runs > 1000);
}

TEST_CASE("a page of 20 MB is read or refused") {
  const std::string words(20 << 20, 'a');
  for (const std::string& body : answers_with('"' + words.substr(0, 1 << 20) + '"')) {
    for (const std::string_view name : connector_names()) fuzz_connector(name, '\0' + body);
  }
  for (const std::string_view name : connector_names()) {
    fuzz_connector(name, '\0' + ("[{\"id\":\"1\",\"content\":\"" + words + "\"}]"));
    fuzz_connector(name, '\0' + ("<rss><item><title>x</title><description>" + words));
  }
  SUCCEED();
}

}  // namespace pw
