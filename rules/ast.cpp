#include "rules/ast.h"

#include <algorithm>

#include "rules/lexer.h"

namespace pw::cel {

NodeId Ast::add(Node node, std::span<const Edge> children) {
  std::uint16_t highest = 0;
  for (const Edge& edge : children) highest = std::max(highest, nodes_[edge.node].height);
  node.height = static_cast<std::uint16_t>(highest + 1);
  node.first = static_cast<std::uint32_t>(edges_.size());
  node.count = static_cast<std::uint32_t>(children.size());
  edges_.insert(edges_.end(), children.begin(), children.end());
  nodes_.push_back(node);
  return static_cast<NodeId>(nodes_.size() - 1);
}

std::string_view Ast::keep(std::string_view text) {
  return *texts_.emplace_back(std::make_unique<const std::string>(text));
}

NodeId root_identifier(const Ast& ast, NodeId id) {
  for (;;) {
    const Node& node = ast[id];
    if (node.kind == NodeKind::identifier) return id;
    if (node.kind != NodeKind::select || node.optional || node.test) return no_node;
    if (!is_plain_identifier(node.name)) return no_node;
    id = ast.child(node, 0);
  }
}

std::string qualified_name(const Ast& ast, NodeId id) {
  if (root_identifier(ast, id) == no_node) return {};
  std::vector<std::string_view> parts;
  for (;; id = ast.child(ast[id], 0)) {
    parts.push_back(ast[id].name);
    if (ast[id].kind == NodeKind::identifier) break;
  }
  std::string name;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!name.empty()) name += '.';
    name += *part;
  }
  return name;
}

}  // namespace pw::cel
