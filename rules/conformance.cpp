#include "rules/conformance.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/core/hash.h"
#include "rules/context.h"
#include "rules/format.h"
#include "rules/program.h"
#include "rules/types.h"

namespace pw {
namespace {

using cel::Kind;
using cel::Type;
using cel::TypeKind;
using cel::Value;
using nlohmann::json;

constexpr int json_depth_max = 64;

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const json& object, const char* key) {
  const json* const value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

// Numbers are written as strings, doubles also as numbers.
std::optional<double> real_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string text = value.get<std::string>();
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  return std::nullopt;
}

// Reads values of the suite's form; they live as long as the reader.
class ValueReader {
 public:
  std::optional<Value> read(const json& value, int depth = 0) {
    if (!value.is_object() || value.size() != 1 || depth > json_depth_max) return std::nullopt;
    const std::string& kind = value.begin().key();
    const json& content = value.begin().value();
    if (kind == "nullValue") return Value{};
    if (kind == "boolValue" && content.is_boolean()) return Value::of(content.get<bool>());
    if (kind == "doubleValue") {
      const auto number = real_of(content);
      return number ? std::optional(Value::of(*number)) : std::nullopt;
    }
    if (kind == "listValue") return list(content, depth);
    if (kind == "mapValue") return map(content, depth);
    if (content.is_number_integer()) return scalar(kind, content.dump());
    if (!content.is_string()) return std::nullopt;
    return scalar(kind, content.get<std::string>());
  }

 private:
  std::optional<Value> scalar(const std::string& kind, const std::string& text) {
    try {
      if (kind == "int64Value") return Value::of(std::int64_t{std::stoll(text)});
      if (kind == "uint64Value") return Value::of(std::uint64_t{std::stoull(text)});
    } catch (const std::logic_error&) {
      return std::nullopt;
    }
    if (kind == "stringValue") return Value::string(texts_.emplace_back(text));
    if (kind == "typeValue") return Value::of(Kind::type, texts_.emplace_back(text));
    if (kind != "bytesValue") return std::nullopt;
    const auto bytes = parse_base64(text);
    if (!bytes) return std::nullopt;
    return Value::of(Kind::bytes, texts_.emplace_back(*bytes));
  }

  std::optional<Value> list(const json& content, int depth) {
    std::vector<Value> items;
    if (const json* const values = member(content, "values")) {
      for (const json& item : *values) {
        const auto value = read(item, depth + 1);
        if (!value) return std::nullopt;
        items.push_back(*value);
      }
    }
    return context_.make_list(lists_.emplace_back(std::move(items)));
  }

  std::optional<Value> map(const json& content, int depth) {
    std::vector<Value> keys;
    std::vector<Value> values;
    if (const json* const entries = member(content, "entries")) {
      for (const json& entry : *entries) {
        const json* const key = member(entry, "key");
        const json* const value = member(entry, "value");
        const auto k = key ? read(*key, depth + 1) : std::nullopt;
        const auto v = value ? read(*value, depth + 1) : std::nullopt;
        if (!k || !v) return std::nullopt;
        keys.push_back(*k);
        values.push_back(*v);
      }
    }
    const auto& kept = lists_.emplace_back(std::move(keys));
    return context_.make_map(kept, lists_.emplace_back(std::move(values)));
  }

  cel::Arena arena_{};
  cel::Context context_{arena_};
  std::deque<std::string> texts_{};
  std::deque<std::vector<Value>> lists_{};
};

struct Primitive {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<Primitive, 8> primitives = {{
    {"BOOL", TypeKind::boolean},
    {"INT64", TypeKind::integer},
    {"UINT64", TypeKind::natural},
    {"DOUBLE", TypeKind::real},
    {"STRING", TypeKind::string},
    {"BYTES", TypeKind::bytes},
    {"TIMESTAMP", TypeKind::timestamp},
    {"DURATION", TypeKind::duration},
}};

const Type* read_type(const json& type, cel::TypePool& pool, int depth = 0) {
  const Type* const dyn = cel::plain_type(TypeKind::dyn);
  if (depth > json_depth_max) return dyn;
  for (const char* const key : {"primitive", "wellKnown"}) {
    for (const Primitive& primitive : primitives) {
      if (text_of(type, key) == primitive.name) return cel::plain_type(primitive.kind);
    }
  }
  if (member(type, "null") != nullptr) return cel::plain_type(TypeKind::null);
  if (const json* const list = member(type, "listType")) {
    const json* const element = member(*list, "elemType");
    return pool.list(element == nullptr ? dyn : read_type(*element, pool, depth + 1));
  }
  if (const json* const map = member(type, "mapType")) {
    const json* const key = member(*map, "keyType");
    const json* const value = member(*map, "valueType");
    return pool.map(key == nullptr ? dyn : read_type(*key, pool, depth + 1),
                    value == nullptr ? dyn : read_type(*value, pool, depth + 1));
  }
  return dyn;
}

// The suite tells values apart that the language calls equal: 1 and 1.0.
bool same(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.is(Kind::real)) return a.real == b.real || (std::isnan(a.real) && std::isnan(b.real));
  if (a.is(Kind::list)) {
    return std::equal(a.list().begin(), a.list().end(), b.list().begin(), b.list().end(), same);
  }
  if (a.is(Kind::map)) {
    if (a.map->size != b.map->size) return false;
    for (std::size_t i = 0; i < a.map->size; ++i) {
      const Value* const other = cel::find(*b.map, a.map->keys[i]);
      if (other == nullptr || !same(a.map->values[i], *other)) return false;
    }
    return true;
  }
  return cel::equal_scalars(a, b);
}

// One case, from its line to the fault that it shows, or nothing.
class Case {
 public:
  explicit Case(const json& line) : line_(line) {}

