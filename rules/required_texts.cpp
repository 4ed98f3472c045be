#include "rules/required_texts.h"

#include <re2/filtered_re2.h>

#include <algorithm>

#include "rules/code_points.h"

namespace pw::cel {
namespace {

constexpr int text_bytes_min = 3;
constexpr std::size_t window_bytes_max = 32;
// More are not worth the search.
constexpr std::size_t candidates_max = 64;
constexpr std::size_t texts_max = 16;
// So many near misses, and the pattern itself decides.
constexpr int misses_max = 32;

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The same for both cases of a letter.
std::uint8_t slot_of(char a, char b) {
  const auto fold = [](char c) {
    return static_cast<unsigned>(static_cast<unsigned char>(c)) | 32;
  };
  return static_cast<std::uint8_t>(fold(a) ^ (fold(b) << 3));
}

// RE2 tells a formula of "and" and "or" over texts by its answers alone. The
// longest texts are kept of which at least one must be there.
std::vector<std::string> required(const re2::FilteredRE2& filter,
                                  const std::vector<std::string>& candidates) {
  std::vector<std::size_t> order(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return candidates[a].size() < candidates[b].size();
  });
  const auto may_match = [&](const std::vector<int>& present) {
    std::vector<int> passed;
    filter.AllPotentials(present, &passed);
    return !passed.empty();
  };
  std::vector<int> given;
  std::vector<std::string> kept;
  if (may_match(given)) return kept;
  for (const std::size_t i : order) {
    given.push_back(static_cast<int>(i));
    if (!may_match(given)) continue;
    given.pop_back();
    kept.push_back(candidates[i]);
  }
  return kept;
}

}  // namespace

RequiredTexts::RequiredTexts(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  re2::FilteredRE2 filter(text_bytes_min);
  int number = 0;
  if (filter.Add(pattern, options, &number) != re2::RE2::NoError) return;
  std::vector<std::string> candidates;
  filter.Compile(&candidates);
  if (candidates.empty() || candidates.size() > candidates_max) return;
  texts_ = required(filter, candidates);
  if (!texts_.empty() && texts_.size() <= texts_max) prepare();
}

void RequiredTexts::prepare() {
  window_ = window_bytes_max;
  for (const std::string& text : texts_) window_ = std::min(window_, text.size());
  shifts_.fill(static_cast<std::uint8_t>(window_ - 1));
  for (const std::string& text : texts_) {
    for (std::size_t i = 1; i < window_; ++i) {
      std::uint8_t& shift = shifts_[slot_of(text[i - 1], text[i])];
      shift = std::min(shift, static_cast<std::uint8_t>(window_ - 1 - i));
    }
  }
}

bool RequiredTexts::stands_at(std::string_view text, std::size_t at) const {
  const std::string_view rest = text.substr(at);
  return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& wanted) {
    return rest.size() >= wanted.size() &&
           std::equal(wanted.begin(), wanted.end(), rest.begin(),
                      [](char a, char b) { return a == lowered(b); });
  });
}

bool RequiredTexts::may_match(std::string_view text) const {
  if (window_ == 0 || !is_ascii(text)) return true;
  int misses = 0;
  for (std::size_t end = window_; end <= text.size();) {
    const std::uint8_t shift = shifts_[slot_of(text[end - 2], text[end - 1])];
    end += shift;
    if (shift > 0) continue;
    if (stands_at(text, end - window_) || ++misses > misses_max) return true;
    ++end;
  }
  return false;
}

}  // namespace pw::cel
