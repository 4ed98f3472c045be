#include "rules/functions.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>

namespace pw::cel {
namespace {

// Reads one signature. The tables are ours, so that a wrong one is a bug.
Overload read_signature(const FunctionRow& row, std::string& name, TypePool& pool) {
  Overload overload{.signature = row.signature, .body = row.body};
  std::string_view rest = row.signature;
  const Type* const receiver = parse_type(rest, pool);
  if (receiver != nullptr && rest.starts_with('.')) {
    overload.member = true;
    overload.parameters.push_back(receiver);
    rest.remove_prefix(1);
  } else {
    rest = row.signature;
  }
  const std::size_t open = rest.find('(');
  name = rest.substr(0, open);
  rest.remove_prefix(open + 1);
  while (!rest.starts_with(')')) {
    overload.parameters.push_back(parse_type(rest, pool));
    assert(overload.parameters.back() != nullptr && "a signature names no type");
    if (rest.starts_with("...")) {
      overload.variadic = true;
      rest.remove_prefix(3);
    }
    if (rest.starts_with(", ")) rest.remove_prefix(2);
  }
  assert(rest.starts_with(") -> ") && "a signature has no result");
  rest.remove_prefix(5);
  overload.result = parse_type(rest, pool);
  assert(overload.result != nullptr && rest.empty());
  return overload;
}

// The kind of all values of a type, if it has one and that says everything.
std::optional<Kind> kind_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return Kind::boolean;
    case TypeKind::integer:
      return Kind::integer;
    case TypeKind::string:
      return Kind::string;
    case TypeKind::list:
      return Kind::list;
    case TypeKind::timestamp:
      return Kind::timestamp;
    case TypeKind::object:
      return Kind::object;
    default:
      return std::nullopt;
  }
}

void set_glances(Overload& overload) {
  if (overload.variadic || overload.parameters.size() > Overload::glances_max) return;
  for (std::size_t i = 0; i < overload.parameters.size(); ++i) {
    const Type& type = *overload.parameters[i];
    const auto kind = kind_of(type);
    if (!kind) return;
    overload.glances[i] = {*kind, type.object};
  }
  overload.glance_count = overload.parameters.size();
}

class Table {
 public:
  Table() {
    for (const auto rows : {operator_rows(), arithmetic_rows(), conversion_rows(), string_rows(),
                            list_rows(), math_rows(), time_rows(), fact_rows()}) {
      for (const FunctionRow& row : rows) add(row);
    }
    for (std::size_t i = 0; i < functions_.size(); ++i) by_name_[functions_[i].name] = i;
  }

  const Function* find(std::string_view name) const {
    const auto it = by_name_.find(name);
    return it == by_name_.end() ? nullptr : &functions_[it->second];
  }
  std::span<const Function> all() const { return functions_; }

 private:
  void add(const FunctionRow& row) {
    std::string name;
    Overload overload = read_signature(row, name, pool_);
    set_glances(overload);
    auto it = std::find_if(functions_.begin(), functions_.end(),
                           [&](const Function& function) { return function.name == name; });
    if (it == functions_.end()) it = functions_.insert(it, Function{.name = name});
    it->overloads.push_back(std::move(overload));
  }

  TypePool pool_{};
  std::vector<Function> functions_{};
  std::unordered_map<std::string_view, std::size_t> by_name_{};
};

const Table& table() {
  static const Table the_table;
  return the_table;
}

bool is_of(const Type& type, const Value& value) {
  switch (type.kind) {
    case TypeKind::dyn:
    case TypeKind::variable:
      return true;
    case TypeKind::null:
      return value.is(Kind::null);
    case TypeKind::boolean:
      return value.is(Kind::boolean);
    case TypeKind::integer:
      return value.is(Kind::integer);
    case TypeKind::natural:
      return value.is(Kind::natural);
    case TypeKind::real:
      return value.is(Kind::real);
    case TypeKind::number:
      return value.is_number();
    case TypeKind::string:
      return value.is(Kind::string);
    case TypeKind::bytes:
      return value.is(Kind::bytes);
    case TypeKind::list:
      return value.is(Kind::list);
    case TypeKind::map:
      return value.is(Kind::map);
    case TypeKind::type:
      return value.is(Kind::type);
    case TypeKind::timestamp:
      return value.is(Kind::timestamp);
    case TypeKind::duration:
      return value.is(Kind::duration);
    case TypeKind::optional:
      return value.is(Kind::optional);
    case TypeKind::object:
      return value.is(Kind::object) && value.object.type == type.object;
  }
  return false;
}

}  // namespace

bool Overload::accepts_slowly(std::span<const Value> arguments) const {
  if (glance_count > 0 || !takes(arguments.size())) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!is_of(*parameter(i), arguments[i])) return false;
  }
  return true;
}

const Function* find_function(std::string_view name) { return table().find(name); }
std::span<const Function> all_functions() { return table().all(); }

Value no_overload() { return Value::error("no such overload"); }

}  // namespace pw::cel
