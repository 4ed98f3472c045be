#include "connectors/web_address.h"

#include <algorithm>
#include <array>

#include "connectors/eight_bytes.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

// Spaces, controls, and what ends an address in markup.
bool is_no_address_byte(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>';
}

bool has_address_bytes_alone(std::string_view text) {
  std::size_t at = 0;
  for (; at + EightBytes::count <= text.size(); at += EightBytes::count) {
    const EightBytes eight(text, at);
    // "<" and ">" differ in one bit alone.
    const bool ends = eight.has('"') || eight.without(0x02).has('<');
    if (ends || eight.has_below(0x21) || eight.has(0x7F)) return false;
  }
  const std::string_view rest = text.substr(at);
  return std::none_of(rest.begin(), rest.end(), is_no_address_byte);
}

int hex_digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit_of(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit_of(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

constexpr std::array<std::string_view, 10> login_words = {
    "login",   "log-in", "log_in", "signin",     "sign-in",
    "sign_in", "sso",    "auth",   "checkpoint", "consent"};

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (percent_decoded(pair.substr(0, equals)) == name) {
      found = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return found;
}

bool is_web_address(std::string_view text) {
  constexpr std::size_t bytes_max = 2048;
  if (text.size() > bytes_max || !equal_ignoring_case(text.substr(0, 4), "http")) return false;
  std::string_view rest = text.substr(4);
  if (rest.starts_with('s') || rest.starts_with('S')) rest.remove_prefix(1);
  if (!rest.starts_with("://") || rest.size() == 3) return false;
  return has_address_bytes_alone(text);
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  std::string_view rest = text;
  std::string_view label;
  int labels = 0;
  while (!rest.empty()) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    label = rest.substr(0, dot);
    if (!is_label(label)) return false;
    ++labels;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  if (text.back() == '.') return false;
  // A last label of digits is an IPv4 address in one of its spellings.
  const bool numeric =
      std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
      label.starts_with("0x");
  return !numeric && (labels >= 2 || text == "localhost");
}

std::string base_address(std::string_view base, std::string_view otherwise, std::string_view host) {
  std::string out(base.empty() ? otherwise : base);
  constexpr std::string_view mark = "{host}";
  for (std::size_t at = out.find(mark); at != std::string::npos;
       at = out.find(mark, at + host.size())) {
    out.replace(at, mark.size(), host);
  }
  while (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

bool is_login_address(std::string_view address) {
  std::string_view path = address.substr(0, std::min(address.find_first_of("?#"), address.size()));
  const std::size_t scheme = path.find("://");
  if (scheme != std::string_view::npos) path.remove_prefix(scheme + 3);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return false;
  path.remove_prefix(slash + 1);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    std::string word = lower_ascii(path.substr(0, end));
    if (const std::size_t dot = word.find('.'); dot != std::string::npos) word.resize(dot);
    if (std::find(login_words.begin(), login_words.end(), word) != login_words.end()) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace pw
