#include "daemon/outbox/text_limits.h"

#include <cstdint>

#include "daemon/core/utf8.h"

namespace pw {
namespace {

constexpr std::string_view ellipsis = "…";

std::size_t units_of(std::size_t bytes, Unit unit) {
  if (unit == Unit::bytes) return bytes;
  return unit == Unit::utf16 && bytes == 4 ? 2 : 1;
}

char32_t point_at(std::string_view text, std::size_t at, std::size_t size) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (size == 1) return byte(0);
  char32_t point = byte(0) & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) point = (point << 6) | (byte(i) & 0x3fu);
  return point;
}

// Marks that belong to the character before them: combining marks, variation
// selectors, joiners, skin tones. Not all of Unicode's segmentation; enough that
// no accent or emoji is torn from its base.
bool clings(char32_t point) {
  return (point >= 0x300 && point <= 0x36f) || (point >= 0x1ab0 && point <= 0x1aff) ||
         (point >= 0x20d0 && point <= 0x20ff) || (point >= 0xfe00 && point <= 0xfe0f) ||
         point == 0x200d || (point >= 0x1f3fb && point <= 0x1f3ff);
}

}  // namespace

std::string clean_text(std::string_view text, bool lines) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_length(text, at);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    const char32_t point = point_at(text, at, size);
    const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    if (!control) {
      out.append(text, at, size);
    } else if (point == '\n' && lines) {
      out += '\n';
    } else if (point != '\r') {
      out += ' ';
    }
    at += size;
  }
  return out;
}

std::size_t length_of(std::string_view text, Unit unit) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::max<std::size_t>(1, utf8_length(text, at));
    length += units_of(size, unit);
    at += size;
  }
  return length;
}

std::string cut_text(std::string_view text, std::size_t max, Unit unit) {
  if (length_of(text, unit) <= max) return std::string(text);
  const std::size_t dots = length_of(ellipsis, unit);
  if (max < dots) return {};
  std::size_t used = dots;
  std::size_t end = 0;  // of the last whole character that fits
  bool joined = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::max<std::size_t>(1, utf8_length(text, at));
    const char32_t point = point_at(text, at, size);
    if (!clings(point) && !joined) end = at;
    joined = point == 0x200d;
    used += units_of(size, unit);
    if (used > max) break;
    at += size;
  }
  return std::string(text.substr(0, end)).append(ellipsis);
}

}  // namespace pw
