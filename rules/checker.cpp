#include "rules/checker.h"

#include <algorithm>
#include <array>

#include "daemon/core/issue.h"
#include "rules/call_text.h"
#include "rules/names.h"
#include "rules/object.h"
#include "rules/unify.h"

namespace pw::cel {
namespace {

const Type* dyn() { return plain_type(TypeKind::dyn); }
const Type* boolean() { return plain_type(TypeKind::boolean); }
const Type* integer() { return plain_type(TypeKind::integer); }

const Type* type_of_literal(const Value& value) {
  switch (value.kind) {
    case Kind::null:
      return plain_type(TypeKind::null);
    case Kind::boolean:
      return boolean();
    case Kind::integer:
      return integer();
    case Kind::natural:
      return plain_type(TypeKind::natural);
    case Kind::real:
      return plain_type(TypeKind::real);
    case Kind::string:
      return plain_type(TypeKind::string);
    case Kind::bytes:
      return plain_type(TypeKind::bytes);
    default:
      return dyn();
  }
}

// Recursion is bounded by the tree's height.
class Checker {
 public:
  Checker(const Ast& ast, const Environment& environment, Problems& problems)
      : ast_(ast), environment_(environment), names_(environment), problems_(problems) {
    checked_.types.assign(ast.size(), dyn());
    checked_.overloads.assign(ast.size(), nullptr);
  }

  Checked run() {
    if (!environment_.checked) return std::move(checked_);
    type_of(ast_.root());
    for (const Type*& type : checked_.types) type = unifier_.solved(type);
    return std::move(checked_);
  }

 private:
  const Type* fail(std::uint32_t offset, std::string message, std::string nearest = {}) {
    problems_.push_back({offset, std::move(message), std::move(nearest)});
    return dyn();
  }
  std::string print(const Type* type) { return print_type(unifier_.solved(type)); }

  const Type* type_of(NodeId id) {
    const Node& node = ast_[id];
    const Type* type = dyn();
    switch (node.kind) {
      case NodeKind::literal:
        type = type_of_literal(node.literal);
        break;
      case NodeKind::identifier:
        type = identifier(id, node);
        break;
      case NodeKind::select:
        type = select(id, node);
        break;
      case NodeKind::call:
        type = call(id, node);
        break;
      case NodeKind::list:
        type = list(node);
        break;
      case NodeKind::map:
        type = map(node);
        break;
      case NodeKind::fold:
        type = fold(node);
        break;
    }
    checked_.types[id] = type;
    return type;
  }

  // Wants a bool; complains at the operand.
  void want_bool(NodeId id, std::string_view what) {
    const Type* const type = type_of(id);
    if (unifier_.fits(type, boolean())) return;
    fail(ast_[id].position, std::string(what) + " must be a bool, not " + print(type));
  }

  const Type* meaning_type(const Meaning& meaning) {
    return meaning.kind == Meaning::Kind::type ? checked_.pool.type(meaning.type) : meaning.type;
  }

  const Type* identifier(NodeId id, const Node& node) {
    if (const auto meaning = names_.find(ast_, id)) return meaning_type(*meaning);
    std::vector<std::string_view> known;
    for (const Variable& variable : environment_.variables) known.push_back(variable.name);
    return fail(node.position, "unknown name '" + std::string(node.name) + "'",
                nearest_of(node.name, known));
  }

  const Type* select(NodeId id, const Node& node) {
    if (!node.test && !node.optional) {
      if (const auto meaning = names_.find(ast_, id)) return meaning_type(*meaning);
    }
    const Type* operand = unifier_.shallow(type_of(ast_.child(node, 0)));
    const bool in_optional = operand->kind == TypeKind::optional;
    if (in_optional) operand = unifier_.shallow(operand->first);
    const Type* const type = field_type(operand, node);
    if (node.test) return boolean();
    return in_optional || node.optional ? checked_.pool.optional(type) : type;
  }

  const Type* field_type(const Type* operand, const Node& node) {
    switch (operand->kind) {
      case TypeKind::dyn:
      case TypeKind::variable:
        return dyn();
      case TypeKind::map:
        if (unifier_.fits(plain_type(TypeKind::string), operand->first)) return operand->second;
        break;
      case TypeKind::object:
        return object_field(*operand->object, node);
      default:
        break;
    }
    return fail(node.position, print(operand) + " has no fields");
  }

  const Type* object_field(const ObjectType& object, const Node& node) {
    const Field* const field = find_field(object, node.name);
    if (field == nullptr) {
      std::vector<std::string_view> known;
      for (const Field& candidate : object.fields) known.push_back(candidate.name);
      return fail(node.position,
                  std::string(object.name) + " has no field '" + std::string(node.name) + "'",
                  nearest_of(node.name, known));
    }
    if (field->claimed && environment_.warn_of_claims) {
      problems_.push_back({node.position,
                           std::string(object.name) + '.' + std::string(field->name) +
                               " is only the poster's claim; " + std::string(object.name) +
                               ".appeared is what was seen",
                           {},
                           /*warning=*/true});
    }
    std::string_view text = field->type;
    return parse_type(text, checked_.pool);
  }

