#include "daemon/web/target.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "daemon/core/utf8.h"

namespace pw {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing when a percent sign is followed by anything but two digits.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

bool is_segment(std::string_view text) {
  if (text.empty() || text == "." || text == "..") return false;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f' && c != '/' && c != '\\';
  });
  return plain && is_utf8(text);
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<std::string_view> WebTarget::find(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    if (field.empty()) continue;
    if (fields.size() == fields_max) return std::nullopt;
    const std::size_t equals = std::min(field.find('='), field.size());
    auto name = decoded(field.substr(0, equals), /*plus_is_space=*/true);
    auto value = decoded(field.substr(std::min(equals + 1, field.size())), /*plus_is_space=*/true);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) return std::nullopt;
    fields.emplace_back(*std::move(name), *std::move(value));
  }
  return fields;
}

std::optional<WebTarget> parse_web_target(std::string_view target) {
  if (target.size() > target_bytes_max || !target.starts_with('/') || !is_visible(target))
    return std::nullopt;
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  WebTarget parsed;
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(1, mark - 1);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = decoded(path.substr(0, end), /*plus_is_space=*/false);
    if (!segment || !is_segment(*segment)) return std::nullopt;
    parsed.segments.push_back(*std::move(segment));
    if (end + 1 == path.size()) return std::nullopt;  // a slash at the end
    path.remove_prefix(std::min(path.size(), end + 1));
  }
  auto query = parse_form(target.substr(std::min(target.size(), mark + 1)));
  if (!query) return std::nullopt;
  parsed.query = *std::move(query);
  return parsed;
}

std::string encode_query(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
    if (unreserved) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t most) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

}  // namespace pw
