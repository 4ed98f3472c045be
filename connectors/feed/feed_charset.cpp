#include "connectors/feed/feed_charset.h"

#include <iconv.h>

#include <algorithm>

#include <array>
#include <cerrno>
#include <memory>

#include "connectors/feed/charset_guess.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

// Keeps an iconv descriptor for one conversion.
class Converter {
 public:
  explicit Converter(const std::string& from) : handle_(iconv_open("UTF-8", from.c_str())) {}
  ~Converter() {
    if (ok()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool ok() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // `lossy`: bytes that mean nothing become U+FFFD; else they end it in nothing. A
  // character that the end cut off is left out.
  std::optional<std::string> convert(std::string_view bytes, bool lossy) {
    std::string out;
    std::array<char, 16 * 1024> buffer;
    auto* from = const_cast<char*>(bytes.data());  // iconv does not write there
    std::size_t left = bytes.size();
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t failed = iconv(handle_, &from, &left, &to, &room);
      const bool stuck = failed == static_cast<std::size_t>(-1) && errno != E2BIG;
      out.append(buffer.data(), buffer.size() - room);
      if (!stuck) continue;
      if (errno == EINVAL) break;
      if (!lossy) return std::nullopt;
      out += "\xEF\xBF\xBD";
      ++from;
      --left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

// Without the start of a character that the end cut off: the text before it is no
// worse for that, and must not be taken for another charset's.
std::string_view without_cut_character(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t back = 1; back < longest && back <= text.size(); ++back) {
    const auto lead = static_cast<unsigned char>(text[text.size() - back]);
    if ((lead & 0xC0) == 0x80) continue;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length > back) text.remove_suffix(back);
    break;
  }
  return text;
}

bool is_charset_name(std::string_view name) {
  if (name.empty() || name.size() > 40 || name.starts_with("utf-7") || name.starts_with("utf7")) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == ':';
  });
}

struct Alias {
  std::string_view name;
  std::string_view used;
};

// What is declared, and what is meant or contains it.
constexpr std::array aliases = {
    Alias{"iso-8859-1", "windows-1252"},
    Alias{"iso8859-1", "windows-1252"},
    Alias{"latin1", "windows-1252"},
    Alias{"latin-1", "windows-1252"},
    Alias{"iso_8859-1", "windows-1252"},
    Alias{"us-ascii", "windows-1252"},
    Alias{"ascii", "windows-1252"},
    Alias{"cp1252", "windows-1252"},
    Alias{"gb2312", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"shift-jis", "cp932"},
    Alias{"shift_jis", "cp932"},
    Alias{"x-sjis", "cp932"},
    Alias{"sjis", "cp932"},
    Alias{"ks_c_5601-1987", "euc-kr"},
    Alias{"utf8", "utf-8"},
    Alias{"big5", "big5-hkscs"},
    Alias{"iso-8859-9", "windows-1254"},
    Alias{"iso-8859-11", "tis-620"},
};

std::string meant_by(const std::string& charset) {
  for (const Alias& alias : aliases) {
    if (alias.name == charset) return std::string(alias.used);
  }
  return charset;
}

struct Mark {
  std::string_view bytes;
  std::string_view charset;
  bool is_mark;  // a byte order mark, which is dropped; else the start of "<?xml"
};

using namespace std::string_view_literals;

// XML 1.0, appendix F. The longer before the shorter that begins it.
constexpr std::array marks = {
    Mark{"\x00\x00\xFE\xFF"sv, "utf-32be", true}, Mark{"\xFF\xFE\x00\x00"sv, "utf-32le", true},
    Mark{"\xEF\xBB\xBF"sv, "utf-8", true},        Mark{"\xFE\xFF"sv, "utf-16be", true},
    Mark{"\xFF\xFE"sv, "utf-16le", true},         Mark{"\x00\x00\x00<"sv, "utf-32be", false},
    Mark{"<\x00\x00\x00"sv, "utf-32le", false},   Mark{"\x00<\x00?"sv, "utf-16be", false},
    Mark{"<\x00?\x00"sv, "utf-16le", false},      Mark{"\x4C\x6F\xA7\x94"sv, "cp037", false},
};

