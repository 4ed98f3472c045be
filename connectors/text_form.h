// The one form of a text that rules and people compare.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// Valid UTF-8 in Unicode normalisation form C (UAX #15), without what is not
// seen: soft hyphens, zero-width spaces, byte order marks, and the controls of
// direction, with which a word can be written so that no rule finds it. Joiners
// stay where scripts and emoji need them, that is not after ASCII; variation
// selectors stay.
std::string readable(std::string text);

// The same without control characters (utf8.h): a stranger's text as it is kept.
std::string clean_text(std::string_view text);

// Whether that leaves valid UTF-8 as it is for certain: told without looking at what
// stands beside a character, so that some texts in form C are not plain.
bool is_plain_text(std::string_view text);

// Letters, marks, digits and connectors of any script: what words and hashtags
// are made of (XID_Continue of UAX #31, in its version of Unicode 14).
bool is_word_character(char32_t c);
// Of those, what makes a hashtag more than a number.
bool is_letter(char32_t c);

}  // namespace pw