  const Type* list(const Node& node) {
    const Type* element = nullptr;
    for (const Edge& edge : ast_.children(node)) {
      const Type* const type = entry_type(edge.node, edge.optional);
      element = element == nullptr ? type : unifier_.joined(element, type);
    }
    return checked_.pool.list(element == nullptr ? unifier_.fresh() : element);
  }

  // The type of `?x` is what the optional holds.
  const Type* entry_type(NodeId id, bool optional) {
    const Type* const type = unifier_.shallow(type_of(id));
    if (!optional || type->kind == TypeKind::dyn || type->kind == TypeKind::variable) return type;
    if (type->kind == TypeKind::optional) return type->first;
    return fail(ast_[id].position, "'?' needs an optional, not " + print(type));
  }

  const Type* map(const Node& node) {
    const Type* key = nullptr;
    const Type* value = nullptr;
    const auto edges = ast_.children(node);
    for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
      const Type* const key_type = key_of(edges[i].node);
      const Type* const value_type = entry_type(edges[i + 1].node, edges[i].optional);
      key = key == nullptr ? key_type : unifier_.joined(key, key_type);
      value = value == nullptr ? value_type : unifier_.joined(value, value_type);
    }
    if (key == nullptr) {
      key = unifier_.fresh();
      value = unifier_.fresh();
    }
    return checked_.pool.map(key, value);
  }

  const Type* key_of(NodeId id) {
    const Type* const type = type_of(id);
    switch (unifier_.shallow(type)->kind) {
      case TypeKind::dyn:
      case TypeKind::variable:
      case TypeKind::boolean:
      case TypeKind::integer:
      case TypeKind::natural:
      case TypeKind::string:
        return type;
      default:
        break;
    }
    return fail(ast_[id].position, "a key must be a bool, int, uint or string, not " + print(type));
  }

  const Type* call(NodeId id, const Node& node) {
    if (node.name == "_?_:_") return conditional(node);
    if (node.name == "_&&_" || node.name == "_||_") return logic(node);
    if (const Function* const function = names_.find_qualified_function(ast_, node)) {
      return resolve(id, node, *function, ast_.children(node).subspan(1), /*member=*/false);
    }
    const Function* const function = names_.find_function(node.name, node.absolute);
    if (function != nullptr) return resolve(id, node, *function, ast_.children(node), node.member);
    const std::string nearest = nearest_function(ast_, node);
    // In `math.flor(x)` the receiver is no value either; one complaint is enough.
    const bool namespaced = node.member && nearest.find('.') != std::string::npos;
    for (const Edge& edge : ast_.children(node).subspan(namespaced ? 1 : 0)) type_of(edge.node);
    return fail(node.position, "unknown function '" + std::string(node.name) + "'", nearest);
  }

  const Type* logic(const Node& node) {
    const std::string_view symbol =
        node.name == "_&&_" ? "an operand of '&&'" : "an operand of '||'";
    for (const Edge& edge : ast_.children(node)) want_bool(edge.node, symbol);
    return boolean();
  }

  const Type* conditional(const Node& node) {
    want_bool(ast_.child(node, 0), "the condition of '?'");
    const Type* const then = type_of(ast_.child(node, 1));
    const Type* const otherwise = type_of(ast_.child(node, 2));
    const Type* const result = unifier_.fresh();
    if (unifier_.fits(then, result) && unifier_.fits(otherwise, result)) return result;
    return fail(
        ast_[ast_.child(node, 2)].position,
        "both branches of '?' must have one type, not " + print(then) + " and " + print(otherwise));
  }

  const Type* resolve(NodeId id, const Node& node, const Function& function,
                      std::span<const Edge> arguments, bool member) {
    std::vector<const Type*> types;
    for (const Edge& edge : arguments) types.push_back(type_of(edge.node));
    const bool vague =
        std::any_of(types.begin(), types.end(), [&](const Type* type) { return is_vague(type); });
    const Type* result = nullptr;
    for (const Overload& overload : function.overloads) {
      if (overload.member != member || !overload.takes(types.size())) continue;
      const Type* const found = attempt(overload, types);
      if (found == nullptr) continue;
      if (result == nullptr) checked_.overloads[id] = &overload;
      result = result == nullptr || print(result) == print(found) ? found : dyn();
      if (!vague) break;
    }
    if (result != nullptr) return result;
    std::vector<std::string> texts;
    for (const Type* type : types) texts.push_back(print(type));
    return fail(node.position, refusal(node, function, texts, member));
  }

