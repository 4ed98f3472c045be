#include "connectors/text_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "connectors/utf8.h"

namespace pw {
namespace {

constexpr char32_t zero_width_non_joiner = 0x200C;
constexpr char32_t zero_width_joiner = 0x200D;

bool is_joiner(char32_t c) { return c == zero_width_non_joiner || c == zero_width_joiner; }

bool is_unseen(char32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0x2066 && c <= 0x206F) || c == 0xFEFF;
}

std::string without_unseen(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool after_ascii = true;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!is_unseen(c.value) && !(is_joiner(c.value) && after_ascii)) {
      out.append(text, at, c.bytes);
      after_ascii = c.value < 0x80;
    }
    at += c.bytes;
  }
  return out;
}

struct Free {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

// Nothing below U+0300 combines, and nothing below it decomposes and composes
// otherwise, so that texts of such letters are in form C already.
bool is_composed(std::string_view text) {
  constexpr unsigned char lead_of_0300 = 0xCC;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= lead_of_0300; });
}

int category_of(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

}  // namespace

std::string readable(std::string text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  if (ascii) return text;
  std::string seen = without_unseen(text);
  if (is_composed(seen)) return seen;
  utf8proc_uint8_t* composed = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(seen.data()),
                   static_cast<utf8proc_ssize_t>(seen.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(composed);
  if (length < 0) return seen;
  return {reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length)};
}

bool is_letter(char32_t c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

bool is_word_character(char32_t c) {
  if (c < 0x80) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  // Variation selectors and enclosing marks make pictures, not words.
  if (c >= 0xFE00 && c <= 0xFE0F) return false;
  if (c == 0xB7 || is_joiner(c)) return true;
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return is_letter(c);
  }
}

}  // namespace pw
