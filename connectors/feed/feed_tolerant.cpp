#include "connectors/feed/feed_tolerant.h"

#include <algorithm>
#include <charconv>

#include "connectors/plain_text.h"
#include "connectors/utf8.h"

namespace pw::feed {
namespace {

// A quoted value longer than this has lost its end quote.
constexpr std::size_t tolerant_value_bytes_max = 8 * 1024;
constexpr std::size_t attributes_max = 64;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

bool is_name_byte(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

class Tolerant {
 public:
  Tolerant(std::string_view text, const Entities& entities, FeedReader& reader)
      : text_(text), entities_(entities), reader_(reader) {}

  int read() {
    while (at_ < text_.size()) {
      const std::size_t tag = std::min(text_.find('<', at_), text_.size());
      if (tag > at_) reader_.text(expanded(text_.substr(at_, tag - at_)));
      at_ = tag;
      if (at_ < text_.size()) read_tag();
    }
    return repairs_;
  }

 private:
  bool here(std::string_view word) const { return text_.compare(at_, word.size(), word) == 0; }

  // Moves behind `mark`, or to the end where there is none.
  std::string_view until(std::string_view mark) {
    const std::size_t end = text_.find(mark, at_);
    if (end == std::string_view::npos) ++repairs_;
    const std::string_view inside = text_.substr(at_, std::min(end, text_.size()) - at_);
    at_ = end == std::string_view::npos ? text_.size() : end + mark.size();
    return inside;
  }

  void read_tag() {
    if (here("<!--")) {
      at_ += 4;
      until("-->");
    } else if (here("<![CDATA[")) {
      at_ += 9;
      reader_.text(without_controls(until("]]>")));
    } else if (here("<?") || (here("<!") && is_declaration())) {
      until(">");
    } else if (here("</")) {
      read_end_tag();
    } else if (!read_start_tag()) {
      ++repairs_;
      ++at_;
      reader_.text("<");
    }
  }

  bool is_declaration() const {
    return at_ + 2 < text_.size() && (is_name_start(text_[at_ + 2]) || text_[at_ + 2] == '[');
  }

  void read_end_tag() {
    const std::size_t name_at = at_ + 2;
    std::size_t end = name_at;
    while (end < text_.size() && is_name_byte(text_[end])) ++end;
    const std::string_view name = text_.substr(name_at, end - name_at);
    while (end < text_.size() && is_space(text_[end])) ++end;
    if (end < text_.size() && text_[end] == '>') {
      ++end;
    } else {
      ++repairs_;
    }
    at_ = end;
    if (!name.empty()) reader_.end(name);
  }

  // False when what stands here is no tag.
  bool read_start_tag() {
    std::size_t at = at_ + 1;
    if (at >= text_.size() || !is_name_start(text_[at])) return false;
    std::size_t end = at;
    while (end < text_.size() && is_name_byte(text_[end])) ++end;
    const std::string_view name = text_.substr(at, end - at);
    std::vector<std::pair<std::string_view, std::string>> values;
    at = end;
    while (read_attribute(at, values)) {
    }
    const bool is_empty = at < text_.size() && text_[at] == '/';
    if (is_empty) ++at;
    if (at < text_.size() && text_[at] == '>') {
      ++at;
    } else {
      ++repairs_;
    }
    at_ = std::min(at, text_.size());
    std::vector<Attribute> attributes;
    for (const auto& [key, value] : values) attributes.push_back({key, value});
    reader_.start(name, attributes);
    if (is_empty) reader_.end(name);
    return true;
  }

  // Moves `at` behind one attribute; false at the end of the tag.
  bool read_attribute(std::size_t& at,
                      std::vector<std::pair<std::string_view, std::string>>& values) {
    while (at < text_.size() && is_space(text_[at])) ++at;
    if (at >= text_.size() || text_[at] == '>' || text_[at] == '<') return false;
    if (text_[at] == '/' && at + 1 < text_.size() && text_[at + 1] == '>') return false;
    if (!is_name_start(text_[at])) {
      ++repairs_;
      ++at;
      return true;
    }
    std::size_t end = at;
    while (end < text_.size() && is_name_byte(text_[end])) ++end;
    const std::string_view name = text_.substr(at, end - at);
    at = end;
    while (end < text_.size() && is_space(text_[end])) ++end;
    std::string value;
    if (end < text_.size() && text_[end] == '=') {
      at = end + 1;
      while (at < text_.size() && is_space(text_[at])) ++at;
      value = expanded(read_value(at));
    }
    if (values.size() < attributes_max) values.emplace_back(name, std::move(value));
    return true;
  }

  std::string_view read_value(std::size_t& at) {
    if (at >= text_.size()) return {};
    const char quote = text_[at];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = text_.substr(0, at + tolerant_value_bytes_max).find(quote, at + 1);
      if (end != std::string_view::npos) {
        const std::string_view value = text_.substr(at + 1, end - at - 1);
        at = end + 1;
        return value;
      }
      ++at;
    }
    ++repairs_;
    const std::size_t start = at;
    while (at < text_.size() && !is_space(text_[at]) && text_[at] != '>' && text_[at] != '<') ++at;
    return text_.substr(start, at - start);
  }

  // The text with its references expanded, and without controls.
  std::string expanded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t amp = std::min(text.find('&', at), text.size());
      out += text.substr(at, amp - at);
      at = amp;
      if (at < text.size()) at += expand_one(text.substr(at), out);
    }
    return without_controls(out);
  }

  // Appends what the reference at the start of `text` means; returns its length.
  std::size_t expand_one(std::string_view text, std::string& out) {
    constexpr std::size_t reference_bytes_max = 40;
    const std::size_t end = text.substr(0, reference_bytes_max).find(';');
    if (end != std::string_view::npos) {
      const std::string_view name = text.substr(1, end - 1);
      const std::string value = name.starts_with('#') ? character(name.substr(1)) : entity(name);
      if (!value.empty()) {
        out += value;
        return end + 1;
      }
    }
    ++repairs_;
    out += '&';
    return 1;
  }

  std::string entity(std::string_view name) const {
    for (const auto& [known, value] : entities_) {
      if (known != name) continue;
      if (value.starts_with("&#") && value.size() > 3) {
        return character(std::string_view(value).substr(2, value.size() - 3));
      }
      return value;
    }
    if (name == "amp") return "&";
    if (name == "lt") return "<";
    if (name == "gt") return ">";
    if (name == "quot") return "\"";
    if (name == "apos") return "'";
    return html_entity(name);
  }

  static std::string character(std::string_view digits) {
    const bool hex = digits.starts_with('x') || digits.starts_with('X');
    if (hex) digits.remove_prefix(1);
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size()) return {};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value == 0 || value > 0x10FFFF || surrogate) return "\xEF\xBF\xBD";
    std::string out;
    append_utf8(out, value);
    return out;
  }

  std::string_view text_;
  const Entities& entities_;
  FeedReader& reader_;
  std::size_t at_ = 0;
  int repairs_ = 0;
};

}  // namespace

int read_tolerantly(std::string_view text, const Entities& entities, FeedReader& reader) {
  return Tolerant(text, entities, reader).read();
}

}  // namespace pw::feed
