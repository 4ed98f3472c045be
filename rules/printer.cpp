#include "rules/printer.h"

#include <algorithm>
#include <array>

#include "rules/format.h"
#include "rules/lexer.h"
#include "rules/macros.h"

namespace pw::cel {
namespace {

struct Symbol {
  std::string_view function;
  std::string_view text;
  int precedence;
};

constexpr std::array<Symbol, 14> symbols = {{
    {"_||_", " || ", 1},
    {"_&&_", " && ", 2},
    {"_==_", " == ", 3},
    {"_!=_", " != ", 3},
    {"_<_", " < ", 3},
    {"_<=_", " <= ", 3},
    {"_>_", " > ", 3},
    {"_>=_", " >= ", 3},
    {"@in", " in ", 3},
    {"_+_", " + ", 4},
    {"_-_", " - ", 4},
    {"_*_", " * ", 5},
    {"_/_", " / ", 5},
    {"_%_", " % ", 5},
}};

constexpr int conditional_precedence = 0;
constexpr int unary_precedence = 6;
constexpr int postfix_precedence = 7;

const Symbol* symbol_of(const Node& node) {
  if (node.kind != NodeKind::call || node.member) return nullptr;
  const auto it = std::find_if(symbols.begin(), symbols.end(),
                               [&](const Symbol& s) { return s.function == node.name; });
  return it == symbols.end() ? nullptr : &*it;
}

bool is_unary(const Node& node) {
  return node.kind == NodeKind::call && (node.name == "!_" || node.name == "-_");
}

int precedence_of(const Node& node) {
  if (const Symbol* const symbol = symbol_of(node)) return symbol->precedence;
  if (is_unary(node)) return unary_precedence;
  if (node.kind == NodeKind::call && node.name == "_?_:_") return conditional_precedence;
  return postfix_precedence;
}

// Recursion is bounded by the tree's height.
class Printer {
 public:
  explicit Printer(const Ast& ast) : ast_(ast) {}

  void write(NodeId id, int precedence_min) {
    const Node& node = ast_[id];
    const bool brackets = precedence_of(node) < precedence_min;
    if (brackets) out_ += '(';
    write_bare(node);
    if (brackets) out_ += ')';
  }

  std::string take() { return std::move(out_); }

 private:
  void write_bare(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        out_ += print_value(node.literal, std::size_t{1} << 30);
        break;
      case NodeKind::identifier:
        name(node);
        break;
      case NodeKind::select:
        select(node);
        break;
      case NodeKind::call:
        call(node);
        break;
      case NodeKind::list:
        entries(node, '[', ']');
        break;
      case NodeKind::map:
        entries(node, '{', '}');
        break;
      case NodeKind::fold:
        fold(node);
        break;
    }
  }

  void name(const Node& node) {
    if (node.absolute) out_ += '.';
    out_ += node.name;
  }

  void select(const Node& node) {
    if (node.test) out_ += "has(";
    write(ast_.child(node, 0), postfix_precedence);
    out_ += node.optional ? ".?" : ".";
    const bool plain = is_plain_identifier(node.name);
    if (!plain) out_ += '`';
    out_ += node.name;
    if (!plain) out_ += '`';
    if (node.test) out_ += ')';
  }

  void call(const Node& node) {
    if (const Symbol* const symbol = symbol_of(node)) return infix(node, *symbol);
    if (is_unary(node)) return prefix(node);
    if (node.name == "_?_:_") return conditional(node);
    if (node.name == "_[_]" || node.name == "_[?_]") return index(node);
    if (node.member) {
      write(ast_.child(node, 0), postfix_precedence);
      out_ += '.';
    }
    name(node);
    out_ += '(';
    arguments(ast_.children(node).subspan(node.member ? 1 : 0));
    out_ += ')';
  }

  void infix(const Node& node, const Symbol& symbol) {
    const bool chain = symbol.precedence <= 2;  // && and ||: one node for all
    bool first = true;
    for (const Edge& edge : ast_.children(node)) {
      if (!first) out_ += symbol.text;
      write(edge.node, first && !chain ? symbol.precedence : symbol.precedence + 1);
      first = false;
    }
  }

  // What is printed first of a node that stands without brackets.
  const Node& first_of(const Node& node) const {
    const Node* first = &node;
    while ((first->kind == NodeKind::select && !first->test) ||
           (first->kind == NodeKind::fold && first->fold != Fold::bind) ||
           (first->kind == NodeKind::call &&
            (first->member || first->name == "_[_]" || first->name == "_[?_]"))) {
      const Node& next = ast_[ast_.child(*first, 0)];
      if (precedence_of(next) < postfix_precedence) break;
      first = &next;
    }
    return *first;
  }

  void prefix(const Node& node) {
    const Node& operand = ast_[ast_.child(node, 0)];
    const bool minus = node.name == "-_";
    out_ += minus ? '-' : '!';
    // Not to be read as one number, nor as a mixture of signs.
    const bool number = minus && first_of(operand).kind == NodeKind::literal;
    const bool other_sign = is_unary(operand) && operand.name != node.name;
    write(ast_.child(node, 0), number || other_sign ? postfix_precedence + 1 : unary_precedence);
  }

  void conditional(const Node& node) {
    write(ast_.child(node, 0), conditional_precedence + 1);
    out_ += " ? ";
    write(ast_.child(node, 1), conditional_precedence + 1);
    out_ += " : ";
    write(ast_.child(node, 2), conditional_precedence);
  }

  void index(const Node& node) {
    write(ast_.child(node, 0), postfix_precedence);
    out_ += node.name == "_[?_]" ? "[?" : "[";
    write(ast_.child(node, 1), conditional_precedence);
    out_ += ']';
  }

  void arguments(std::span<const Edge> edges) {
    bool first = true;
    for (const Edge& edge : edges) {
      if (!first) out_ += ", ";
      first = false;
      if (edge.optional) out_ += '?';
      write(edge.node, conditional_precedence);
    }
  }

  void entries(const Node& node, char open, char close) {
    out_ += open;
    const auto edges = ast_.children(node);
    if (node.kind == NodeKind::list) {
      arguments(edges);
    } else {
      for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
        if (i > 0) out_ += ", ";
        arguments(edges.subspan(i, 1));
        out_ += ": ";
        arguments(edges.subspan(i + 1, 1));
      }
    }
    out_ += close;
  }

  void fold(const Node& node) {
    const bool bind = node.fold == Fold::bind;
    if (bind) {
      out_ += "cel";
    } else {
      write(ast_.child(node, 0), postfix_precedence);
    }
    out_ += '.';
    out_ += name_of(node.fold);
    out_ += '(';
    out_ += node.name;
    if (!node.second.empty()) out_ += ", " + std::string(node.second);
    out_ += ", ";
    arguments(ast_.children(node).subspan(bind ? 0 : 1));
    out_ += ')';
  }

  const Ast& ast_;
  std::string out_{};
};

}  // namespace

std::string print(const Ast& ast, NodeId node) {
  Printer printer(ast);
  printer.write(node, conditional_precedence);
  return printer.take();
}

}  // namespace pw::cel
