// Plain text, which is left as it is without a look at what stands beside a
// character, against utf8proc's whole table.
#include <utf8proc.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <set>
#include <vector>

#include "connectors/text_form.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

using Normalise = utf8proc_uint8_t* (*)(const utf8proc_uint8_t*);

std::string form_of(Normalise normalise, char32_t c) {
  std::string text;
  append_utf8(text, c);
  struct Free {
    void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
  };
  const std::unique_ptr<utf8proc_uint8_t, Free> form(
      normalise(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str())));
  return form ? reinterpret_cast<const char*>(form.get()) : "";
}

std::vector<char32_t> all_characters() {
  std::vector<char32_t> all;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) all.push_back(c);
  }
  return all;
}

// What can melt with the character before it: the later parts of whatever decomposes.
std::set<char32_t> later_parts(const std::vector<char32_t>& all) {
  std::set<char32_t> parts;
  for (const char32_t c : all) {
    const std::string parted = form_of(utf8proc_NFD, c);
    for (std::size_t at = code_point_at(parted, 0).bytes; at < parted.size();) {
      const CodePoint part = code_point_at(parted, at);
      parts.insert(part.value);
      at += part.bytes;
    }
  }
  return parts;
}

}  // namespace

TEST_CASE("plain characters stand for themselves whatever is beside them") {
  const std::vector<char32_t> all = all_characters();
  const std::set<char32_t> parts = later_parts(all);
  REQUIRE(parts.count(0x0301) == 1);
  int plain = 0;
  for (const char32_t c : all) {
    std::string text;
    append_utf8(text, c);
    if (!is_plain_text(text)) continue;
    ++plain;
    const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
    const bool alone = property->combining_class == 0 && parts.count(c) == 0;
    const bool seen = readable("\u0301" + text) == "\u0301" + text;
    if (alone && seen && form_of(utf8proc_NFC, c) == text) continue;
    FAIL_CHECK("U+" << std::hex << static_cast<std::uint32_t>(c) << " is not plain");
  }
  CHECK(plain > 30'000);
}

TEST_CASE("what is not plain is looked at whole") {
  for (const char* text : {"e\u0301", "\u3046\u3099", "\u1100\u1161", "\u0340", "\u037E", "\u212B",
                           "\u2000", "a\u200Db", "\u00AD", "\uFEFF", "\u0958"}) {
    INFO(text);
    CHECK_FALSE(is_plain_text(text));
  }
  CHECK(is_plain_text("Fresh \U0001F35E rye, Gro\u00DFdemo, \u4ECA\u65E5\u306F \uD55C\uAE00"));
}

}  // namespace pw
