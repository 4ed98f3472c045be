#include "daemon/http/content_decoder.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/http/support/compressed.h"

namespace pw {
namespace {

constexpr std::size_t cap = 1024 * 1024;

std::string decode(std::string_view coding, std::string_view bytes, std::size_t piece) {
  static ContentDecoder decoder;  // used again and again, as the client does
  if (!decoder.begin(coding, cap)) return "refused";
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (!decoder.feed(bytes.substr(0, piece), text)) {
      return text.size() > cap ? "over the cap" : "malformed";
    }
  }
  return decoder.finish() ? text : "cut";
}

// Compressible and long enough for several pieces of output.
std::string sample() {
  std::string text;
  for (int i = 0; text.size() < 200'000; ++i) text += "post " + std::to_string(i * 7919) + "\n";
  return text;
}

constexpr std::string_view codings[] = {"gzip", "x-gzip", "deflate", "br", "zstd"};

TEST_CASE("each coding decodes to the text it was made from, in any pieces") {
  const std::string text = sample();
  for (const std::string_view coding : codings) {
    for (const std::size_t piece : {1u, 100u, 65536u, 1000000u}) {
      INFO(coding << " by " << piece);
      CHECK(decode(coding, compressed(coding, text), piece) == text);
    }
    CHECK(decode(coding, compressed(coding, ""), 1) == "");
    CHECK(decode(coding, "", 1) == "");
  }
  CHECK(decode("GZIP", compressed("gzip", "x"), 1) == "x");
  CHECK(decode("deflate", raw_deflated(text), 7) == text);
}

TEST_CASE("each coding, cut at any place, is not taken for whole") {
  const std::string text = "a statement of forty-two bytes, more or less";
  for (const std::string_view coding : codings) {
    const std::string bytes = compressed(coding, text);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      INFO(coding << " cut at " << size);
      CHECK(decode(coding, std::string_view(bytes).substr(0, size), 1000) == "cut");
    }
  }
}

TEST_CASE("damage fails or changes text; it never crashes or passes the cap") {
  std::mt19937 random(7);
  const std::string text = sample();
  int failures = 0;
  for (const std::string_view coding : codings) {
    const std::string bytes = compressed(coding, text);
    for (int round = 0; round < 100; ++round) {
      std::string damaged = bytes;
      damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
      const std::string outcome = decode(coding, damaged, 4096);
      CHECK(outcome.size() <= cap);
      failures += outcome == "malformed" || outcome == "cut" ? 1 : 0;
    }
  }
  CHECK(failures > 300);  // br and zstd may carry no checksum
}

TEST_CASE("a bomb ends at the cap") {
  const std::string zeros(cap + 1, '\0');
  for (const std::string_view coding : codings) {
    INFO(coding);
    CHECK(decode(coding, compressed(coding, zeros), 65536) == "malformed");
    CHECK(decode(coding, compressed(coding, std::string_view(zeros).substr(1)), 65536).size() ==
          cap);
  }
  CHECK(decode("identity", zeros, 65536) == "malformed");
}

TEST_CASE("one layer only, and only codings that we asked for") {
  for (const std::string_view coding : {"gzip, gzip", "gzip,br", "identity, gzip", "compress",
                                        "lzma", "gzip;q=1", "*", "aws-chunked"}) {
    INFO(coding);
    CHECK(decode(coding, "x", 1) == "refused");
  }
  CHECK(decode("", "plain", 2) == "plain");
  CHECK(decode("identity", "plain", 2) == "plain");
}

TEST_CASE("gzip members follow one another; anything else behind the end does not") {
  CHECK(decode("gzip", compressed("gzip", "one ") + compressed("gzip", "two"), 3) == "one two");
  CHECK(decode("zstd", compressed("zstd", "one ") + compressed("zstd", "two"), 3) == "one two");
  CHECK(decode("gzip", compressed("gzip", "one") + "more", 1000) == "malformed");
  CHECK(decode("br", compressed("br", "one") + "more", 1000) == "malformed");
  CHECK(decode("br", compressed("br", "one") + "more", 1) == "malformed");
  CHECK(decode("deflate", compressed("deflate", "one") + "more", 1000) == "malformed");
  CHECK(decode("zstd", compressed("zstd", "one") + "more", 1000) == "malformed");
}

TEST_CASE("a zstd window beyond 8 MiB is refused before it is allocated") {
  CHECK(decode("zstd", zstd_with_window("x", 23), 1000) == "x");
  CHECK(decode("zstd", zstd_with_window("x", 24), 1000) == "malformed");
  CHECK(decode("zstd", zstd_with_window("x", 31), 1000) == "malformed");
}

TEST_CASE("the plain text of one coding is damage in another") {
  for (const std::string_view coding : codings) {
    INFO(coding);
    const std::string outcome = decode(coding, "{\"data\": [1, 2, 3]}", 1000);
    CHECK((outcome == "malformed" || outcome == "cut"));
  }
}

}  // namespace
}  // namespace pw
