#include "daemon/ledger/utf8.h"

#include <algorithm>
#include <iterator>

namespace pw {
namespace {

// The length of the sequence that `lead` begins, and the smallest character that
// may be written with so many bytes; length 0 for what begins nothing.
struct Shape {
  std::size_t size;
  char32_t least;
  unsigned bits;
};

Shape shape_of(unsigned char lead) {
  if (lead < 0x80) return {1, 0, lead};
  if (lead >= 0xc2 && lead < 0xe0) return {2, 0x80, lead & 0x1fu};
  if (lead >= 0xe0 && lead < 0xf0) return {3, 0x800, lead & 0x0fu};
  if (lead >= 0xf0 && lead < 0xf5) return {4, 0x10000, lead & 0x07u};
  return {0, 0, 0};
}

struct CodePointRange {
  char32_t first;
  char32_t last;
};

// Controls, soft hyphen, marks and isolates of direction, zero-width and other
// characters without a shape (Unicode 15: Cc, most of Cf, and fillers), tags.
constexpr CodePointRange hidden[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},      {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},  {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},  {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

bool is_hidden(char32_t c) {
  return std::any_of(std::begin(hidden), std::end(hidden), [c](const CodePointRange& range) {
    return c >= range.first && c <= range.last;
  });
}

}  // namespace

char32_t next_character(std::string_view& text, bool& well_formed) {
  const Shape shape = shape_of(static_cast<unsigned char>(text.front()));
  char32_t c = shape.bits;
  bool ok = shape.size > 0 && text.size() >= shape.size;
  for (std::size_t i = 1; ok && i < shape.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    ok = (byte & 0xc0) == 0x80;
    c = c << 6 | (byte & 0x3fu);
  }
  ok = ok && c >= shape.least && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
  well_formed = ok;
  text.remove_prefix(ok ? shape.size : 1);
  return ok ? c : replacement_character;
}

char32_t next_character(std::string_view& text) {
  bool ignored = true;
  return next_character(text, ignored);
}

void append_character(std::string& out, char32_t c) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  std::string character;
  while (!text.empty()) {
    character.clear();
    append_character(character, next_character(text));
    if (out.size() + character.size() > bytes_max) break;
    out += character;
  }
  return out;
}

std::string shown_text(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view ellipsis = "\u2026";
  std::string out;
  std::string character;
  while (!text.empty()) {
    character.clear();
    const char32_t c = next_character(text);
    append_character(character, is_hidden(c) ? replacement_character : c);
    if (out.size() + character.size() > bytes_max) return out + std::string(ellipsis);
    out += character;
  }
  return out;
}

}  // namespace pw
