// One mistake in a file that a person wrote: configuration, roster or rules.
// Loaders collect all of them before giving up, so that one run of `check`
// shows everything there is to mend.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

struct Issue {
  enum class Level { error, warning };

  std::string file;  // as the operator named it
  int line = 0;      // from 1; 0 when the mistake has no place in the file
  int column = 0;    // from 1, in bytes
  std::string message;
  std::string nearest{};  // the nearest right thing, or empty
  Level level = Level::error;
};

using Issues = std::vector<Issue>;

bool has_errors(const Issues& issues);

// "file:line:column: error: message; did you mean 'nearest'?"
std::string print_issue(const Issue& issue);

// The candidate closest to `word` by edit distance, or empty when none is near
// enough (at most a third of the word's length, at least one) to be a likely typo.
std::string nearest_of(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace pw
