#include "rules/literal.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "rules/code_points.h"

namespace pw::cel {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The character that a one-letter escape stands for, or -1.
int simple_escape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`':
      return c;
    default:
      return -1;
  }
}

class Unescaper {
 public:
  Unescaper(std::string_view body, bool is_bytes) : body_(body), is_bytes_(is_bytes) {}

  bool run(LiteralFault& fault) {
    while (at_ < body_.size()) {
      if (body_[at_] != '\\') {
        out_ += body_[at_++];
        continue;
      }
      const std::size_t start = at_++;
      if (escape()) continue;
      fault.offset = start;
      if (fault.message.empty()) fault.message = message_;
      return false;
    }
    return true;
  }

  std::string take() { return std::move(out_); }

 private:
  bool refuse(const char* message) {
    message_ = message;
    return false;
  }

  bool escape() {
    if (at_ >= body_.size()) return refuse("an escape is cut off");
    const char c = body_[at_];
    if (const int simple = simple_escape(c); simple >= 0) {
      out_ += static_cast<char>(simple);
      ++at_;
      return true;
    }
    if (c >= '0' && c <= '3') return digits(3, 8);
    ++at_;
    if (c == 'x' || c == 'X') return digits(2, 16);
    if (c != 'u' && c != 'U') return refuse("unknown escape; a backslash is written '\\\\'");
    if (is_bytes_) return refuse("bytes have no \\u escapes");
    return digits(c == 'u' ? 4 : 8, 16);
  }

  bool digits(int count, int base) {
    char32_t value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      const int digit = at_ < body_.size() ? hex_value(body_[at_]) : -1;
      if (digit < 0 || digit >= base) return refuse("this escape needs more digits");
      value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
    }
    if (is_bytes_) {
      out_ += static_cast<char>(static_cast<unsigned char>(value));
      return true;
    }
    if (!is_scalar_value(value)) return refuse("no such Unicode character");
    append_code_point(out_, value);
    return true;
  }

  std::string_view body_;
  bool is_bytes_;
  std::size_t at_ = 0;
  std::string out_{};
  const char* message_ = "";
};

}  // namespace

std::optional<std::string> decode_quoted(std::string_view text, bool is_bytes,
                                         LiteralFault& fault) {
  const std::size_t prefix = text.find_first_of("'\"");
  const bool raw = text.substr(0, prefix).find_first_of("rR") != std::string_view::npos;
  const char quote = text[prefix];
  const std::string_view quoted = text.substr(prefix);
  const bool triple = quoted.size() >= 6 && quoted[1] == quote && quoted[2] == quote;
  const std::size_t marks = triple ? 3 : 1;
  const std::string_view body = quoted.substr(marks, quoted.size() - 2 * marks);
  if (raw) return std::string(body);
  Unescaper unescaper(body, is_bytes);
  if (!unescaper.run(fault)) {
    fault.offset += prefix + marks;
    return std::nullopt;
  }
  return unescaper.take();
}

std::optional<std::uint64_t> decode_natural(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> decode_integer(std::string_view text, bool negative) {
  const auto magnitude = decode_natural(text);
  constexpr std::uint64_t int_max = 0x7FFFFFFFFFFFFFFF;
  if (!magnitude || *magnitude > int_max + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

std::optional<double> decode_real(std::string_view text) {
  // strtod, since from_chars does not tell too large from too small.
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (std::isinf(value)) return std::nullopt;
  return value;
}

}  // namespace pw::cel
