#include "config/text.h"

#include <algorithm>
#include <array>

namespace pw {
namespace {

constexpr std::size_t quoted_bytes_max = 40;

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// The range of the second byte, which excludes overlong forms, surrogates and
// what lies beyond U+10FFFF.
bool is_second(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

std::size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

// U+00A0; U+2000 to U+200F (spaces, zero-width, direction marks); U+202A to
// U+202F, U+2060 to U+206F (embedding and isolating marks); U+3000; U+FEFF.
bool is_invisible(std::string_view sequence) {
  if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]) <= 0x20;
  if (sequence == "\xC2\xA0" || sequence == "\xE3\x80\x80" || sequence == byte_order_mark)
    return true;
  if (sequence.size() != 3 || sequence[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(sequence[1]);
  const auto third = static_cast<unsigned char>(sequence[2]);
  if (second == 0x80) return third <= 0x8F || (third >= 0xAA && third <= 0xAF);
  return second == 0x81 && third >= 0xA0 && third <= 0xAF;
}

std::string in_quotes_up_to(std::string_view text, std::size_t bytes_max) {
  std::string out = "'";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_size(text, at);
    if (out.size() > bytes_max) return out + "...'";
    if (length == 0 || has_controls(text.substr(at, length))) {
      out += '?';
      ++at;
      continue;
    }
    out += text.substr(at, length);
    at += length;
  }
  return out + '\'';
}

// The last sequence of well-formed text.
std::string_view last_sequence(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && is_continuation(text, at)) --at;
  return text.substr(at);
}

}  // namespace

std::size_t utf8_size(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = announced_length(first);
  if (length <= 1) return length;
  if (at + length > text.size()) return 0;
  if (!is_second(first, static_cast<unsigned char>(text[at + 1]))) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!is_continuation(text, at + i)) return 0;
  }
  return length;
}

std::optional<std::size_t> first_ill_formed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_size(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

Spot spot_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  return {.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          .column = 1 + static_cast<int>(before.size() - line_start)};
}

std::string_view trim_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, utf8_size(text, 0));
    if (!is_invisible(text.substr(0, length))) break;
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    const std::string_view last = last_sequence(text);
    if (!is_invisible(last)) break;
    text.remove_suffix(last.size());
  }
  return text;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : trim_text(text)) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_space) {
      line += c;
    } else if (!line.ends_with(' ')) {
      line += ' ';
    }
  }
  return line;
}

std::string lower_text(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool has_controls(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == '\x7F') return true;
    const bool is_c1 = text[i] == '\xC2' && is_continuation(text, i + 1) &&
                       static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (is_c1) return true;
  }
  return false;
}

std::string in_quotes(std::string_view text) { return in_quotes_up_to(text, quoted_bytes_max); }
std::string in_quotes_whole(std::string_view text) { return in_quotes_up_to(text, text.size()); }

}  // namespace pw
