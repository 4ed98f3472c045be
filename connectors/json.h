// JSON answers of platforms, read with simdjson (design, decision 4). Included
// by connectors' .cpp files only.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pw {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

// Nothing when the bytes are no JSON, or nest deeper than 1,024. The document
// lives in one parser per thread: it is valid until the next call there.
//
// What platforms really send and a strict reader refuses is mended first, since
// one bad byte in a caption must not hide a page: ill-formed UTF-8, half
// surrogate pairs, raw controls in strings, numbers beyond 64 bits (which become
// strings).
std::optional<JsonElement> parse_json(std::string_view bytes);

// The same where the document is an object.
std::optional<JsonObject> parse_json_object(std::string_view bytes);

// The document with those faults mended; JSON only if it was otherwise.
std::string mend_json(std::string_view bytes);

// A field's value; nothing when it is absent, null or of another type.
std::optional<std::string_view> json_text(JsonObject object, std::string_view key);
std::optional<JsonObject> json_object(JsonObject object, std::string_view key);
std::optional<JsonArray> json_array(JsonObject object, std::string_view key);
std::optional<bool> json_flag(JsonObject object, std::string_view key);
// A whole number, also when it is written as a string.
std::optional<std::int64_t> json_integer(JsonObject object, std::string_view key);
// An opaque id: a string, or a whole number in decimal digits. Nothing when it
// is empty, longer than 512 bytes, or has controls or spaces in it.
std::optional<std::string> json_id(JsonObject object, std::string_view key);
std::optional<std::string> json_id(JsonElement value);
// Text for people, in the form that rules compare (text_form.h). Empty when there is none.
std::string json_clean_text(JsonObject object, std::string_view key);
// Empty unless it is a web address.
std::string json_link(JsonObject object, std::string_view key);

}  // namespace pw
