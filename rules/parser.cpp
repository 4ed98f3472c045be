#include "rules/parser.h"

#include <algorithm>
#include <array>
#include <vector>

#include "rules/code_points.h"
#include "rules/lexer.h"
#include "rules/limits.h"
#include "rules/literal.h"
#include "rules/macros.h"

namespace pw::cel {
namespace {

constexpr const char* no_messages = "message types are not part of this language";

struct Operator {
  TokenKind token;
  int precedence;
  std::string_view function;
};

constexpr int or_precedence = 1;
constexpr int and_precedence = 2;

constexpr std::array<Operator, 14> operators = {{
    {TokenKind::or_, or_precedence, "_||_"},
    {TokenKind::and_, and_precedence, "_&&_"},
    {TokenKind::equal, 3, "_==_"},
    {TokenKind::not_equal, 3, "_!=_"},
    {TokenKind::less, 3, "_<_"},
    {TokenKind::less_equal, 3, "_<=_"},
    {TokenKind::greater, 3, "_>_"},
    {TokenKind::greater_equal, 3, "_>=_"},
    {TokenKind::in_, 3, "@in"},
    {TokenKind::plus, 4, "_+_"},
    {TokenKind::minus, 4, "_-_"},
    {TokenKind::star, 5, "_*_"},
    {TokenKind::slash, 5, "_/_"},
    {TokenKind::percent, 5, "_%_"},
}};

const Operator* find_operator(TokenKind token) {
  const auto it = std::find_if(operators.begin(), operators.end(),
                               [&](const Operator& op) { return op.token == token; });
  return it == operators.end() ? nullptr : &*it;
}

// Recursive descent; every level of brackets costs one of nesting_max. A
// function returns no_node once a problem has been found, and all give up.
class Parser {
 public:
  Parser(Ast& ast, std::vector<Token> tokens, Problems& problems)
      : ast_(ast), tokens_(std::move(tokens)), problems_(problems) {}

  void run() {
    const NodeId root = expression();
    if (root == no_node) return;
    if (current().kind != TokenKind::end) {
      fail("expected an operator or the end");
      return;
    }
    ast_.set_root(root);
  }

 private:
  const Token& current() const { return tokens_[at_]; }
  const Token& ahead(std::size_t count) const {
    return tokens_[std::min(at_ + count, tokens_.size() - 1)];
  }
  std::string_view text(const Token& token) const {
    return ast_.source().substr(token.offset, token.length);
  }
  Token take() {
    const Token token = current();
    if (token.kind != TokenKind::end) ++at_;
    return token;
  }
  bool take_if(TokenKind kind) {
    if (current().kind != kind) return false;
    take();
    return true;
  }

  NodeId fail_at(std::size_t offset, std::string message) {
    if (problems_.empty()) {
      problems_.push_back({static_cast<std::uint32_t>(offset), std::move(message)});
    }
    return no_node;
  }
  NodeId fail(std::string message) { return fail_at(current().offset, std::move(message)); }

  NodeId add(Node node, std::span<const Edge> children) {
    const NodeId id = ast_.add(node, children);
    if (ast_[id].height > tree_height_max) {
      return fail_at(node.position, "the expression is too deep (at most " +
                                        std::to_string(tree_height_max) + " operations)");
    }
    return id;
  }
  NodeId call(std::string_view function, std::uint32_t position, std::span<const Edge> arguments) {
    return add({.kind = NodeKind::call, .position = position, .name = function}, arguments);
  }

  NodeId expression() {
    if (depth_ == nesting_max) {
      return fail("nested too deeply (at most " + std::to_string(nesting_max) + " levels)");
    }
    ++depth_;
    const NodeId node = conditional();
    --depth_;
    return node;
  }

  NodeId conditional() {
    const NodeId condition = binary(or_precedence);
    if (condition == no_node || current().kind != TokenKind::question) return condition;
    const Token mark = take();
    const NodeId then = binary(or_precedence);
    if (then == no_node) return no_node;
    if (!take_if(TokenKind::colon)) return fail("expected ':'");
    const NodeId otherwise = expression();
    if (otherwise == no_node) return no_node;
    const std::array<Edge, 3> children = {Edge{condition}, Edge{then}, Edge{otherwise}};
    return call("_?_:_", mark.offset, children);
  }

  NodeId binary(int precedence_min) {
    NodeId left = unary();
    while (left != no_node) {
      const Operator* op = find_operator(current().kind);
      if (op == nullptr || op->precedence < precedence_min) break;
      left = op->precedence <= and_precedence ? chain(left, *op) : pair(left, *op);
    }
    return left;
  }

  NodeId pair(NodeId left, const Operator& op) {
    const Token mark = take();
    const NodeId right = binary(op.precedence + 1);
    if (right == no_node) return no_node;
    const std::array<Edge, 2> children = {Edge{left}, Edge{right}};
    return call(op.function, mark.offset, children);
  }

