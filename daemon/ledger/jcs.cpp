#include "daemon/ledger/jcs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <vector>

#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

using nlohmann::json;

// UTF-16 order differs from UTF-8 order only above the surrogates: there, a
// character beyond the basic plane sorts by its high surrogate, before U+E000.
std::u16string utf16_of(std::string_view text) {
  std::u16string units;
  while (!text.empty()) {
    char32_t c = next_character(text);
    if (c >= 0x10000) {
      c -= 0x10000;
      units += static_cast<char16_t>(0xd800 + (c >> 10));
      units += static_cast<char16_t>(0xdc00 + (c & 0x3ff));
    } else {
      units += static_cast<char16_t>(c);
    }
  }
  return units;
}

class Printer {
 public:
  bool print(const json& value, int depth);
  std::string out;
  std::string wrong;

 private:
  bool fail(const char* why) {
    wrong = why;
    return false;
  }
  bool print_text(const std::string& text) {
    if (!is_utf8(text)) return fail("a text is not UTF-8");
    append_quoted(out, text);
    return true;
  }
  bool print_double(double number) {
    if (!std::isfinite(number)) return fail("a number is not finite");
    out += print_number(number);
    return true;
  }
  bool print_array(const json& value, int depth);
  bool print_object(const json& value, int depth);
};

bool Printer::print_array(const json& value, int depth) {
  out += '[';
  bool first = true;
  for (const json& item : value) {
    if (!first) out += ',';
    first = false;
    if (!print(item, depth)) return false;
  }
  out += ']';
  return true;
}

bool Printer::print_object(const json& value, int depth) {
  std::vector<std::pair<std::u16string, const std::string*>> names;
  for (const auto& [name, member] : value.items()) {
    if (!is_utf8(name)) return fail("a name is not UTF-8");
    names.emplace_back(utf16_of(name), &name);
  }
  std::sort(names.begin(), names.end());
  out += '{';
  for (const auto& [units, name] : names) {
    if (name != names.front().second) out += ',';
    append_quoted(out, *name);
    out += ':';
    if (!print(value.at(*name), depth)) return false;
  }
  out += '}';
  return true;
}

bool Printer::print(const json& value, int depth) {
  if (depth > json_depth_max) return fail("nested too deeply");
  switch (value.type()) {
    case json::value_t::null:
      out += "null";
      return true;
    case json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return true;
    case json::value_t::string:
      return print_text(value.get_ref<const std::string&>());
    case json::value_t::number_integer:
      return print_double(static_cast<double>(value.get<std::int64_t>()));
    case json::value_t::number_unsigned:
      return print_double(static_cast<double>(value.get<std::uint64_t>()));
    case json::value_t::number_float:
      return print_double(value.get<double>());
    case json::value_t::array:
      return print_array(value, depth + 1);
    case json::value_t::object:
      return print_object(value, depth + 1);
    case json::value_t::binary:
    case json::value_t::discarded:
      break;
  }
  return fail("not a JSON value");
}

// Watches a parse for what the library lets through: names that come twice, and
// depth.
class Watch {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > json_depth_max) wrong = "nested too deeply";
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event == json::parse_event_t::key) {
      if (!names_.back().insert(parsed.get<std::string>()).second && wrong.empty()) {
        wrong = "the name " +
                parsed.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 80) +
                " comes twice";
      }
    }
    return true;
  }
  std::string wrong;

 private:
  std::vector<std::set<std::string>> names_;
};

// Whether brackets outside of texts nest deeper than the limit: asked before the
// library builds a tree, so that a deep document costs one pass and no memory.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > json_depth_max) return true;
  }
  return false;
}

}  // namespace

std::string print_number(double number) {
  if (number == 0) return "0";  // minus zero too
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                 std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, e));
  std::erase(digits, '.');
  int exponent = 0;
  const char* from = text.data() + e + 1;
  if (*from == '+') ++from;
  std::from_chars(from, end.ptr, exponent);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  std::string out = number < 0 ? "-" : "";
  if (point > 21 || point < -5) {
    out += digits[0];
    if (count > 1) out += '.' + digits.substr(1);
    return out + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  }
  const auto size = static_cast<std::size_t>(std::abs(point));
  if (point <= 0) return out + "0." + std::string(size, '0') + digits;
  if (count <= point) return out + digits + std::string(size - digits.size(), '0');
  return out + digits.substr(0, size) + '.' + digits.substr(size);
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\b':
        out += "\\b";
        continue;
      case '\t':
        out += "\\t";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\f':
        out += "\\f";
        continue;
      case '\r':
        out += "\\r";
        continue;
      default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

Result<json> parse_json(std::string_view text) {
  if (is_too_deep(text)) return Error{Errc::malformed, "nested too deeply"};
  Watch watch;
  json value = json::parse(text, std::ref(watch), /*allow_exceptions=*/false);
  if (!watch.wrong.empty()) return Error{Errc::malformed, watch.wrong};
  if (value.is_discarded()) return Error{Errc::malformed, "not JSON"};
  return value;
}

Result<std::string> print_jcs(const json& value) {
  Printer printer;
  if (!printer.print(value, 0)) return Error{Errc::malformed, printer.wrong};
  return std::move(printer.out);
}

}  // namespace pw
