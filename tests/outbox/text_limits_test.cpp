// One row, one cut: the text, the limit and its unit, and what is left.
#include <catch2/catch.hpp>

#include "daemon/core/utf8.h"
#include "daemon/outbox/text_limits.h"

using namespace pw;

namespace {

struct Row {
  const char* text;
  std::size_t max;
  Unit unit;
  const char* left;
};

constexpr Row rows[] = {
    {"hello", 5, Unit::bytes, "hello"},
    {"hello", 4, Unit::bytes, "h…"},
    {"hello", 2, Unit::bytes, ""},
    {"hello", 4, Unit::points, "hel…"},
    {"héllo", 4, Unit::points, "hél…"},
    {"héllo", 5, Unit::bytes, "h…"},
    {"\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F", 3, Unit::points,
     "\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F"},
    {"\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F", 5, Unit::utf16,
     "\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F…"},
    {"\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F\xF0\x9F\x8D\x8F", 4, Unit::utf16, "\xF0\x9F\x8D\x8F…"},
    // An accent stays with its letter, a family together.
    {"ae\xCC\x81zzz", 3, Unit::points, "a…"},
    {"ae\xCC\x81zzz", 4, Unit::points, "ae\xCC\x81…"},
    {"a\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7zzz", 4, Unit::points, "a…"},
    {"", 0, Unit::bytes, ""},
};

}  // namespace

TEST_CASE("a text is cut in its service's unit and never within a character") {
  for (const Row& row : rows) {
    INFO(row.text << " to " << row.max);
    CHECK(cut_text(row.text, row.max, row.unit) == row.left);
  }
}

TEST_CASE("whatever is cut fits and is UTF-8") {
  const std::string text = "aé\xE2\x82\xAC\xF0\x9F\x8D\x8F\xCC\x81\xE2\x80\x8Dz";
  for (const Unit unit : {Unit::bytes, Unit::points, Unit::utf16}) {
    for (std::size_t max = 0; max < 20; ++max) {
      const std::string left = cut_text(text, max, unit);
      CHECK(length_of(left, unit) <= max);
      CHECK(is_utf8(left));
    }
  }
}

TEST_CASE("controls and broken bytes do not reach a service") {
  CHECK(clean_text("a\x01"
                   "b\r\nc\x7f\xC2\x85",
                   /*lines=*/true) == "a b\nc  ");
  CHECK(clean_text("a\nb", /*lines=*/false) == "a b");
  CHECK(clean_text("a\xff\xE2\x82", /*lines=*/false) == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
