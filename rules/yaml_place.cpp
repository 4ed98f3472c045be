#include "rules/yaml_place.h"

#include <algorithm>

#include "rules/code_points.h"

namespace pw {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Walks through the file and the value at once, noting where they part.
class Aligner {
 public:
  Aligner(std::string_view text, std::size_t offset, cel::Spot spot, std::string_view value)
      : text_(text), value_(value), at_(std::min(offset, text.size())), spot_(spot) {}

  std::vector<cel::Stretch> run() {
    skip_properties();
    const char style = peek();
    const bool block = style == '|' || style == '>';
    const bool quoted = style == '"' || style == '\'';
    if (block) skip_line();
    if (quoted) advance(1);
    if (block) skip_blanks();
    if (block) skip_value_blanks();
    while (in_ < value_.size() && at_ < text_.size()) {
      if (!step(quoted ? style : '\0')) break;
    }
    if (stretches_.empty()) note();
    return std::move(stretches_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void advance(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      ++spot_.column;
      if (text_[at_] == '\n') spot_ = {spot_.line + 1, 1};
    }
  }
  void skip_line() {
    while (at_ < text_.size() && peek() != '\n') advance(1);
    advance(1);
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(peek())) advance(1);
  }
  void skip_value_blanks() {
    while (in_ < value_.size() && is_blank(value_[in_])) ++in_;
  }
  // An anchor or a tag before the scalar itself.
  void skip_properties() {
    while (peek() == '&' || peek() == '!') {
      while (at_ < text_.size() && !is_blank(peek())) advance(1);
      skip_blanks();
    }
  }

  void note() {
    stretches_.push_back({static_cast<std::uint32_t>(in_), spot_});
    expected_ = at_;
  }

  // One character of the value; false when the two no longer agree.
  bool step(char quote) {
    if (quote == '"' && peek() == '\\') return escape();
    if (peek() == '\n' || peek() == '\r' ||
        (is_blank(peek()) && is_blank(value_[in_]) && peek() != value_[in_])) {
      skip_blanks();
      skip_value_blanks();
      return true;
    }
    if (peek() != value_[in_]) return false;
    if (at_ != expected_ || stretches_.empty()) note();
    const bool doubled = quote == '\'' && peek() == '\'';
    advance(doubled ? 2 : 1);
    ++in_;
    expected_ = doubled ? std::string_view::npos : at_;
    return true;
  }

  // In double quotes: \n, \x41, \u263A, or a line's end that is not there.
  bool escape() {
    const char kind = peek(1);
    if (kind == '\n' || kind == '\r') {
      advance(1);
      skip_blanks();
      return true;
    }
    note();
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    advance(2 + digits);
    in_ += cel::code_point_at(value_, in_).bytes;
    expected_ = std::string_view::npos;
    return true;
  }

  std::string_view text_;
  std::string_view value_;
  std::size_t at_;
  std::size_t in_ = 0;  // the next byte of the value
  std::size_t expected_ = std::string_view::npos;
  cel::Spot spot_;
  std::vector<cel::Stretch> stretches_{};
};

}  // namespace

cel::Place place_of_scalar(std::string file, std::string_view text, std::size_t offset,
                           cel::Spot spot, std::string_view value) {
  return {std::move(file), Aligner(text, offset, spot, value).run()};
}

}  // namespace pw
