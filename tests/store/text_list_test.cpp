#include "daemon/store/text_list.h"

#include <catch2/catch.hpp>

namespace pw {
namespace {

using namespace std::literals;

TEST_CASE("a list of any texts comes back as it went in") {
  const std::vector<std::vector<std::string>> lists = {
      {}, {""}, {"", ""}, {"a"}, {"3:abc", ":", "1"}, {"\0\xff"s, std::string(5000, '9')}};
  for (const auto& list : lists) CHECK(decode_text_list(encode_text_list(list)) == list);
  CHECK(encode_text_list({"ab", ""}) == "2:ab0:");
}

TEST_CASE("what encode_text_list would not print is refused") {
  for (const std::string_view bytes :
       {"1", "1:", "a", ":", "2:a", "01:a", "-1:a", "+1:a", " 1:a", "1:a1", "1:ab",
        "99999999999999999999:a", "18446744073709551615:a"}) {
    INFO(bytes);
    CHECK_FALSE(decode_text_list(bytes).has_value());
  }
}

}  // namespace
}  // namespace pw
