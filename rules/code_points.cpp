#include "rules/code_points.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace pw::cel {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_tail(unsigned char c) { return (c & 0xC0) == 0x80; }

}  // namespace

std::size_t sequence_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const unsigned char a = byte_at(text, at);
  if (a < 0x80) return 1;
  const unsigned char b = byte_at(text, at + 1);
  if (a >= 0xC2 && a <= 0xDF) return is_tail(b) ? 2 : 0;
  const unsigned char c = byte_at(text, at + 2);
  if (a >= 0xE0 && a <= 0xEF) {
    const bool second = a == 0xE0 ? b >= 0xA0 : a == 0xED ? b <= 0x9F : true;
    return second && is_tail(b) && is_tail(c) ? 3 : 0;
  }
  if (a < 0xF0 || a > 0xF4) return 0;
  const bool second = a == 0xF0 ? b >= 0x90 : a == 0xF4 ? b <= 0x8F : true;
  return second && is_tail(b) && is_tail(c) && is_tail(byte_at(text, at + 3)) ? 4 : 0;
}

std::size_t first_ill_formed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const std::size_t length = sequence_length(text, at);
  const char32_t a = byte_at(text, at);
  const auto tail = [&](std::size_t i) { return char32_t{byte_at(text, at + i)} & 0x3F; };
  switch (length) {
    case 1:
      return {a, 1};
    case 2:
      return {(a & 0x1F) << 6 | tail(1), 2};
    case 3:
      return {(a & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
    case 4:
      return {(a & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
    default:
      return {0xFFFD, 1};
  }
}

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  const auto word = [&](std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    return eight;
  };
  if (text.size() < sizeof high_bits) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  }
  // The last word overlaps the one before it.
  std::uint64_t seen = word(text.size() - sizeof high_bits);
  for (std::size_t i = 0; i + sizeof high_bits <= text.size(); i += sizeof high_bits) {
    seen |= word(i);
  }
  return (seen & high_bits) == 0;
}

std::size_t count_code_points(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) i += code_point_at(text, i).bytes;
  return count;
}

std::size_t offset_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += code_point_at(text, at).bytes;
  return at;
}

void append_code_point(std::string& out, char32_t c) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80 | (static_cast<unsigned>(c >> shift) & 0x3F));
  };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_scalar_value(char32_t c) { return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF); }

bool is_white_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_tail(byte_at(text, end))) --end;
  return text.substr(0, end);
}

}  // namespace pw::cel
