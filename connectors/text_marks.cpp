#include "connectors/text_marks.h"

#include <algorithm>

#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::size_t mark_bytes_max = 256;

bool is_alnum(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Letters, digits and marks. Beyond ASCII everything counts except the blocks
// that hold punctuation, symbols, spaces and pictures.
bool is_word(char32_t c) {
  if (c < 0x80) return is_alnum(c) || c == '_';
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xB7 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;
  if (c == 0x200C || c == 0x200D) return true;  // joiners, within words of several scripts
  if (c >= 0x2000 && c <= 0x2BFF) return false;
  if (c >= 0x3000 && c <= 0x3020) return c == 0x3005 || c == 0x3006 || c == 0x3007;
  if (c == 0x30FB || (c >= 0xFE10 && c <= 0xFE6F)) return false;
  if (c >= 0xFF00 && c <= 0xFFEF) {
    return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || c == 0xFF3F ||
           (c >= 0xFF41 && c <= 0xFF5A) || (c >= 0xFF66 && c <= 0xFFDC);
  }
  return c < 0x1F000 || c >= 0x20000;
}

bool is_mention_part(char c) {
  return is_alnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
}

// Whether what ends just before `at` is inside a word, an address or an entity.
bool glued(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t before = at - 1;
  while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
  const char32_t c = code_point_at(text, before).value;
  return is_word(c) || c == '/' || c == '&' || c == '@' || c == '#';
}

std::string_view tag_at(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  bool digits_only = true;
  while (at < text.size() && at - start < mark_bytes_max) {
    const CodePoint c = code_point_at(text, at);
    if (!is_word(c.value)) break;
    digits_only = digits_only && c.value >= '0' && c.value <= '9';
    at += c.bytes;
  }
  return digits_only ? std::string_view{} : text.substr(start, at - start);
}

std::string_view name_at(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  while (at < text.size() && at - start < mark_bytes_max && is_mention_part(text[at])) ++at;
  std::string_view name = text.substr(start, at - start);
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.remove_suffix(1);
  return name;
}

}  // namespace

void add_mark(std::vector<std::string>& marks, std::string item) {
  if (item.empty() || marks.size() >= marks_max) return;
  if (std::find(marks.begin(), marks.end(), item) == marks.end()) marks.push_back(std::move(item));
}

std::vector<std::string> hashtags_in(std::string_view text) {
  std::vector<std::string> tags;
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (tags.size() >= marks_max) break;
    if (!glued(text, at)) add_mark(tags, std::string(tag_at(text, at + 1)));
  }
  return tags;
}

std::vector<std::string> mentions_in(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (names.size() >= marks_max) break;
    if (glued(text, at)) continue;
    std::string name(name_at(text, at + 1));
    const std::size_t end = at + 1 + name.size();
    if (!name.empty() && end < text.size() && text[end] == '@') {
      const std::string_view host = name_at(text, end + 1);
      if (!host.empty()) name += '@' + std::string(host);
    }
    add_mark(names, std::move(name));
  }
  return names;
}

std::vector<std::string> links_in(std::string_view text) {
  constexpr std::string_view mark = "://";
  std::vector<std::string> links;
  for (std::size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + 1)) {
    if (links.size() >= marks_max) break;
    std::size_t start = at;
    while (start > 0 && at - start < 5 && is_alnum(static_cast<unsigned char>(text[start - 1]))) {
      --start;
    }
    if (start + 4 == at - 1 && !equal_ignoring_case(text.substr(start, 5), "https")) ++start;
    const std::size_t end = text.find_first_of(" \t\n\r\"<>", at);
    std::string_view link = text.substr(start, std::min(end, text.size()) - start);
    if (link.size() > 2048) continue;
    while (!link.empty() &&
           std::string_view(".,;:!?)]}'*").find(link.back()) != std::string_view::npos) {
      link.remove_suffix(1);
    }
    if (is_web_address(link)) add_mark(links, std::string(link));
  }
  return links;
}

}  // namespace pw
