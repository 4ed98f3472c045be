#include "connectors/utf8.h"

#include <algorithm>

#include "connectors/eight_bytes.h"

namespace pw {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_tail(unsigned char c) { return (c & 0xC0) == 0x80; }

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85 ||
         c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

// Where the first control stands, or the size.
std::size_t first_control(std::string_view text) {
  std::size_t at = 0;
  while (at + EightBytes::count <= text.size()) {
    const EightBytes eight(text, at);
    if (eight.has_below(0x20) || eight.has(0x7F)) {
      const auto* found =
          std::find_if(text.data() + at, text.data() + at + EightBytes::count, is_control);
      if (found != text.data() + at + EightBytes::count)
        return static_cast<std::size_t>(found - text.data());
    }
    at += EightBytes::count;
  }
  while (at < text.size() && !is_control(text[at])) ++at;
  return at;
}

}  // namespace

std::string mend_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
      continue;
    }
    out.append(text, i, length);
    i += length;
  }
  return out;
}

std::string without_controls(std::string_view text) {
  const std::size_t clean = first_control(text);
  if (clean == text.size()) return std::string(text);
  std::string out;
  out.reserve(text.size());
  out.append(text, 0, clean);
  for (std::size_t i = clean; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (byte_at(text, i + 1) != '\n') out += '\n';
      continue;
    }
    if (!is_control(c)) out += c;
  }
  return out;
}

std::string without_controls(std::string&& text) {
  if (first_control(text) == text.size()) return std::move(text);
  return without_controls(std::string_view(text));
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

CodePoint wide_code_point_at(std::string_view text, std::size_t at) {
  const std::size_t length = utf8_length(text, at);
  const char32_t a = byte_at(text, at);
  if (length <= 1) return {a, 1};
  char32_t value = a & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (byte_at(text, at + i) & 0x3Fu);
  return {value, length};
}

std::string_view trimmed(std::string_view text) {
  const auto is_word = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && is_word(text.front()) && is_word(text.back())) return text;
  while (!text.empty()) {
    const CodePoint first = code_point_at(text, 0);
    if (!is_space(first.value)) break;
    text.remove_prefix(first.bytes);
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && is_tail(byte_at(text, at))) --at;
    const CodePoint last = code_point_at(text, at);
    if (at + last.bytes != text.size() || !is_space(last.value)) break;
    text.remove_suffix(last.bytes);
  }
  return text;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const auto it =
      std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), word.begin(),
                  word.end(), [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
  return it == text.end() ? std::string_view::npos : static_cast<std::size_t>(it - text.begin());
}

}  // namespace pw
