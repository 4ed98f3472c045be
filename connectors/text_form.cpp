#include "connectors/text_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
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

// Characters that are seen, and of which each stands for itself in form C whatever
// is beside it: NFC_Quick_Check is Yes and the combining class 0 (UAX #15, section
// 9). The blocks that people write most in; a test holds each against utf8proc.
struct Block {
  char32_t first;
  char32_t last;
};
constexpr std::array plain_blocks = {
    Block{0x00AE, 0x02FF},    // Latin
    Block{0x0400, 0x047F},    // Cyrillic
    Block{0x3041, 0x3096},    // Hiragana
    Block{0x309D, 0x30FF},    // Katakana
    Block{0x4E00, 0x9FFF},    // CJK ideographs
    Block{0x3001, 0x3029},    // CJK punctuation
    Block{0xAC00, 0xD7A3},    // Hangul syllables
    Block{0x1F000, 0x1FAFF},  // emoji
    Block{0xFE00, 0xFE0F},    // variation selectors
    Block{0x2010, 0x2027},    // punctuation
    Block{0x2030, 0x205F},    //
    Block{0x20A0, 0x20C0},    // currencies
    Block{0x2600, 0x27BF},    // symbols
    Block{0xFF00, 0xFFEF},    // wide and narrow forms
    Block{0x03A3, 0x03FF},    // Greek
    Block{0x0388, 0x03A1},    //
    Block{0x0620, 0x064A},    // Arabic
    Block{0x05D0, 0x05EA},    // Hebrew
    Block{0x0904, 0x0928},    // Devanagari
    Block{0x0E01, 0x0E37},    // Thai
    Block{0x0080, 0x00AC},    // Latin's signs
};

bool is_plain(char32_t c) {
  return std::any_of(plain_blocks.begin(), plain_blocks.end(),
                     [c](const Block& block) { return c >= block.first && c <= block.last; });
}

int category_of(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

}  // namespace

bool is_plain_text(std::string_view text) {
  for (std::size_t at = ascii_end(text, 0); at < text.size(); at = ascii_end(text, at)) {
    const CodePoint c = code_point_at(text, at);
    if (!is_plain(c.value)) return false;
    at += c.bytes;
  }
  return true;
}

std::string readable(std::string text) {
  if (is_plain_text(text)) return text;
  std::string seen = without_unseen(text);
  utf8proc_uint8_t* composed = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(seen.data()),
                   static_cast<utf8proc_ssize_t>(seen.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(composed);
  if (length < 0) return seen;
  return {reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length)};
}

std::string clean_text(std::string_view text) { return readable(without_controls(text)); }

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
