#include "daemon/store/text_list.h"

#include <charconv>

namespace pw {

std::string encode_text_list(const std::vector<std::string>& texts) {
  std::string bytes;
  std::size_t size = 0;
  for (const std::string& text : texts) size += text.size() + 6;  // digits and the colon
  bytes.reserve(size);
  for (const std::string& text : texts) {
    bytes += std::to_string(text.size());
    bytes += ':';
    bytes += text;
  }
  return bytes;
}

std::optional<std::vector<std::string>> decode_text_list(std::string_view bytes) {
  std::vector<std::string> texts;
  while (!bytes.empty()) {
    std::size_t size = 0;
    const auto [end, failed] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size);
    const auto digits = static_cast<std::size_t>(end - bytes.data());
    if (failed != std::errc{} || digits == bytes.size() || *end != ':') return std::nullopt;
    if (digits > 1 && bytes.front() == '0') return std::nullopt;
    bytes.remove_prefix(digits + 1);
    if (size > bytes.size()) return std::nullopt;
    texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return texts;
}

}  // namespace pw
