// Texts of values: "%s" and its relatives (the strings extension), quoting,
// and literals as an author would write them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/context.h"
#include "rules/value.h"

namespace pw::cel {

// The clauses %s %d %f %e %b %o %x %X %%, precision as in %.3f.
Value format_clauses(Context& context, std::string_view format, std::span<const Value> arguments);

// What %s writes: no quotes, maps sorted by key. Nothing for values that have
// no text (objects, optionals). Stops adding beyond string_bytes_max.
bool append_text(std::string& out, const Value& value, Context& context);

// In double quotes, controls escaped as \n and the like; ill-formed bytes
// become U+FFFD.
std::string quoted(std::string_view text);

// As a literal: 1u, "a", b"\x00", [1, 2], {"a": 1}, timestamp("..."). Cut
// with an ellipsis above `bytes_max`.
std::string print_value(const Value& value, std::size_t bytes_max);

}  // namespace pw::cel
