// Texts of others on their way into a report. Internal to the ledger.
#pragma once

#include <string>
#include <string_view>

namespace pw {

inline constexpr std::size_t shown_name_bytes_max = 200;
inline constexpr std::size_t shown_post_bytes_max = 2000;

// Shown, and with & < > " ' as character references: fit for HTML text and for
// quoted attributes.
std::string html_text(std::string_view text, std::size_t bytes_max = shown_name_bytes_max);

// The same inside <bdi>, so that a name in another direction moves nothing else.
std::string html_name(std::string_view text, std::size_t bytes_max = shown_name_bytes_max);

// Several lines, each shown and escaped, their ends kept; for <pre>.
std::string html_lines(std::string_view text);

// A link where the address is http or https, else the address as text.
std::string html_link(std::string_view url);

// One quoted cell (RFC 4180). What a spreadsheet would take for a formula (OWASP
// CSV injection: = + - @ tab CR, also their full-width forms, also behind white
// space) gets an apostrophe before it.
std::string csv_cell(std::string_view text);

}  // namespace pw
