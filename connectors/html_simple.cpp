#include "connectors/html_simple.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>
#include <vector>

#include "connectors/eight_bytes.h"
#include "connectors/plain_text.h"
#include "connectors/utf8.h"
#include "daemon/core/ascii.h"

namespace pw {
namespace {

// Deeper nesting is left to the tree.
constexpr std::size_t simple_depth_max = 8;
constexpr std::size_t entities_kept_max = 512;

constexpr std::array<std::string_view, 12> look_names = {
    "b", "strong", "i", "em", "u", "s", "small", "span", "code", "sub", "sup", "abbr"};

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// Controls, noncharacters and whatever else a parser of HTML treats in a way of
// its own.
bool is_plain(std::string_view html) {
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (i + EightBytes::count <= html.size()) {
      const EightBytes eight(html, i);
      if (!eight.has_beyond_ascii() && !eight.has_below(0x20) && !eight.has(0x7F)) {
        i += EightBytes::count - 1;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(html[i]);
    if (byte < 0x80) {
      if (byte < 0x20 ? !is_space(html[i]) : byte == 0x7F) return false;
      continue;
    }
    const auto at = [&](std::size_t offset) {
      return i + offset < html.size() ? static_cast<unsigned char>(html[i + offset]) : 0;
    };
    if (byte == 0xEF || (byte == 0xC2 && at(1) < 0xA0)) return false;
    if (byte >= 0xF0 && at(2) == 0xBF && at(3) >= 0xBE) return false;
  }
  return true;
}

bool is_plain_number(std::uint32_t c) {
  return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFDCF) ||
         (c >= 0xFDF0 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE);
}

// The same few names come again and again.
const std::string& known_entity(std::string_view name) {
  thread_local std::unordered_map<std::string, std::string> known;
  if (known.size() >= entities_kept_max) known.clear();
  const auto [it, is_new] = known.try_emplace(std::string(name));
  if (is_new) it->second = html_entity(name);
  return it->second;
}

class SimpleHtml {
 public:
  SimpleHtml(std::string_view html, HtmlSink& sink) : html_(html), sink_(sink) {}

  bool read() {
    while (at_ < html_.size()) {
      if (html_[at_] == '<' ? !read_tag() : !read_text()) return false;
    }
    return open_.empty();
  }

 private:
  struct Attributes {
    std::string classes;
    std::string rel;
    std::string href;
  };
  struct Element {
    std::string name;
    Attributes attributes;
  };

  bool has(char c) const { return at_ < html_.size() && html_[at_] == c; }
  void skip_space() {
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
  }

