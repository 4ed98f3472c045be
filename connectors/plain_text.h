// HTML fragments, as Mastodon and feeds carry them, to the plain text that rules
// and people read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw {

struct PlainText {
  std::string text;                     // blocks on lines of their own; see text_form.h
  std::vector<std::string> links{};     // web addresses that are neither tag nor mention
  std::vector<std::string> tags{};      // without '#'
  std::vector<std::string> mentions{};  // without '@'
  // The input was beyond 256 KiB, and only its start was read.
  bool truncated = false;
};

// Scripts, styles and markup are dropped, white space is collapsed. Input that
// would make an HTML tree costly (deep or heavily repeated open elements) has
// its tags removed without one; then links, tags and mentions are those that
// the text itself shows.
PlainText plain_text(std::string_view html);

// The character that "&name;" means in HTML, or empty when it means none.
std::string html_entity(std::string_view name);

}  // namespace pw
