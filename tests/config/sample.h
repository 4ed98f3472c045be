// What the tests of this folder load: a complete campaign file, secrets in
// memory, and issues as the lines an operator reads.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"

namespace pw::sample {

inline constexpr std::array<std::string_view, 4> connectors = {"instagram", "mastodon", "bluesky",
                                                               "feed"};

// Every secret exists except those called "absent"; "short" has seven bytes.
Result<std::string> read_secret(const SecretName& secret);

struct Loaded {
  std::optional<Config> config;
  std::string issues;  // one line each
};
Loaded load(std::string_view text, std::string_view file = "c.yaml");

std::string print(const Issues& issues);

// A file without mistakes and without warnings, and the same with one piece
// replaced, which must occur exactly once.
std::string campaign();
std::string campaign_with(std::string_view piece, std::string_view replacement);

// A block of mistakes.txt.
struct Mistake {
  std::string piece;
  std::string replacement;
  std::string lines;
};
std::vector<Mistake> mistakes(const std::string& path);

// The content of a file in the source tree.
std::string read(const std::string& path);

}  // namespace pw::sample
