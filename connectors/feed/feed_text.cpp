#include "connectors/feed/feed_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "connectors/plain_text.h"
#include "connectors/utf8.h"
#include "daemon/core/hash.h"

namespace pw::feed {
namespace {

std::string media_type(std::string_view type) {
  std::string lower = lower_ascii(trimmed(type));
  if (lower == "text" || lower == "plain") return "text/plain";
  if (lower == "html") return "text/html";
  return lower == "xhtml" ? "application/xhtml+xml" : lower;
}

// 0x80 to 0x9F of windows-1252; 0 where it has nothing.
constexpr std::array<char32_t, 32> windows_1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// The bytes that the characters stand for when each is below U+0100, and one of
// them is beyond ASCII; else empty.
std::string single_bytes(std::string_view text) {
  std::string out;
  bool beyond_ascii = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (c.value > 0xFF) return {};
    beyond_ascii = beyond_ascii || c.value >= 0x80;
    out += static_cast<char>(c.value);
    at += c.bytes;
  }
  return beyond_ascii ? out : std::string{};
}

std::string without_c1(std::string_view text) {
  if (text.find('\xC2') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool is_c1 = c.value >= 0x80 && c.value < 0xA0;
    const char32_t meant = is_c1 ? windows_1252[c.value - 0x80] : 0;
    append_utf8(out, meant != 0 ? meant : c.value);
    at += c.bytes;
  }
  return out;
}

constexpr auto html_names = std::to_array<std::string_view>(
    {"a",        "abbr",    "acronym", "address",  "area",       "article",    "aside",
     "audio",    "b",       "bdo",     "big",      "blockquote", "br",         "button",
     "canvas",   "caption", "center",  "cite",     "code",       "col",        "colgroup",
     "datalist", "dd",      "del",     "details",  "dfn",        "dialog",     "dir",
     "div",      "dl",      "dt",      "em",       "fieldset",   "figcaption", "figure",
     "font",     "footer",  "form",    "h1",       "h2",         "h3",         "h4",
     "h5",       "h6",      "header",  "hr",       "i",          "img",        "input",
     "ins",      "kbd",     "keygen",  "label",    "legend",     "li",         "map",
     "menu",     "meter",   "nav",     "noscript", "ol",         "optgroup",   "option",
     "output",   "p",       "pre",     "progress", "q",          "s",          "samp",
     "section",  "select",  "small",   "source",   "span",       "strike",     "strong",
     "sub",      "sup",     "table",   "tbody",    "td",         "textarea",   "tfoot",
     "th",       "thead",   "time",    "tr",       "tt",         "u",          "ul",
     "var",      "video"});

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

// Every "<name" and "</name" is HTML's. `closes` is set when there is a "</name>".
bool has_only_html_tags(std::string_view text, bool& closes) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool end = at + 1 < text.size() && text[at + 1] == '/';
    const std::string_view name = word_at(text, at + (end ? 2 : 1));
    if (name.empty()) continue;
    const std::string lower = lower_ascii(name);
    if (std::find(html_names.begin(), html_names.end(), lower) == html_names.end()) return false;
    const std::size_t after = at + 2 + name.size();
    closes = closes || (end && after < text.size() && text[after] == '>');
  }
  return true;
}

// Every "&name;" is HTML's. `refers` is set when there is one, or a "&#...;".
bool has_only_html_entities(std::string_view text, bool& refers) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const bool numeric = at + 1 < text.size() && text[at + 1] == '#';
    const std::string_view name = word_at(text, at + (numeric ? 2 : 1));
    const std::size_t after = at + (numeric ? 2 : 1) + name.size();
    if (name.empty() || after >= text.size() || text[after] != ';') continue;
    if (!numeric && html_entity(name).empty()) return false;
    refers = true;
  }
  return true;
}

bool is_local_part(char c) { return is_word(c) || c == '-' || c == '.' || c == '+'; }
bool is_domain_part(char c) {
  return (is_word(c) && c != '_') || c == '-' || c == '.' || c == '[' || c == ']';
}

// The mail address in a text, with its "?subject=", or empty.
std::string_view mail_in(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t start = at;
    while (start > 0 && is_local_part(text[start - 1])) --start;
    std::size_t end = at + 1;
    while (end < text.size() && is_domain_part(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    if (start == at || domain.find('.') == std::string_view::npos) continue;
    if (text.substr(end).starts_with("?subject=")) {
      end = std::min(text.find_first_of(" \t\n)>", end), text.size());
    }
    return text.substr(start, end - start);
  }
  return {};
}

void remove_all(std::string& text, std::string_view part) {
  if (part.empty()) return;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
}

}  // namespace

TextKind text_kind(bool has_type, std::string_view type, std::string_view mode,
                   std::string_view otherwise) {
  TextKind kind{.type = has_type ? media_type(type) : std::string(otherwise)};
  const bool is_text =
      kind.type.starts_with("text/") || kind.type.ends_with("+xml") || kind.type.ends_with("/xml");
  kind.base64 = lower_ascii(mode) == "base64" || !is_text;
  kind.inline_markup = kind.type == "application/xhtml+xml";
  return kind;
}

std::string mended(std::string_view text) {
  text = trimmed(text);
  if (ascii_end(text, 0) == text.size()) return std::string(text);
  const std::string bytes = single_bytes(text);
  if (!bytes.empty() && is_utf8(bytes)) return without_c1(bytes);
  return without_c1(text);
}

bool looks_like_html(std::string_view text) {
  if (text.find_first_of("<&") == std::string_view::npos) return false;
  bool marked = false;
  return has_only_html_tags(text, marked) && has_only_html_entities(text, marked) && marked;
}

TextValue text_value(std::string_view collected, const TextKind& kind, bool guess) {
  std::string_view text = trimmed(collected);
  std::optional<std::string> decoded;
  if (kind.base64) {
    std::string digits;
    for (const char c : text) {
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') digits += c;
    }
    decoded = parse_base64(digits);
    if (decoded && is_utf8(*decoded)) text = *decoded;
  }
  TextValue value{.text = mended(text)};
  const bool plain = kind.type == "text/plain" && !kind.inline_markup;
  value.is_html = kind.type == "text/html" || kind.inline_markup ||
                  !kind.type.starts_with("text/") ||
                  (guess && plain && !kind.base64 && looks_like_html(value.text));
  return value;
}

std::string person_in(std::string_view author) {
  std::string name(trimmed(author));
  const std::string mail(mail_in(name));
  if (mail.empty()) return name;
  remove_all(name, mail);
  for (const std::string_view rest : {"()", "<>", "&lt;&gt;"}) remove_all(name, rest);
  std::string_view left = trimmed(name);
  if (left.starts_with('(')) left.remove_prefix(1);
  if (left.ends_with(')')) left.remove_suffix(1);
  left = trimmed(left);
  return left.empty() ? mail : std::string(left);
}

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace pw::feed
