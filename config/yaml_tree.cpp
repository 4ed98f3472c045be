#include "config/yaml_tree.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "config/text.h"
#include "config/yaml_text.h"

namespace pw {
namespace {

constexpr std::size_t text_bytes_per_node = 64;

// Leaves the parser from within a callback; caught in parse_yaml like the
// parser's own.
[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& message) {
  throw YAML::ParserException(mark, message);
}

// Builds the tree from yaml-cpp's events.
class TreeBuilder final : public YAML::EventHandler {
 public:
  // All four outlive the builder.
  TreeBuilder(std::string_view file, std::string_view text, const YamlLimits& limits,
              Issues& issues)
      : file_(file), text_(text), limits_(limits), issues_(issues) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(add(mark, {.kind = YamlNode::Kind::nothing}), anchor, {1, 1});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    // yaml-cpp tags a plain scalar "?" and a quoted one "!".
    YamlNode node{.kind = YamlNode::Kind::text, .text = value, .is_quoted = tag == "!"};
    // Long texts weigh more, so that repeating one by aliases is bounded too.
    finish(add(mark, std::move(node)), anchor, {1 + value.size() / text_bytes_per_node, 1});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) refuse(mark, "an alias may not stand inside its own anchor");
    check_depth(mark, it->second.size.height);
    hang(mark, it->second.node);
    count(mark, it->second.size);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(mark, tag);
    open(mark, YamlNode::Kind::list, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(mark, tag);
    open(mark, YamlNode::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }

  YamlTree tree() && {
    if (root_ == nullptr) root_ = &nodes_.emplace_back();
    return YamlTree(std::move(nodes_), root_);
  }

 private:
  struct Size {
    std::size_t nodes = 1;
    int height = 1;
  };
  struct Anchored {
    const YamlNode* node;
    Size size;
  };
  // A list or map that is being filled. `key` holds a map's key whose value
  // has not come yet.
  struct Frame {
    YamlNode* node;
    YAML::anchor_t anchor;
    Size size{};
    const YamlNode* key = nullptr;
    std::unordered_map<std::string, int> first_lines{};
  };

  // A mark points at a scalar's quote or block indicator; its words start after it.
  void place(const YAML::Mark& mark, YamlNode& node) const {
    if (mark.is_null()) return;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    const auto at = static_cast<std::size_t>(mark.pos);
    if (!node.is_quoted || at >= text_.size()) return;
    if (text_[at] == '"' || text_[at] == '\'') ++node.column;
    if (text_[at] != '|' && text_[at] != '>') return;
    const std::size_t line = std::min(text_.find('\n', at), text_.size() - 1) + 1;
    const std::size_t word = std::min(text_.find_first_not_of(' ', line), text_.size());
    node.line += 1;
    node.column = static_cast<int>(word - line) + 1;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    const bool is_plain = tag.empty() || tag == "?" || tag == "!";
    if (!is_plain && !tag.starts_with("tag:yaml.org,2002:"))
      refuse(mark, "tags have no meaning here");
  }

  void check_depth(const YAML::Mark& mark, int height) const {
    if (static_cast<int>(frames_.size()) + height > limits_.depth_max)
      refuse(mark, "nested deeper than " + std::to_string(limits_.depth_max) + " levels");
  }

  YamlNode* add(const YAML::Mark& mark, YamlNode node) {
    check_depth(mark, 1);
    place(mark, node);
    YamlNode* added = &nodes_.emplace_back(std::move(node));
    hang(mark, added);
    return added;
  }

  // Gives a node its place in the list or map that is open.
  void hang(const YAML::Mark& mark, const YamlNode* node) {
    if (frames_.empty()) {
      root_ = node;
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node->kind == YamlNode::Kind::list) {
      frame.node->entries.push_back(
          {.line = mark.line + 1, .column = mark.column + 1, .value = node});
    } else if (frame.key == nullptr) {
      take_key(mark, frame, node);
    } else {
      const YamlNode* key = std::exchange(frame.key, nullptr);
      frame.node->entries.push_back({key->text, key->line, key->column, node});
    }
  }

  void take_key(const YAML::Mark& mark, Frame& frame, const YamlNode* key) {
    if (key->kind != YamlNode::Kind::text) refuse(mark, "a key must be text");
    frame.key = key;
    const auto [it, is_new] = frame.first_lines.try_emplace(key->text, key->line);
    if (is_new) return;
    issues_.push_back({file_, key->line, key->column,
                       "key " + in_quotes(key->text) + " stands twice; first in line " +
                           std::to_string(it->second)});
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    YamlNode* node = add(mark, {.kind = kind});
    frames_.push_back({.node = node, .anchor = anchor});
  }

  void close() {
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    finish(frame.node, frame.anchor, {frame.size.nodes, frame.size.height});
  }

  void finish(const YamlNode* node, YAML::anchor_t anchor, Size size) {
    if (anchor != 0) anchors_[anchor] = {node, size};
    count(YAML::Mark::null_mark(), size);
  }

  // What hangs in the open list or map has grown by `size`.
  void count(const YAML::Mark& mark, Size size) {
    std::size_t total = size.nodes;
    if (!frames_.empty()) {
      Size& outer = frames_.back().size;
      outer.nodes += size.nodes;
      outer.height = std::max(outer.height, size.height + 1);
      total = outer.nodes;
    }
    if (total > limits_.nodes_max || nodes_.size() > limits_.nodes_max)
      refuse(mark, "more than " + std::to_string(limits_.nodes_max) + " values");
  }

  std::string file_;
  std::string_view text_;
  const YamlLimits& limits_;
  Issues& issues_;
  std::deque<YamlNode> nodes_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  const YamlNode* root_ = nullptr;
};

// "yaml-cpp: error at line 3, column 5: illegal map value" without its preface.
Issue issue_of(std::string_view file, const YAML::Exception& error) {
  Issue issue{std::string(file), 0, 0, "not valid YAML: " + error.msg};
  if (!error.mark.is_null()) {
    issue.line = error.mark.line + 1;
    issue.column = error.mark.column + 1;
  }
  return issue;
}

// A second document is refused rather than left unread.
void parse(const std::string& text, TreeBuilder& builder) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  parser.HandleNextDocument(builder);
  class Second final : public YAML::EventHandler {
    void OnDocumentStart(const YAML::Mark& mark) override { refuse(mark, "a second document"); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  } second;
  parser.HandleNextDocument(second);
}

}  // namespace

std::string_view print_kind(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing:
      return "nothing";
    case YamlNode::Kind::text:
      return "text";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "nothing";
}

YamlTree::YamlTree(std::deque<YamlNode> nodes, const YamlNode* root)
    : nodes_(std::move(nodes)), root_(root) {}

std::optional<YamlTree> parse_yaml(std::string_view file, std::string_view text,
                                   const YamlLimits& limits, Issues& issues) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!is_parsable(file, text, limits, issues)) return std::nullopt;
  TreeBuilder builder(file, text, limits, issues);
  try {
    parse(std::string(text), builder);
    return std::move(builder).tree();
  } catch (const YAML::Exception& error) {
    issues.push_back(issue_of(file, error));
  } catch (const std::exception& error) {
    // yaml-cpp 0.7 lets exceptions of the standard library through.
    issues.push_back({std::string(file), 0, 0, std::string("not valid YAML: ") + error.what()});
  }
  return std::nullopt;
}

}  // namespace pw
