// Texts of strangers, made fit for a service: valid UTF-8 without controls, cut in
// the unit in which that service counts, never within a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pw {

enum class Unit {
  bytes,   // of UTF-8
  points,  // Unicode code points ("runes", "characters")
  utf16,   // code units: what JavaScript and Telegram count
};

// What is no UTF-8 becomes U+FFFD, controls become spaces; line breaks stay where
// `lines`.
std::string clean_text(std::string_view text, bool lines);

// `text` is valid UTF-8. What was cut ends in "…", which counts; a base character
// keeps or loses its combining marks and joiners together.
std::string cut_text(std::string_view text, std::size_t max, Unit unit);
std::size_t length_of(std::string_view text, Unit unit);

}  // namespace pw
