#include "daemon/ledger/utf8.h"

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

bool is_utf8(std::string_view text) {
  bool ok = true;
  while (ok && !text.empty()) next_character(text, ok);
  return ok;
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

}  // namespace pw
