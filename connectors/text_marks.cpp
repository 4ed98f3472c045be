#include "connectors/text_marks.h"

#include <algorithm>
#include <array>

#include "connectors/text_form.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::size_t mark_bytes_max = 256;
bool is_alnum(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
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
  return is_word_character(c) || c == '/' || c == '&' || c == '@' || c == '#';
}

// What begins a hashtag: "#", and the wide ones that East Asian keyboards write
// (UAX #31, section 6). A text may be full of one and without the others, so that
// each is looked for from where it was found last.
class HashSigns {
 public:
  explicit HashSigns(std::string_view text) : text_(text) {
    const bool has_wide = text.find('\xEF') != std::string_view::npos;
    for (Sign& sign : signs_) {
      if (has_wide || sign.bytes.size() == 1) sign.at = text.find(sign.bytes);
    }
  }

  // The first one that has not been given; empty at the end of the text.
  std::string_view next() {
    Sign& first = *std::min_element(signs_.begin(), signs_.end(),
                                    [](const Sign& a, const Sign& b) { return a.at < b.at; });
    if (first.at == std::string_view::npos) return {};
    const std::string_view found = text_.substr(first.at, first.bytes.size());
    first.at = text_.find(first.bytes, first.at + first.bytes.size());
    return found;
  }

 private:
  struct Sign {
    std::string_view bytes;
    std::size_t at = std::string_view::npos;
  };

  std::string_view text_;
  std::array<Sign, 3> signs_{{{"#"}, {"\uFF03"}, {"\uFE5F"}}};
};

std::string_view tag_at(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  bool has_letter = false;
  while (at < text.size() && at - start < mark_bytes_max) {
    const CodePoint c = code_point_at(text, at);
    if (!is_word_character(c.value)) break;
    has_letter = has_letter || is_letter(c.value);
    at += c.bytes;
  }
  return has_letter ? text.substr(start, at - start) : std::string_view{};
}

std::string_view name_at(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  while (at < text.size() && at - start < mark_bytes_max && is_mention_part(text[at])) ++at;
  std::string_view name = text.substr(start, at - start);
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.remove_suffix(1);
  return name;
}

constexpr std::size_t link_bytes_max = 2048;

// Quotes, brackets and stops that end an address in running text, of Latin and of
// East Asian writing.
bool ends_link(char32_t c) {
  if (c < 0x80) return c <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>';
  constexpr std::u32string_view ends =
      U"\u00A0\u00AB\u00BB\u201C\u201D\u201E\u2028\u2029\u202F\u205F\u3000\u3001\u3002\u300C"
      U"\u300D\u300E\u300F\u3010\u3011\uFF08\uFF09\uFF0C\uFF01\uFF1F";
  return (c >= 0x2000 && c <= 0x200B) || ends.find(c) != std::u32string_view::npos;
}

std::size_t link_end(std::string_view text, std::size_t at) {
  const std::size_t limit = std::min(text.size(), at + link_bytes_max);
  while (at < limit) {
    const CodePoint c = code_point_at(text, at);
    if (ends_link(c.value)) break;
    at += c.bytes;
  }
  return std::min(at, text.size());
}

// Without the punctuation of the sentence around it; a ")" stays where the
// address has its "(".
std::string_view without_end_marks(std::string_view link) {
  while (!link.empty()) {
    const char last = link.back();
    if (std::string_view(".,;:!?)]}'*").find(last) == std::string_view::npos) break;
    if (last == ')' &&
        std::count(link.begin(), link.end(), '(') >= std::count(link.begin(), link.end(), ')')) {
      break;
    }
    link.remove_suffix(1);
  }
  return link;
}

}  // namespace

void add_mark(std::vector<std::string>& marks, std::string item) {
  if (item.empty() || marks.size() >= marks_max) return;
  if (std::find(marks.begin(), marks.end(), item) == marks.end()) marks.push_back(std::move(item));
}

std::vector<std::string> hashtags_in(std::string_view text) {
  std::vector<std::string> tags;
  HashSigns signs(text);
  for (std::string_view sign = signs.next(); !sign.empty(); sign = signs.next()) {
    if (tags.size() >= marks_max) break;
    const auto at = static_cast<std::size_t>(sign.data() - text.data());
    if (!glued(text, at)) add_mark(tags, std::string(tag_at(text, at + sign.size())));
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
    const std::string_view link = without_end_marks(text.substr(start, link_end(text, at) - start));
    if (is_web_address(link)) add_mark(links, std::string(link));
  }
  return links;
}

}  // namespace pw
