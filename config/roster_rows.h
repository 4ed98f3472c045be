// The two kinds of roster file, as rows. For roster.cpp only.
#pragma once

#include <optional>
#include <string_view>

#include "config/roster.h"

namespace pw {

// RFC 4180, and what spreadsheets make of it: a byte order mark, "sep=;",
// semicolons or tabs instead of commas, CR LF or LF, line breaks inside quotes,
// lines of empty cells. A quote inside a cell without quotes is a character.
std::optional<RosterFile> read_roster_csv(std::string_view file, std::string_view text,
                                          Issues& issues);

// A list of maps, by itself or under `roster:`, whose keys are the columns.
// Instead of platform, handle and id an entry may have `accounts:`, a list of
// maps with these. A list of texts is one text: joined by "+" (scope) or "|".
std::optional<RosterFile> read_roster_yaml(std::string_view file, std::string_view text,
                                           Issues& issues);

// Adds words to the file's and returns their cell.
RosterCell add_cell(RosterFile& file, std::string_view words, int line, int column);

// Puts a surrogate pair of JSON escapes into YAML's one escape (RFC 8259,
// section 7, against YAML 1.2, section 5.7).
std::string with_joined_surrogates(std::string_view json);

}  // namespace pw