  // a && b && c is one node, so that long chains are not deep.
  NodeId chain(NodeId left, const Operator& op) {
    const std::uint32_t position = current().offset;
    std::vector<Edge> children = {Edge{left}};
    while (take_if(op.token)) {
      const NodeId operand = binary(op.precedence + 1);
      if (operand == no_node) return no_node;
      children.push_back({operand});
    }
    return call(op.function, position, children);
  }

  static bool is_number(TokenKind kind) {
    return kind == TokenKind::integer || kind == TokenKind::real || kind == TokenKind::natural;
  }

  NodeId unary() {
    const TokenKind sign = current().kind;
    if (sign != TokenKind::not_ && sign != TokenKind::minus) return member(primary());
    std::vector<std::uint32_t> positions;
    while (current().kind == sign) {
      // A minus right before a number belongs to the number.
      if (sign == TokenKind::minus && is_number(ahead(1).kind)) break;
      positions.push_back(take().offset);
    }
    NodeId node = member(primary());
    for (auto at = positions.rbegin(); at != positions.rend() && node != no_node; ++at) {
      const std::array<Edge, 1> children = {Edge{node}};
      node = call(sign == TokenKind::not_ ? "!_" : "-_", *at, children);
    }
    return node;
  }

  NodeId member(NodeId node) {
    while (node != no_node) {
      if (current().kind == TokenKind::dot) {
        node = field(node);
      } else if (current().kind == TokenKind::left_bracket) {
        node = index(node);
      } else if (current().kind == TokenKind::left_brace && ast_[node].kind == NodeKind::select) {
        return fail(no_messages);
      } else {
        break;
      }
    }
    return node;
  }

  NodeId field(NodeId operand) {
    take();
    const bool optional = take_if(TokenKind::question);
    const Token name = current();
    const bool quoted = name.kind == TokenKind::quoted_identifier;
    if (!quoted && name.kind != TokenKind::identifier && name.kind != TokenKind::reserved) {
      return fail("expected a field's name");
    }
    take();
    if (!optional && !quoted && current().kind == TokenKind::left_paren) {
      return member_call(operand, name);
    }
    std::string_view spelling = text(name);
    if (quoted) spelling = spelling.substr(1, spelling.size() - 2);
    const std::array<Edge, 1> children = {Edge{operand}};
    return add(
        {.kind = NodeKind::select, .optional = optional, .position = name.offset, .name = spelling},
        children);
  }

  NodeId index(NodeId operand) {
    const Token bracket = take();
    const bool optional = take_if(TokenKind::question);
    const NodeId key = expression();
    if (key == no_node) return no_node;
    if (!take_if(TokenKind::right_bracket)) return fail("expected ']'");
    const std::array<Edge, 2> children = {Edge{operand}, Edge{key}};
    return call(optional ? "_[?_]" : "_[_]", bracket.offset, children);
  }

  // The arguments after '(' up to ')'.
  bool arguments(std::vector<Edge>& out) {
    take();
    if (take_if(TokenKind::right_paren)) return true;
    do {
      const NodeId argument = expression();
      if (argument == no_node) return false;
      out.push_back({argument});
    } while (take_if(TokenKind::comma));
    if (take_if(TokenKind::right_paren)) return true;
    fail("expected ',' or ')'");
    return false;
  }

  NodeId member_call(NodeId receiver, const Token& name) {
    std::vector<Edge> parts;
    if (!arguments(parts)) return no_node;
    const NodeId macro = expand_macro(ast_, {text(name), name.offset, receiver, parts}, problems_);
    if (macro != no_node || !problems_.empty()) return checked_height(macro);
    parts.insert(parts.begin(), Edge{receiver});
    return add(
        {.kind = NodeKind::call, .member = true, .position = name.offset, .name = text(name)},
        parts);
  }

  NodeId checked_height(NodeId id) {
    if (id == no_node || ast_[id].height <= tree_height_max) return id;
    return fail_at(ast_[id].position, "the expression is too deep");
  }

  NodeId global_call(const Token& name, bool absolute) {
    std::vector<Edge> parts;
    if (!arguments(parts)) return no_node;
    const NodeId macro = expand_macro(ast_, {text(name), name.offset, no_node, parts}, problems_);
    if (macro != no_node || !problems_.empty()) return macro;
    return add(
        {.kind = NodeKind::call, .absolute = absolute, .position = name.offset, .name = text(name)},
        parts);
  }

