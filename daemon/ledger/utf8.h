// Texts of others, made safe to print: what is not UTF-8 (RFC 3629) shows as
// U+FFFD, what is too long is cut between two characters.
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/utf8.h"

namespace pw {

// What stands for bytes that are no character.
inline constexpr char32_t replacement_character = 0xfffd;

// Takes one character off the front of `text`, which must not be empty. A byte
// that begins no well-formed sequence is taken alone and reads as nothing valid:
// replacement_character, with `well_formed` set to false.
char32_t next_character(std::string_view& text, bool& well_formed);
char32_t next_character(std::string_view& text);
void append_character(std::string& out, char32_t character);

// At most `bytes_max` bytes of valid UTF-8. Idempotent.
std::string clean_text(std::string_view text, std::size_t bytes_max);

// The same for showing to people: besides, controls, what turns the direction of
// text around (Unicode UAX 9) and what is invisible become U+FFFD, so that no name
// can pass for another or reach a terminal; an ellipsis tells that it was cut.
std::string shown_text(std::string_view text, std::size_t bytes_max);

}  // namespace pw
