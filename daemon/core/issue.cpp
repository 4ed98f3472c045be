#include "daemon/core/issue.h"

#include <algorithm>
#include <numeric>

namespace pw {
namespace {

// Letters added, left out, changed, or swapped with their neighbour ("optimal
// string alignment"). Both words are short names.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> above_that(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    above_that.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], above_that[j - 2] + 1);
    }
  }
  return row[b.size()];
}

constexpr std::size_t word_bytes_max = 64;  // a longer word is no typo of a name of ours

}  // namespace

bool has_errors(const Issues& issues) {
  return std::any_of(issues.begin(), issues.end(),
                     [](const Issue& issue) { return issue.level == Issue::Level::error; });
}

std::string print_issue(const Issue& issue) {
  std::string text = issue.file;
  if (issue.line > 0) text += ':' + std::to_string(issue.line);
  if (issue.line > 0 && issue.column > 0) text += ':' + std::to_string(issue.column);
  if (!text.empty()) text += ": ";
  text += issue.level == Issue::Level::error ? "error: " : "warning: ";
  text += issue.message;
  if (!issue.nearest.empty()) text += "; did you mean '" + issue.nearest + "'?";
  return text;
}

std::string nearest_of(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > word_bytes_max) return {};
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return std::string(nearest);
}

}  // namespace pw