  // Whether more than one overload may fit once values are known.
  bool is_vague(const Type* type) const {
    for (int depth = 0; depth < type_depth_max; ++depth) {
      type = unifier_.shallow(type);
      if (type->kind == TypeKind::dyn) return true;
      if (type->first == nullptr) return false;
      const bool is_map = type->kind == TypeKind::map;
      if (is_map && unifier_.key_of(type)->kind == TypeKind::dyn) return true;
      type = is_map ? type->second : type->first;
    }
    return true;
  }

  const Type* attempt(const Overload& overload, std::span<const Type* const> types) {
    const std::size_t start = unifier_.mark();
    std::vector<const Type*> fresh;
    for (std::size_t i = 0; i < types.size(); ++i) {
      const Type* const parameter = unifier_.instance(overload.parameter(i), fresh);
      if (unifier_.fits(types[i], parameter)) continue;
      unifier_.undo(start);
      return nullptr;
    }
    return unifier_.instance(overload.result, fresh);
  }

  const Type* fold(const Node& node) {
    switch (node.fold) {
      case Fold::bind:
        return bind(node);
      case Fold::opt_map:
      case Fold::opt_flat_map:
        return optional_map(node);
      default:
        return comprehension(node);
    }
  }

  const Type* bind(const Node& node) {
    names_.push(node.name, type_of(ast_.child(node, 0)));
    const Type* const body = type_of(ast_.child(node, 1));
    names_.pop(1);
    return body;
  }

  const Type* optional_map(const Node& node) {
    const NodeId target = ast_.child(node, 0);
    const Type* const inner = unifier_.fresh();
    const Type* const type = type_of(target);
    if (!unifier_.fits(type, checked_.pool.optional(inner))) {
      fail(ast_[target].position,
           std::string(node.fold == Fold::opt_map ? "optMap" : "optFlatMap") +
               "() needs an optional, not " + print(type));
    }
    names_.push(node.name, inner);
    const NodeId body_id = ast_.child(node, 1);
    const Type* const body = type_of(body_id);
    names_.pop(1);
    if (node.fold == Fold::opt_map) return checked_.pool.optional(body);
    const Type* const result = checked_.pool.optional(unifier_.fresh());
    if (unifier_.fits(body, result)) return result;
    return fail(ast_[body_id].position, "optFlatMap() must give an optional, not " + print(body));
  }

  struct Range {
    const Type* key;  // of a list: its index
    const Type* value;
    bool is_map = false;
  };

  Range range_of(NodeId id) {
    const Type* const type = unifier_.shallow(type_of(id));
    switch (type->kind) {
      case TypeKind::list:
        return {integer(), type->first};
      case TypeKind::map:
        return {type->first, type->second, true};
      case TypeKind::dyn:
      case TypeKind::variable:
        return {dyn(), dyn()};
      default:
        fail(ast_[id].position, "only lists and maps can be walked through, not " + print(type));
        return {dyn(), dyn()};
    }
  }

  const Type* comprehension(const Node& node) {
    const Range range = range_of(ast_.child(node, 0));
    const bool two = !node.second.empty();
    const Type* const first = two || range.is_map ? range.key : range.value;
    names_.push(node.name, first);
    if (two) names_.push(node.second, range.value);
    const Type* const result = body_type(node, range, first);
    names_.pop(two ? 2 : 1);
    return result;
  }

  const Type* body_type(const Node& node, const Range& range, const Type* first) {
    const NodeId body = ast_.child(node, node.count - 1);
    if (node.count == 3) want_bool(ast_.child(node, 1), "the filter");
    switch (node.fold) {
      case Fold::map:
      case Fold::transform_list:
        return checked_.pool.list(type_of(body));
      case Fold::transform_map:
        return checked_.pool.map(range.key, type_of(body));
      case Fold::transform_map_entry:
        return entry_map(body);
      default:
        want_bool(body, "the condition");
        break;
    }
    return node.fold == Fold::filter ? checked_.pool.list(first) : boolean();
  }

  const Type* entry_map(NodeId body) {
    const Type* const key = unifier_.fresh();
    const Type* const result = checked_.pool.map(key, unifier_.fresh());
    const Type* const type = type_of(body);
    if (unifier_.fits(type, result)) return result;
    return fail(ast_[body].position, "transformMapEntry() must give a map, not " + print(type));
  }

  const Ast& ast_;
  const Environment& environment_;
  Names names_;
  Problems& problems_;
  Checked checked_{};
  Unifier unifier_{checked_.pool};
};

}  // namespace

Checked check(const Ast& ast, const Environment& environment, Problems& problems) {
  return Checker(ast, environment, problems).run();
}

}  // namespace pw::cel
