#include "config/misnamed.h"

#include <algorithm>
#include <utility>

#include "config/text.h"
#include "daemon/core/issue.h"

namespace pw {
namespace {

constexpr std::size_t word_bytes_max = 64;

// nearest_of counts an exchange as two changes, which is too far for short words.
std::string nearest_by_exchange(std::string_view word, std::span<const std::string_view> names) {
  if (word.size() > word_bytes_max) return {};
  std::string other(word);
  for (std::size_t i = 1; i < other.size(); ++i) {
    std::swap(other[i - 1], other[i]);
    if (std::find(names.begin(), names.end(), other) != names.end()) return other;
    std::swap(other[i - 1], other[i]);
  }
  return {};
}

}  // namespace

Misnamed misnamed(std::string_view what, std::string_view word,
                  std::span<const std::string_view> names, std::string_view where) {
  Misnamed found{
      .message = "unknown " + std::string(what) + ' ' + in_quotes(word) + std::string(where),
      .nearest = nearest_of(word, names)};
  if (found.nearest.empty()) found.nearest = nearest_by_exchange(word, names);
  if (!found.nearest.empty() || names.empty()) return found;
  found.message += "; known: ";
  for (std::size_t i = 0; i < names.size(); ++i)
    found.message.append(i == 0 ? "" : ", ").append(names[i]);
  return found;
}

}  // namespace pw
