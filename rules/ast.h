// The syntax tree: nodes in one array, each with its position. Flat, so that
// neither copying nor freeing it recurses.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/scratch.h"
#include "rules/value.h"

namespace pw::cel {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xFFFFFFFF;

enum class NodeKind : std::uint8_t { literal, identifier, select, call, list, map, fold };

// What a macro does to a range, or to a value that it gives a name.
enum class Fold : std::uint8_t {
  all,
  exists,
  exists_one,
  map,
  filter,
  transform_list,
  transform_map,
  transform_map_entry,
  bind,
  opt_map,
  opt_flat_map,
};

struct Node {
  NodeKind kind = NodeKind::literal;
  Fold fold = Fold::all;
  bool optional = false;  // `.?field`
  bool test = false;      // has(a.field)
  bool absolute = false;  // `.name`: skips local variables and the container
  bool member = false;    // a call whose first child is its receiver
  std::uint16_t height = 1;
  std::uint32_t position = 0;  // of the operator, the name or the first character
  std::uint32_t first = 0;     // children are edges [first, first + count)
  std::uint32_t count = 0;
  std::string_view name{};    // identifier, field, function ("_+_"), or a fold's variable
  std::string_view second{};  // a fold's second variable, or empty
  Value literal{};
};

// Children of calls in order; of maps key and value in turn; of folds the
// range, the filter where there is one, and the body.
struct Edge {
  NodeId node = no_node;
  bool optional = false;  // `[?a]`, `{?k: v}`, on the key
};

class Ast {
 public:
  explicit Ast(std::string_view source) : source_(std::make_unique<const std::string>(source)) {}

  std::string_view source() const { return *source_; }
  const Node& operator[](NodeId id) const { return nodes_[id]; }
  std::span<const Edge> children(const Node& node) const {
    return {edges_.data() + node.first, node.count};
  }
  NodeId child(const Node& node, std::size_t index) const {
    return edges_[node.first + index].node;
  }
  std::size_t size() const { return nodes_.size(); }
  NodeId root() const { return root_; }

  // Computes the node's height from its children.
  NodeId add(Node node, std::span<const Edge> children);
  Node& edit(NodeId id) { return nodes_[id]; }
  void set_root(NodeId id) { root_ = id; }
  // Keeps the bytes as long as the tree.
  std::string_view keep(std::string_view text);

 private:
  std::unique_ptr<const std::string> source_;  // names are views of it
  std::vector<std::unique_ptr<const std::string>> texts_{};
  std::vector<Node> nodes_{};
  std::vector<Edge> edges_{};
  NodeId root_ = no_node;
};

// "a.b.c" for a chain of plain fields on an identifier, or empty.
std::string qualified_name(const Ast& ast, NodeId id);
// The identifier at the bottom of such a chain, or no_node.
NodeId root_identifier(const Ast& ast, NodeId id);

}  // namespace pw::cel
