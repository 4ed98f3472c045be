#include "rules/real_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

#include "daemon/core/ascii.h"

namespace pw::cel {
namespace {

// 0.00123 is "-", "123", -3: the value is d.dd times ten to the exponent.
struct Digits {
  std::string sign;
  std::string digits;
  int exponent = 0;
};

// The fewest digits that read back; `value` is finite.
Digits digits_of(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), std::fabs(value),
                                          std::chars_format::scientific);
  const std::string_view written(text.data(), error == std::errc{} ? end : text.data());
  const std::size_t mark = written.find('e');
  Digits found{.sign = std::signbit(value) ? "-" : "", .digits = std::string(written.substr(0, 1))};
  if (mark > 2) found.digits += written.substr(2, mark - 2);
  const std::size_t digits = mark + (written[mark + 1] == '+' ? 2 : 1);
  std::from_chars(written.data() + digits, written.data() + written.size(), found.exponent);
  return found;
}

std::string plain(const Digits& number) {
  const auto count = static_cast<int>(number.digits.size());
  const auto zeros = [](int n) { return std::string(static_cast<std::size_t>(n), '0'); };
  if (number.exponent < 0) return number.sign + "0." + zeros(-number.exponent - 1) + number.digits;
  const int whole = number.exponent + 1;
  if (whole >= count) return number.sign + number.digits + zeros(whole - count);
  const auto point = static_cast<std::size_t>(whole);
  return number.sign + number.digits.substr(0, point) + '.' + number.digits.substr(point);
}

std::string with_exponent(const Digits& number) {
  std::string text = number.sign + number.digits.substr(0, 1);
  if (number.digits.size() > 1) text += '.' + number.digits.substr(1);
  const std::string exponent = std::to_string(std::abs(number.exponent));
  text += number.exponent < 0 ? "e-" : "e+";
  return text + (exponent.size() < 2 ? "0" : "") + exponent;
}

std::string either(double value, int exponent_end) {
  const Digits number = digits_of(value);
  const bool small = number.exponent >= -4 && number.exponent < exponent_end;
  return small ? plain(number) : with_exponent(number);
}

std::string named(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Infinity" : "Infinity";
}

// A number without its sign: "12", "1.5", ".5", "5.", "1e-3".
bool is_decimal(std::string_view text) {
  std::size_t at = 0;
  std::size_t digits = 0;
  const auto skip = [&](std::size_t& count) {
    for (; at < text.size() && is_digit(text[at]); ++at) ++count;
  };
  skip(digits);
  if (at < text.size() && text[at] == '.') {
    ++at;
    skip(digits);
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  std::size_t exponent = 0;
  skip(exponent);
  return exponent > 0 && at == text.size();
}

bool is_hexadecimal(std::string_view text) {
  const bool marked = text.starts_with("0x") || text.starts_with("0X");
  return marked && text.find_first_of("pP") != std::string_view::npos;
}

bool same_letters(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::string print_general(double value) {
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  return std::isnan(value) ? "NaN" : either(value, 6);
}

std::string print_plain(double value) {
  return std::isfinite(value) ? plain(digits_of(value)) : named(value);
}

std::string print_real(double value) {
  return std::isfinite(value) ? either(value, 21) : named(value);
}

std::optional<double> parse_real(std::string_view text) {
  constexpr std::size_t text_bytes_max = 400;
  if (text.empty() || text.size() > text_bytes_max) return std::nullopt;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  const double sign = negative ? -1.0 : 1.0;
  if (same_letters(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  if (same_letters(text, "inf") || same_letters(text, "infinity")) {
    return sign * std::numeric_limits<double>::infinity();
  }
  if (!is_decimal(text) && !is_hexadecimal(text)) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || std::isinf(value)) return std::nullopt;
  return sign * value;
}

}  // namespace pw::cel