// The encoding that an XML declaration names, lower case, or empty.
std::string declared_in(std::string_view text) {
  constexpr std::size_t looked_at = 512;
  std::string_view head = trimmed(text.substr(0, looked_at));
  if (!head.starts_with("<?")) return {};
  head = head.substr(0, head.find('>'));
  std::size_t at = head.find("encoding");
  if (at == std::string_view::npos) return {};
  at = head.find_first_of("'\"", at);
  if (at == std::string_view::npos) return {};
  const std::size_t end = head.find(head[at], at + 1);
  if (end == std::string_view::npos) return {};
  return lower_ascii(trimmed(head.substr(at + 1, end - at - 1)));
}

// Unicode encodings can not be what a declaration says that is read as ASCII.
bool is_wide(std::string_view charset) {
  return charset.starts_with("utf-16") || charset.starts_with("utf-32") ||
         charset.starts_with("ucs-") || charset.starts_with("iso-10646") || charset == "utf16";
}

// Mostly UTF-8, with a few strays: better mended than read as another charset.
bool is_mostly_utf8(std::string_view bytes) {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    if (length == 0) ++bad;
    if (length > 1) ++good;
    at += std::max<std::size_t>(length, 1);
  }
  return good > 4 * bad;
}

DecodedText lossy(std::string_view bytes, const std::string& charset) {
  Converter converter(meant_by(charset));
  DecodedText out{.text = {}, .charset = charset, .damaged = true};
  out.text =
      converter.ok() ? converter.convert(bytes, /*lossy=*/true).value_or("") : mend_utf8(bytes);
  return out;
}

DecodedText fallback(std::string_view bytes) {
  if (is_mostly_utf8(bytes)) {
    return {.text = mend_utf8(bytes), .charset = "utf-8", .damaged = true};
  }
  const std::string guessed = guess_charset(bytes);
  return lossy(bytes, guessed.empty() ? "windows-1252" : guessed);
}

}  // namespace

std::string charset_of(std::string_view content_type) {
  std::size_t at = find_ignoring_case(content_type, "charset=");
  if (at == std::string_view::npos) return {};
  std::string_view value = trimmed(content_type.substr(at + 8));
  value = value.substr(0, value.find(';'));
  std::string out;
  for (const char c : value) {
    if (c != '"' && c != '\'' && c != ' ') out += c;
  }
  return lower_ascii(out);
}

std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset) {
  if (charset == "utf-8" || charset == "utf8") {
    const std::string_view whole = without_cut_character(bytes);
    if (!is_utf8(whole)) return std::nullopt;
    return std::string(whole);
  }
  if (!is_charset_name(charset)) return std::nullopt;
  Converter converter(meant_by(charset));
  if (!converter.ok()) return std::nullopt;
  return converter.convert(bytes, /*lossy=*/false);
}

DecodedText decode_charset(std::string_view bytes, std::string_view content_type) {
  std::string sniffed;
  for (const Mark& mark : marks) {
    if (!bytes.starts_with(mark.bytes)) continue;
    sniffed = mark.charset;
    if (mark.is_mark) bytes.remove_prefix(mark.bytes.size());
    break;
  }
  if (!sniffed.empty() && sniffed != "utf-8") {
    const auto text = to_utf8(bytes, sniffed);
    const std::string inner = text ? declared_in(*text) : std::string{};
    if (text && sniffed != "cp037") return {.text = *text, .charset = sniffed};
    if (!text) return lossy(bytes, sniffed);
    const auto again = to_utf8(bytes, inner.empty() ? sniffed : inner);
    return {.text = again.value_or(*text), .charset = again && !inner.empty() ? inner : sniffed};
  }
  std::string declared = declared_in(bytes);
  if (is_wide(declared)) declared.clear();
  const std::string named = charset_of(content_type);
  bool first = true;
  for (const std::string& charset : {sniffed, named, declared, std::string("utf-8")}) {
    if (charset.empty()) continue;
    if (auto text = to_utf8(bytes, charset)) {
      return {.text = *std::move(text), .charset = charset, .damaged = !first};
    }
    first = false;
  }
  return fallback(bytes);
}

}  // namespace pw
