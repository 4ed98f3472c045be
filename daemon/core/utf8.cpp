#include "daemon/core/utf8.h"

#include <cstdint>
#include <cstring>

namespace pw {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_tail(unsigned char c) { return (c & 0xC0) == 0x80; }

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const unsigned char a = byte_at(text, at);
  if (at >= text.size()) return 0;
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

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    i = ascii_end(text, i);
    if (i == text.size()) break;
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::size_t ascii_end(std::string_view text, std::size_t at) {
  // Eight bytes at a time.
  for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace pw
