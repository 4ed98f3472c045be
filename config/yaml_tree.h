// A YAML or JSON document as a tree that keeps where everything stands, read
// whole or not at all. yaml-cpp parses; the tree is ours, since its own keeps
// the last of two equal keys without a word and follows aliases without bound.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/issue.h"

namespace pw {

struct YamlNode;

// One pair of a map, or one element of a list (then without a key).
struct YamlEntry {
  std::string key{};
  int line = 0;  // of the key, or of the element
  int column = 0;
  const YamlNode* value = nullptr;  // owned by the tree; never null
};

struct YamlNode {
  enum class Kind { nothing, text, list, map };

  Kind kind = Kind::nothing;
  std::string text{};  // scalars: as written, without its quotes
  bool is_quoted = false;
  int line = 0;  // from 1; of a scalar's first character, within its quotes
  int column = 0;
  std::vector<YamlEntry> entries{};
};

// "text", "a list", "a map", "nothing": for messages.
std::string_view print_kind(const YamlNode& node);

struct YamlLimits {
  std::size_t bytes_max = 4'194'304;
  std::size_t nodes_max = 100'000;  // an alias counts as much as what it repeats
  int depth_max = 32;
};

class YamlTree {
 public:
  YamlTree(std::deque<YamlNode> nodes, const YamlNode* root);
  YamlTree(YamlTree&&) = default;  // nodes stay where they are
  YamlTree& operator=(YamlTree&&) = default;

  // Never null; a document without content has a root of kind `nothing`.
  const YamlNode* root() const { return root_; }

 private:
  std::deque<YamlNode> nodes_;
  const YamlNode* root_;
};

// The one document in `text`. Refused, with its place: text that is not UTF-8,
// control characters, tabs as indentation, keys that are not text, tags, aliases
// into their own anchor, a second document, and whatever is beyond `limits`.
// Two equal keys in one map are an issue, but the tree is returned with both, so
// that the other mistakes of the file can be named too.
std::optional<YamlTree> parse_yaml(std::string_view file, std::string_view text,
                                   const YamlLimits& limits, Issues& issues);

}  // namespace pw
