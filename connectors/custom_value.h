// A JSON answer as a value of CEL. Included by custom's sources only, since it
// shows the JSON library.
#pragma once

#include <optional>
#include <string>

#include "connectors/json.h"
#include "daemon/core/time.h"
#include "rules/context.h"

namespace pw {

// Lives as long as `context`'s arena. Objects become maps by text, whole numbers
// int (or uint beyond 63 bits), other numbers double. What nests deeper than
// CEL's values may is null.
cel::Value value_of_json(JsonElement element, cel::Context& context);

// A mapping's result as text: a text, or a whole number in digits. Nothing for
// everything else, and for an empty text.
std::optional<std::string> text_of_value(const cel::Value& value);

// A timestamp; RFC 3339 or an HTTP date; a whole number as Unix seconds, or as
// milliseconds where seconds would lie beyond the year 5000.
std::optional<Instant> instant_of_value(const cel::Value& value);

}  // namespace pw