  // In lower case; empty where there is none.
  std::string read_name() {
    std::string name;
    for (; at_ < html_.size(); ++at_) {
      const char c = html_[at_];
      const bool fits = is_letter(c) || (!name.empty() && (is_digit(c) || c == '-' || c == '_'));
      if (!fits) break;
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return name;
  }

  bool read_text() {
    buffer_.clear();
    while (at_ < html_.size() && html_[at_] != '<') {
      if (html_[at_] == '&') {
        if (!read_reference(/*in_attribute=*/false)) return false;
        continue;
      }
      const std::size_t start = at_;
      while (at_ < html_.size() && html_[at_] != '<' && html_[at_] != '&') ++at_;
      buffer_.append(html_, start, at_ - start);
    }
    sink_.text(buffer_);
    return true;
  }

  // Appends what the reference at `at_` means to the buffer.
  bool read_reference(bool in_attribute) {
    const std::size_t start = at_ + 1;
    if (start < html_.size() && html_[start] == '#') return read_number(start + 1);
    std::size_t end = start;
    while (end < html_.size() && (is_letter(html_[end]) || is_digit(html_[end]))) ++end;
    const char after = end < html_.size() ? html_[end] : '\0';
    const bool stands_alone = end == start && (is_space(after) || end == html_.size());
    // "?a=1&b=2": what ends in '=' is never a reference there (13.2.5.73).
    if (stands_alone || (in_attribute && end > start && after == '=')) {
      buffer_ += '&';
      at_ = start;
      return true;
    }
    if (end == start || after != ';') return false;
    const std::string& meant = known_entity(html_.substr(start, end - start));
    buffer_ += meant;
    at_ = end + 1;
    return !meant.empty();
  }

  bool read_number(std::size_t start) {
    const bool is_hex = start < html_.size() && (html_[start] == 'x' || html_[start] == 'X');
    if (is_hex) ++start;
    std::uint32_t number = 0;
    const char* const first = html_.data() + start;
    const auto [end, error] =
        std::from_chars(first, html_.data() + html_.size(), number, is_hex ? 16 : 10);
    const auto after = static_cast<std::size_t>(end - html_.data());
    const bool whole = error == std::errc{} && after < html_.size() && html_[after] == ';';
    if (!whole || !is_plain_number(number)) return false;
    append_utf8(buffer_, static_cast<char32_t>(number));
    at_ = after + 1;
    return true;
  }

  bool read_tag() {
    ++at_;
    if (has('/')) {
      ++at_;
      return read_end_tag();
    }
    Element element{read_name(), {}};
    if (element.name.empty() || !read_attributes(element.attributes)) return false;
    const bool closed = has('/');
    if (closed) ++at_;
    if (!has('>')) return false;
    ++at_;
    return open(std::move(element), closed);
  }

  bool read_end_tag() {
    const std::string name = read_name();
    skip_space();
    if (!has('>') || open_.empty() || open_.back().name != name) return false;
    ++at_;
    if (name == "p") sink_.break_line();
    const Attributes& attributes = open_.back().attributes;
    if (name == "a") sink_.close_link(attributes.classes, attributes.rel, attributes.href);
    open_.pop_back();
    return true;
  }

  bool open(Element element, bool closed) {
    const std::string& name = element.name;
    if (name == "br") {
      sink_.break_line();
      return true;
    }
    if (name == "img" || name == "wbr") return true;
    if (closed || open_.size() >= simple_depth_max) return false;
    const bool in_link =
        std::any_of(open_.begin(), open_.end(), [](const Element& e) { return e.name == "a"; });
    const bool is_look = std::find(look_names.begin(), look_names.end(), name) != look_names.end();
    if (name == "p" && open_.empty()) {
      sink_.break_line();
    } else if (name == "a" && !in_link) {
      sink_.open_link();
    } else if (!is_look) {
      return false;
    }
    open_.push_back(std::move(element));
    return true;
  }

  // Up to the tag's end; the first of each name counts.
  bool read_attributes(Attributes& attributes) {
    std::vector<std::string> names;
    for (;;) {
      const std::size_t before = at_;
      skip_space();
      if (has('>') || has('/')) return true;
      if (at_ == before) return false;
      std::string name = read_name();
      if (name.empty() || !read_value()) return false;
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      if (name == "class") attributes.classes = buffer_;
      if (name == "rel") attributes.rel = buffer_;
      if (name == "href") attributes.href = buffer_;
      names.push_back(std::move(name));
    }
  }

  // Into the buffer; in quotes alone.
  bool read_value() {
    buffer_.clear();
    if (!has('=')) return false;
    ++at_;
    if (!has('"') && !has('\'')) return false;
    const char quote = html_[at_++];
    while (at_ < html_.size() && html_[at_] != quote) {
      if (html_[at_] == '&') {
        if (!read_reference(/*in_attribute=*/true)) return false;
      } else {
        const std::size_t start = at_;
        while (at_ < html_.size() && html_[at_] != quote && html_[at_] != '&') ++at_;
        buffer_.append(html_, start, at_ - start);
      }
    }
    if (!has(quote)) return false;
    ++at_;
    return true;
  }

  std::string_view html_;
  HtmlSink& sink_;
  std::size_t at_ = 0;
  std::vector<Element> open_;
  std::string buffer_;
};

}  // namespace

bool read_simple_html(std::string_view html, HtmlSink& sink) {
  return is_plain(html) && SimpleHtml(html, sink).read();
}

}  // namespace pw
