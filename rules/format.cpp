#include "rules/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "daemon/core/hash.h"
#include "rules/code_points.h"
#include "rules/real_text.h"
#include "rules/time_text.h"

namespace pw::cel {
namespace {

constexpr int precision_max = 100;
constexpr int precision_default = 6;

std::string in_base(std::uint64_t magnitude, bool negative, unsigned base) {
  std::string digits;
  do {
    digits += "0123456789abcdef"[magnitude % base];
    magnitude /= base;
  } while (magnitude > 0);
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::optional<std::string> integral(const Value& value, unsigned base) {
  if (value.is(Kind::natural)) return in_base(value.natural, false, base);
  if (!value.is(Kind::integer)) return std::nullopt;
  const auto bits = static_cast<std::uint64_t>(value.integer);
  return in_base(value.integer < 0 ? 0 - bits : bits, value.integer < 0, base);
}

std::optional<std::string> hexadecimal(const Value& value, bool upper) {
  std::optional<std::string> text = integral(value, 16);
  if (value.is(Kind::string) || value.is(Kind::bytes)) {
    const auto* const data = reinterpret_cast<const std::uint8_t*>(value.text.data);
    text = print_hex({data, value.text.size});
  }
  if (text && upper) {
    std::transform(text->begin(), text->end(), text->begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  }
  return text;
}

std::optional<std::string> decimal(const Value& value) {
  if (value.is(Kind::real)) return print_plain(value.real);
  return integral(value, 10);
}

std::optional<std::string> real(const Value& value, int precision, bool scientific) {
  double number = 0;
  if (value.is(Kind::real)) {
    number = value.real;
  } else if (value.is(Kind::integer)) {
    number = static_cast<double>(value.integer);
  } else if (value.is(Kind::natural)) {
    number = static_cast<double>(value.natural);
  } else {
    return std::nullopt;
  }
  if (!std::isfinite(number)) return print_plain(number);
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), scientific ? "%.*e" : "%.*f", precision, number);
  return text.data();
}

std::optional<std::string> clause(char letter, const Value& value, int precision,
                                  Context& context) {
  switch (letter) {
    case 'd':
      return decimal(value);
    case 'f':
      return real(value, precision, false);
    case 'e':
      return real(value, precision, true);
    case 'b':
      if (value.is(Kind::boolean)) return value.boolean ? "1" : "0";
      return integral(value, 2);
    case 'o':
      return integral(value, 8);
    case 'x':
      return hexadecimal(value, false);
    case 'X':
      return hexadecimal(value, true);
    default:
      break;
  }
  std::string text;
  if (!append_text(text, value, context)) return std::nullopt;
  return text;
}

struct Clause {
  char letter = '\0';
  int precision = precision_default;
  std::size_t end = 0;  // the offset after it
};

// The clause whose '%' stands at `at`; a letter of zero is a fault.
Clause read_clause(std::string_view format, std::size_t at) {
  Clause clause;
  ++at;
  if (at < format.size() && format[at] == '.') {
    clause.precision = 0;
    const std::size_t digits = ++at;
    for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at) {
      clause.precision = std::min(clause.precision * 10 + (format[at] - '0'), 10'000);
    }
    if (at == digits || clause.precision > precision_max) return clause;
  }
  if (at >= format.size() ||
      std::string_view("sdfebxXo").find(format[at]) == std::string_view::npos) {
    return clause;
  }
  clause.letter = format[at];
  clause.end = at + 1;
  return clause;
}

// Ill-formed bytes become one U+FFFD, however many stand together.
void append_bytes(std::string& out, std::string_view bytes) {
  bool ill_formed = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0 && !ill_formed) append_code_point(out, 0xFFFD);
    out.append(bytes, at, length);
    ill_formed = length == 0;
    at += ill_formed ? 1 : length;
  }
}

bool append_list(std::string& out, const Value& list, Context& context) {
  out += '[';
  for (std::size_t i = 0; i < list.items.size; ++i) {
    if (i > 0) out += ", ";
    if (!append_text(out, list.items.data[i], context)) return false;
  }
  out += ']';
  return true;
}

bool append_map(std::string& out, const Value& map, Context& context) {
  std::vector<std::pair<std::string, const Value*>> entries(map.map->size);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!append_text(entries[i].first, map.map->keys[i], context)) return false;
    entries[i].second = &map.map->values[i];
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  out += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ", ";
    out += entries[i].first + ": ";
    if (!append_text(out, *entries[i].second, context)) return false;
  }
  out += '}';
  return true;
}

}  // namespace

bool append_text(std::string& out, const Value& value, Context& context) {
  const bool is_text = value.is(Kind::string) || value.is(Kind::bytes);
  if (!context.spend(1 + (is_text ? value.text.size / 16 : 0))) return false;
  if (out.size() > string_bytes_max) return true;  // whoever asked refuses it
  switch (value.kind) {
    case Kind::null:
      out += "null";
      return true;
    case Kind::boolean:
      out += value.boolean ? "true" : "false";
      return true;
    case Kind::integer:
      out += std::to_string(value.integer);
      return true;
    case Kind::natural:
      out += std::to_string(value.natural);
      return true;
    case Kind::real:
      out += print_plain(value.real);
      return true;
    case Kind::type:
    case Kind::string:
      out += value.view();
      return true;
    case Kind::bytes:
      append_bytes(out, value.view());
      return true;
    case Kind::timestamp:
      out += print_time(value.time);
      return true;
    case Kind::duration:
      out += print_span(value.nanos);
      return true;
    case Kind::list:
      return append_list(out, value, context);
    case Kind::map:
      return append_map(out, value, context);
    default:
      return false;
  }
}

Value format_clauses(Context& context, std::string_view format, std::span<const Value> arguments) {
  std::string out;
  std::size_t used = 0;
  if (!context.spend(1 + format.size() / 16)) return Context::out_of_work();
  for (std::size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      const std::size_t end = std::min(format.find('%', at), format.size());
      out.append(format, at, end - at);
      at = end;
      continue;
    }
    if (format.substr(at).starts_with("%%")) {
      out += '%';
      at += 2;
      continue;
    }
    const Clause read = read_clause(format, at);
    if (read.letter == '\0') return Value::error("format: wrong clause after '%'");
    if (used >= arguments.size()) return Value::error("format: more clauses than arguments");
    const Value& argument = arguments[used++];
    const auto text = clause(read.letter, argument, read.precision, context);
    if (!text) {
      if (context.exhausted()) return Context::out_of_work();
      return context.make_error(std::string("format: %") + read.letter + " cannot show a " +
                                std::string(type_name_of(argument)));
    }
    if (!context.spend(1 + text->size() / 16)) return Context::out_of_work();
    out += *text;
    if (out.size() > string_bytes_max) break;  // make_string refuses it
    at = read.end;
  }
  return context.make_string(out);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.bytes;
    switch (c.value) {
      case '\a':
        out += "\\a";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      default:
        append_code_point(out, c.value);
    }
  }
  return out + '"';
}

}  // namespace pw::cel
