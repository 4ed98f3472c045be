#include "rules/text_search.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace pw::cel {

std::size_t find_first(std::string_view text, std::string_view needle, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (needle.empty()) return from;
  if (needle.size() > text.size() - from) return std::string_view::npos;
  // Most texts do not even have the first letter.
  const void* const start = std::memchr(text.data() + from, needle.front(), text.size() - from);
  if (start == nullptr) return std::string_view::npos;
  from = static_cast<std::size_t>(static_cast<const char*>(start) - text.data());
  // string_view::find is faster on short texts; on long ones only memmem is
  // linear (glibc's two-way search).
  constexpr std::size_t short_text_bytes = 256;
  if (text.size() - from <= short_text_bytes) return text.find(needle, from);
  const void* const hit =
      memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  if (hit == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
}

std::size_t find_last(std::string_view text, std::string_view needle, std::size_t from) {
  if (needle.size() > text.size()) return std::string_view::npos;
  // Backwards, the last one is the first.
  const std::size_t end = std::min(text.size(), from + needle.size());
  const std::string_view head = text.substr(0, end);
  const std::string backwards(head.rbegin(), head.rend());
  const std::string sought(needle.rbegin(), needle.rend());
  const std::size_t at = find_first(backwards, sought);
  if (at == std::string_view::npos) return at;
  return end - at - needle.size();
}

}  // namespace pw::cel
