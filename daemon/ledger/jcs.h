// The one byte form of a JSON value, for hashing: the JSON Canonicalization
// Scheme (RFC 8785). Internal to the ledger, since it shows the JSON library.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "daemon/core/result.h"

namespace pw {

// Deeper nesting is refused when reading: it protects the stack of every
// recursive visitor behind it.
inline constexpr int json_depth_max = 64;

// Reads I-JSON (RFC 7493): valid UTF-8, no lone surrogates, no name twice in one
// object, numbers within an IEEE double. The error's detail says what was wrong.
Result<nlohmann::json> parse_json(std::string_view text);

// Members sorted by the UTF-16 code units of their names, no white space,
// numbers as ECMAScript prints them. A number that is not finite, a text that is
// not UTF-8 and a value deeper than json_depth_max have no canonical form.
Result<std::string> print_jcs(const nlohmann::json& value);

// ECMAScript's Number::toString (ECMA-262 6.1.6.1.20, radix 10) of a finite number.
std::string print_number(double number);

// Appends `text`, which must be UTF-8, with its quotes and RFC 8785 3.2.2.2's escapes.
void append_quoted(std::string& out, std::string_view text);

}  // namespace pw
