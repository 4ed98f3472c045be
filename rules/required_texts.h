// Texts of which one at least stands in whatever a pattern matches. Looking for
// them costs a fraction of the pattern itself, and most texts hold none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pw::cel {

class RequiredTexts {
 public:
  // None are known: every text may match.
  RequiredTexts() = default;
  // Those of a pattern that RE2 accepts, as its own prefilter tells them.
  explicit RequiredTexts(const std::string& pattern);

  // False: the pattern cannot match. In time linear in `text`; a text that is
  // not ASCII may always match, since other letters fold into those of ASCII.
  bool may_match(std::string_view text) const;

 private:
  void prepare();
  bool stands_at(std::string_view text, std::size_t at) const;

  std::vector<std::string> texts_{};  // in lower case
  // Of the algorithm of Wu and Manber ("A fast algorithm for multi-pattern
  // searching", 1994): how far two bytes are from the end of what is looked for.
  std::size_t window_ = 0;  // bytes of each text that are looked at; 0: no texts
  std::array<std::uint8_t, 256> shifts_{};
};

}  // namespace pw::cel