  NodeId primary() {
    const Token token = current();
    switch (token.kind) {
      case TokenKind::left_paren:
        return parenthesised();
      case TokenKind::left_bracket:
        return list();
      case TokenKind::left_brace:
        return map();
      case TokenKind::dot:
      case TokenKind::identifier:
        return identifier();
      case TokenKind::minus:
      case TokenKind::integer:
      case TokenKind::natural:
      case TokenKind::real:
        return number();
      case TokenKind::string:
      case TokenKind::bytes:
        return quoted();
      case TokenKind::true_:
        return constant(Value::of(true));
      case TokenKind::false_:
        return constant(Value::of(false));
      case TokenKind::null_:
        return constant(Value{});
      case TokenKind::reserved:
        return fail("'" + std::string(text(token)) + "' is a reserved word");
      case TokenKind::quoted_identifier:
        return fail("backquotes are for fields: a.`b-c`");
      default:
        return fail("expected an operand");
    }
  }

  NodeId constant(Value value) {
    const Token token = take();
    return add({.kind = NodeKind::literal, .position = token.offset, .literal = value}, {});
  }

  NodeId parenthesised() {
    take();
    const NodeId inner = expression();
    if (inner == no_node) return no_node;
    if (!take_if(TokenKind::right_paren)) return fail("expected ')'");
    return inner;
  }

  NodeId identifier() {
    const bool absolute = take_if(TokenKind::dot);
    const Token name = current();
    if (name.kind != TokenKind::identifier) return fail("expected a name");
    take();
    if (current().kind == TokenKind::left_paren) return global_call(name, absolute);
    if (current().kind == TokenKind::left_brace) {
      return fail(no_messages);
    }
    return add({.kind = NodeKind::identifier,
                .absolute = absolute,
                .position = name.offset,
                .name = text(name)},
               {});
  }

  NodeId number() {
    const std::uint32_t start = current().offset;
    const bool negative = take_if(TokenKind::minus);
    const Token token = current();
    std::string_view digits = text(token);
    std::optional<Value> value;
    if (token.kind == TokenKind::integer) {
      if (const auto v = decode_integer(digits, negative)) value = Value::of(*v);
    } else if (token.kind == TokenKind::natural) {
      if (negative) return fail_at(start, "an unsigned number has no sign");
      digits.remove_suffix(1);
      if (const auto v = decode_natural(digits)) value = Value::of(*v);
    } else if (token.kind == TokenKind::real) {
      if (const auto v = decode_real(digits)) value = Value::of(negative ? -*v : *v);
    } else {
      return fail("expected an operand");
    }
    if (!value) return fail_at(start, "this number is out of range");
    take();
    return add({.kind = NodeKind::literal, .position = start, .literal = *value}, {});
  }

  NodeId quoted() {
    const Token token = current();
    const bool is_bytes = token.kind == TokenKind::bytes;
    LiteralFault fault;
    const auto decoded = decode_quoted(text(token), is_bytes, fault);
    if (!decoded) return fail_at(token.offset + fault.offset, fault.message);
    return constant(Value::of(is_bytes ? Kind::bytes : Kind::string, ast_.keep(*decoded)));
  }

  NodeId list() {
    const Token bracket = take();
    std::vector<Edge> items;
    while (current().kind != TokenKind::right_bracket) {
      const bool optional = take_if(TokenKind::question);
      const NodeId item = expression();
      if (item == no_node) return no_node;
      items.push_back({item, optional});
      if (!take_if(TokenKind::comma)) break;
    }
    if (!take_if(TokenKind::right_bracket)) return fail("expected ',' or ']'");
    return add({.kind = NodeKind::list, .position = bracket.offset}, items);
  }

  NodeId map() {
    const Token brace = take();
    std::vector<Edge> entries;
    while (current().kind != TokenKind::right_brace) {
      const bool optional = take_if(TokenKind::question);
      const NodeId key = expression();
      if (key == no_node) return no_node;
      if (!take_if(TokenKind::colon)) return fail("expected ':'");
      const NodeId value = expression();
      if (value == no_node) return no_node;
      entries.push_back({key, optional});
      entries.push_back({value});
      if (!take_if(TokenKind::comma)) break;
    }
    if (!take_if(TokenKind::right_brace)) return fail("expected ',' or '}'");
    return add({.kind = NodeKind::map, .position = brace.offset}, entries);
  }

  Ast& ast_;
  std::vector<Token> tokens_;
  Problems& problems_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<Ast> parse(std::string_view source, Problems& problems) {
  if (source.size() > source_bytes_max) {
    problems.push_back({0, "the source is too long (" + std::to_string(source.size()) +
                               " bytes, at most " + std::to_string(source_bytes_max) + ")"});
    return std::nullopt;
  }
  if (const std::size_t bad = first_ill_formed(source); bad != std::string_view::npos) {
    problems.push_back({static_cast<std::uint32_t>(bad), "the source is not valid UTF-8 here"});
    return std::nullopt;
  }
  Ast ast(source);
  std::vector<Token> tokens = lex(ast.source(), problems);
  if (!problems.empty()) return std::nullopt;
  Parser(ast, std::move(tokens), problems).run();
  if (!problems.empty() || ast.root() == no_node) return std::nullopt;
  return ast;
}

}  // namespace pw::cel