  std::optional<std::string> fault() {
    if (!line_.is_object() || !line_.contains("expr")) return "not a case";
    if (!declare()) return "an unreadable binding";
    const cel::Compiled compiled = cel::compile(text_of(line_, "expr"), environment_);
    if (!compiled.program) {
      if (line_.contains("evalError")) return std::nullopt;
      return "refused: " + print_issue(compiled.issues.front());
    }
    cel::Scratch scratch;
    return verdict(compiled.program->evaluate({slots_}, scratch));
  }

 private:
  bool declare() {
    environment_.container = text_of(line_, "container");
    const json* const unchecked = member(line_, "disableCheck");
    environment_.checked =
        unchecked == nullptr || !unchecked->is_boolean() || !unchecked->get<bool>();
    if (const json* const declared = member(line_, "typeEnv")) {
      for (const json& variable : *declared) {
        const json* const ident = member(variable, "ident");
        const json* const type = ident == nullptr ? nullptr : member(*ident, "type");
        if (type != nullptr) add(text_of(variable, "name"), read_type(*type, pool_));
      }
    }
    const json* const bindings = member(line_, "bindings");
    return bindings == nullptr || bind(*bindings);
  }

  std::size_t add(std::string name, const Type* type) {
    environment_.variables.push_back({std::move(name), type});
    slots_.push_back(Value::unbound());
    return slots_.size() - 1;
  }

  bool bind(const json& bindings) {
    if (!bindings.is_object()) return false;
    for (const auto& [name, binding] : bindings.items()) {
      const json* const content = member(binding, "value");
      const auto value = content == nullptr ? std::nullopt : values_.read(*content);
      if (!value) return false;
      const auto& variables = environment_.variables;
      const auto it = std::find_if(variables.begin(), variables.end(),
                                   [&](const cel::Variable& v) { return v.name == name; });
      const std::size_t slot = it == variables.end()
                                   ? add(name, cel::plain_type(TypeKind::dyn))
                                   : static_cast<std::size_t>(it - variables.begin());
      slots_[slot] = *value;
    }
    return true;
  }

  std::optional<std::string> verdict(const Value& got) {
    if (line_.contains("evalError")) {
      if (got.is_exceptional()) return std::nullopt;
      return "wanted an error, got " + cel::print_value(got, 200);
    }
    const json* const expected = member(line_, "value");
    const auto wanted =
        expected == nullptr ? std::optional(Value::of(true)) : values_.read(*expected);
    if (!wanted) return "an unreadable expected value";
    if (same(got, *wanted)) return std::nullopt;
    return "wanted " + cel::print_value(*wanted, 200) + ", got " + cel::print_value(got, 200);
  }

  const json& line_;
  cel::TypePool pool_{};
  ValueReader values_{};
  cel::Environment environment_{};
  std::vector<Value> slots_{};
};

ConformanceFile& file_of(ConformanceReport& report, const std::string& name) {
  for (ConformanceFile& file : report.files) {
    if (file.name == name) return file;
  }
  return report.files.emplace_back(ConformanceFile{.name = name});
}

void run_line(ConformanceReport& report, std::string_view text) {
  const json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
  ConformanceFile& file = file_of(report, text_of(line, "file"));
  const auto fault = Case(line).fault();
  ++(fault ? file.failed : file.passed);
  ++(fault ? report.failed : report.passed);
  if (!fault) return;
  report.failures.push_back(text_of(line, "file") + '/' + text_of(line, "section") + '/' +
                            text_of(line, "name") + ": " + text_of(line, "expr").substr(0, 200) +
                            ": " + *fault);
}

}  // namespace

ConformanceReport run_conformance(std::string_view jsonl) {
  ConformanceReport report;
  while (!jsonl.empty()) {
    const std::size_t end = std::min(jsonl.find('\n'), jsonl.size());
    const std::string_view line = jsonl.substr(0, end);
    jsonl.remove_prefix(std::min(end + 1, jsonl.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) run_line(report, line);
  }
  return report;
}

std::string print_conformance(const ConformanceReport& report) {
  std::string text;
  for (const ConformanceFile& file : report.files) {
    text += file.name + ": " + std::to_string(file.passed) + " passed, " +
            std::to_string(file.failed) + " failed\n";
  }
  for (const std::string& failure : report.failures) text += "failed: " + failure + '\n';
  return text + std::to_string(report.passed) + " passed, " + std::to_string(report.failed) +
         " failed\n";
}

}  // namespace pw
