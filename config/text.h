// Text as people and spreadsheets write it: checked, trimmed, compared.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pw {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The length in bytes of the well-formed UTF-8 sequence at `at` (Unicode 15,
// table 3-7), or 0 where there is none.
std::size_t utf8_size(std::string_view text, std::size_t at);

// Where the first ill-formed byte stands.
std::optional<std::size_t> first_ill_formed(std::string_view text);

struct Spot {
  int line = 1;    // from 1
  int column = 1;  // from 1, in bytes
};
Spot spot_of(std::string_view text, std::size_t offset);

// Without white space and invisible marks at both ends: ASCII's, the no-break
// and typographic spaces, zero-width characters and the direction marks that
// come along when a handle is copied from an app.
std::string_view trim_text(std::string_view text);

// Trimmed, and every run of white space inside is one space.
std::string one_line(std::string_view text);

std::string lower_text(std::string_view text);
// C0, DEL and C1: what moves a terminal's cursor or ends a line.
bool has_controls(std::string_view text);

// The text for a message, in quotes, controls as '?'; cut after 40 bytes, but
// not where a path must be told apart from another.
std::string in_quotes(std::string_view text);
std::string in_quotes_whole(std::string_view text);

}  // namespace pw
