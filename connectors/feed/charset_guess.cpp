#include "connectors/feed/charset_guess.h"

#include <algorithm>
#include <array>

#include "connectors/feed/feed_charset.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

struct GuessRow {
  std::string_view charset;
  std::u32string_view common;  // the language's most frequent letters
  double share;                // of its letters beyond ASCII that these make up, roughly
};

// Letter statistics of running text; a right reading comes near `share`, a wrong
// one scatters over the script.
constexpr std::array guess_rows = {
    GuessRow{"euc-jp", U"のにはをたがでとしてるいなれすかもこらっ、。ーンスルイ", 0.45},
    GuessRow{"shift_jis", U"のにはをたがでとしてるいなれすかもこらっ、。ーンスルイ", 0.45},
    GuessRow{"euc-kr", U"이다는에가고을의한지로기도하은사인리나자서어해를대", 0.35},
    GuessRow{"gb18030",
             U"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子，。",
             0.30},
    GuessRow{"big5",
             U"的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子，。",
             0.30},
    GuessRow{"windows-1251", U"оеаинтсрвлкмд", 0.72},
    GuessRow{"koi8-r", U"оеаинтсрвлкмд", 0.72},
    GuessRow{"iso-8859-5", U"оеаинтсрвлкмд", 0.72},
    GuessRow{"windows-1253", U"αοιετσνηυρπκμλάίόέ", 0.80},
    GuessRow{"windows-1255", U"יוהלארתמבשנםדפק", 0.85},
    GuessRow{"windows-1256", U"اليمونرتبةعدسفهكحقج", 0.85},
    GuessRow{"tis-620", U"านรกอเงมยลวดทตสปะัีา่้ิไ", 0.75},
};

constexpr std::size_t looked_at = 64 * 1024;
constexpr double good_enough = 0.6;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// How near the text comes to what the row expects: about 1 for the language. In
// words that mix a script with Latin letters, the bytes are accented ones.
double fit(std::string_view text, const GuessRow& row) {
  constexpr std::size_t glued_part = 4;  // at most one in so many
  std::size_t letters = 0;
  std::size_t common = 0;
  std::size_t glued = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool after = at > 0 && is_ascii_letter(text[at - 1]);
    at += c.bytes;
    if (c.value < 0x80) continue;
    ++letters;
    if (after || (at < text.size() && is_ascii_letter(text[at]))) ++glued;
    if (row.common.find(c.value) != std::u32string_view::npos) ++common;
  }
  if (letters == 0 || glued * glued_part > letters) return 0;
  return static_cast<double>(common) / static_cast<double>(letters) / row.share;
}

// Short Chinese texts hold few of the most frequent characters, but nearly all of
// theirs are of GB 2312's first level (lead bytes B0 to D7), in pairs of high
// bytes that no other charset's words keep up.
bool is_gb2312(std::string_view bytes) {
  std::size_t first_level = 0;
  std::size_t pairs = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) continue;
    const auto tail = at + 1 < bytes.size() ? static_cast<unsigned char>(bytes[at + 1]) : 0;
    const bool marks = lead >= 0xA1 && lead <= 0xA3;
    if (tail < 0xA1 || tail == 0xFF || (!marks && (lead < 0xB0 || lead > 0xF7))) return false;
    ++at;
    if (marks) continue;
    ++pairs;
    first_level += lead <= 0xD7;
  }
  constexpr std::size_t pairs_least = 6;
  constexpr double first_level_least = 0.9;
  return pairs >= pairs_least &&
         static_cast<double>(first_level) > first_level_least * static_cast<double>(pairs);
}

}  // namespace

std::string guess_charset(std::string_view bytes) {
  bytes = bytes.substr(0, looked_at);
  // A cut in the middle of a character would refuse the right charset: end with
  // the last ASCII byte.
  while (!bytes.empty() && static_cast<unsigned char>(bytes.back()) >= 0x40) {
    bytes.remove_suffix(1);
  }
  std::string best;
  double best_fit = good_enough;
  for (const GuessRow& row : guess_rows) {
    const auto text = to_utf8(bytes, std::string(row.charset));
    if (!text) continue;
    const double value = fit(*text, row);
    if (value <= best_fit) continue;
    best_fit = value;
    best = row.charset;
  }
  if (best.empty() && is_gb2312(bytes)) return "gb18030";
  return best;
}

}  // namespace pw
