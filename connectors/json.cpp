#include "connectors/json.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include "connectors/text_form.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// A parser keeps memory in proportion to the largest document it has read, so
// large ones get a parser of their own that goes away with the next document.
constexpr std::size_t kept_bytes_max = 1 << 20;

// simdjson reads a little beyond the end, so that a document is copied to where that
// is allowed; the room for it is kept like the parser.
std::optional<JsonElement> parse_strictly(std::string_view bytes) {
  thread_local simdjson::dom::parser kept;
  thread_local std::vector<char> room;
  thread_local std::unique_ptr<simdjson::dom::parser> large;
  large.reset();
  JsonElement root;
  if (bytes.size() > kept_bytes_max) {
    large = std::make_unique<simdjson::dom::parser>();
    const bool failed = large->parse(bytes.data(), bytes.size(), true).get(root) != 0;
    return failed ? std::nullopt : std::optional(root);
  }
  if (room.size() < bytes.size() + simdjson::SIMDJSON_PADDING)
    room.resize(bytes.size() + simdjson::SIMDJSON_PADDING);
  std::copy(bytes.begin(), bytes.end(), room.begin());
  if (kept.parse(room.data(), bytes.size(), false).get(root)) return std::nullopt;
  return root;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The value of "\uXXXX" at `at`, or nothing.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                   text.begin() + static_cast<std::ptrdiff_t>(at) + 6, is_hex)) {
    return std::nullopt;
  }
  unsigned value = 0;
  std::from_chars(text.data() + at + 2, text.data() + at + 6, value, 16);
  return value;
}

// Copies the escape at `at` and returns its length.
std::size_t mend_escape(std::string_view text, std::size_t at, std::string& out) {
  const auto unit = escape_at(text, at);
  if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
    out.append(text, at, 2);
    return 2;
  }
  const auto low = escape_at(text, at + 6);
  if (*unit <= 0xDBFF && low && *low >= 0xDC00 && *low <= 0xDFFF) {
    out.append(text, at, 12);
    return 12;
  }
  out += "\\uFFFD";
  return 6;
}

// Copies the string whose opening quote is at `at`; returns where it ends.
std::size_t mend_string(std::string_view text, std::size_t at, std::string& out) {
  out += '"';
  for (++at; at < text.size();) {
    const char c = text[at];
    if (c == '\\') {
      at += mend_escape(text, at, out);
      continue;
    }
    ++at;
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    if (c == '"') break;
  }
  return std::min(at, text.size());
}

bool is_number_part(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// Copies the number at `at`, in quotes where a 64-bit reader could refuse it.
std::size_t mend_number(std::string_view text, std::size_t at, std::string& out) {
  const std::size_t start = at;
  while (at < text.size() && is_number_part(text[at])) ++at;
  const std::string_view number = text.substr(start, at - start);
  const bool large = number.size() > 18 || number.find_first_of("eE") != std::string_view::npos;
  if (large) out += '"';
  out += number;
  if (large) out += '"';
  return at;
}

template <class T>
std::optional<T> field(JsonObject object, std::string_view key) {
  T value;
  if (object[key].get(value)) return std::nullopt;
  return value;
}

}  // namespace

std::string mend_json(std::string_view bytes) {
  const std::string text = mend_utf8(bytes);
  std::string out;
  out.reserve(text.size() + 64);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = mend_string(text, at, out);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      at = mend_number(text, at, out);
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

std::optional<JsonElement> parse_json(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.empty()) return std::nullopt;
  if (auto root = parse_strictly(bytes)) return root;
  const char first = trimmed(bytes.substr(0, 64)).empty() ? ' ' : trimmed(bytes.substr(0, 64))[0];
  if (first != '{' && first != '[') return std::nullopt;
  return parse_strictly(mend_json(bytes));
}

std::optional<JsonObject> parse_json_object(std::string_view bytes) {
  const auto root = parse_json(bytes);
  JsonObject object;
  if (!root || root->get(object)) return std::nullopt;
  return object;
}

std::optional<std::string_view> json_text(JsonObject object, std::string_view key) {
  return field<std::string_view>(object, key);
}

std::optional<JsonObject> json_object(JsonObject object, std::string_view key) {
  return field<JsonObject>(object, key);
}

std::optional<JsonArray> json_array(JsonObject object, std::string_view key) {
  return field<JsonArray>(object, key);
}

std::optional<bool> json_flag(JsonObject object, std::string_view key) {
  return field<bool>(object, key);
}

std::optional<std::int64_t> json_integer(JsonObject object, std::string_view key) {
  if (const auto number = field<std::int64_t>(object, key)) return number;
  const auto text = json_text(object, key);
  if (!text || text->empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::optional<std::string> json_id(JsonElement value) {
  constexpr std::size_t bytes_max = 512;
  std::string_view text;
  std::int64_t number = 0;
  std::uint64_t large = 0;
  std::string id;
  if (!value.get(text)) {
    id = text;
  } else if (!value.get(number)) {
    id = std::to_string(number);
  } else if (!value.get(large)) {
    id = std::to_string(large);
  }
  if (id.empty() || id.size() > bytes_max) return std::nullopt;
  const bool odd = std::any_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
  });
  if (odd) return std::nullopt;
  return id;
}

std::optional<std::string> json_id(JsonObject object, std::string_view key) {
  const auto value = field<JsonElement>(object, key);
  return value ? json_id(*value) : std::nullopt;
}

std::string json_clean_text(JsonObject object, std::string_view key) {
  const auto text = json_text(object, key);
  return text ? clean_text(*text) : std::string{};
}

std::string json_link(JsonObject object, std::string_view key) {
  const auto text = json_text(object, key);
  return text && is_web_address(*text) ? std::string(*text) : std::string{};
}

}  // namespace pw
