#include "rules/conformance_value.h"

#include <array>
#include <cmath>

#include "daemon/core/hash.h"
#include "rules/time_text.h"

namespace pw {

using cel::Kind;
using cel::Type;
using cel::TypeKind;
using cel::Value;
using nlohmann::json;

namespace {

constexpr int json_depth_max = 64;
constexpr std::string_view type_prefix = "type.googleapis.com/";
constexpr std::string_view well_known_prefix = "google.protobuf.";

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

struct Named {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<Named, 8> primitives = {{
    {"BOOL", TypeKind::boolean},
    {"INT64", TypeKind::integer},
    {"UINT64", TypeKind::natural},
    {"DOUBLE", TypeKind::real},
    {"STRING", TypeKind::string},
    {"BYTES", TypeKind::bytes},
    {"TIMESTAMP", TypeKind::timestamp},
    {"DURATION", TypeKind::duration},
}};

// Messages that the language knows as values of its own. A wrapper may also be
// null.
constexpr std::array<Named, 13> well_known_messages = {{
    {"Timestamp", TypeKind::timestamp},
    {"Duration", TypeKind::duration},
    {"BoolValue", TypeKind::dyn},
    {"Int32Value", TypeKind::dyn},
    {"Int64Value", TypeKind::dyn},
    {"UInt32Value", TypeKind::dyn},
    {"UInt64Value", TypeKind::dyn},
    {"FloatValue", TypeKind::dyn},
    {"DoubleValue", TypeKind::dyn},
    {"StringValue", TypeKind::dyn},
    {"BytesValue", TypeKind::dyn},
    {"Value", TypeKind::dyn},
    {"Any", TypeKind::dyn},
}};

// The wrappers' contents, in the form of the suite's own values.
struct Wrapper {
  std::string_view name;
  const char* kind;
};
constexpr std::array<Wrapper, 9> wrappers = {{
    {"BoolValue", "boolValue"},
    {"Int32Value", "int64Value"},
    {"Int64Value", "int64Value"},
    {"UInt32Value", "uint64Value"},
    {"UInt64Value", "uint64Value"},
    {"FloatValue", "doubleValue"},
    {"DoubleValue", "doubleValue"},
    {"StringValue", "stringValue"},
    {"BytesValue", "bytesValue"},
}};

}  // namespace

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const json& object, const char* key) {
  const json* const value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

ConformanceValues::Read ConformanceValues::read(const json& value, int depth) {
  if (!value.is_object() || value.size() != 1 || depth > json_depth_max) return unreadable();
  const std::string& kind = value.begin().key();
  const json& content = value.begin().value();
  if (kind == "nullValue") return Value{};
  if (kind == "boolValue" && content.is_boolean()) return Value::of(content.get<bool>());
  if (kind == "doubleValue") {
    const auto number = real_of(content);
    return number ? Read(Value::of(*number)) : unreadable();
  }
  if (kind == "listValue") return list(content, depth);
  if (kind == "mapValue") return map(content, depth);
  if (kind == "objectValue") return message(content, depth + 1);
  if (kind == "enumValue") return Error{Errc::refused, "enum types are not supported"};
  if (content.is_number_integer()) return scalar(kind, content.dump());
  return content.is_string() ? scalar(kind, content.get<std::string>()) : unreadable();
}

Error ConformanceValues::unreadable() { return {Errc::malformed, "an unreadable value"}; }

ConformanceValues::Read ConformanceValues::scalar(const std::string& kind,
                                                  const std::string& text) {
  try {
    if (kind == "int64Value") return Value::of(std::int64_t{std::stoll(text)});
    if (kind == "uint64Value") return Value::of(std::uint64_t{std::stoull(text)});
  } catch (const std::logic_error&) {
    return unreadable();
  }
  if (kind == "stringValue") return Value::string(texts_.emplace_back(text));
  if (kind == "typeValue") return Value::of(Kind::type, texts_.emplace_back(text));
  const auto bytes = kind == "bytesValue" ? parse_base64(text) : std::nullopt;
  if (!bytes) return unreadable();
  return Value::of(Kind::bytes, texts_.emplace_back(*bytes));
}

ConformanceValues::Read ConformanceValues::list(const json& content, int depth) {
  std::vector<Value> items;
  if (const json* const values = member(content, "values")) {
    for (const json& item : *values) {
      const Read value = read(item, depth + 1);
      if (!value) return value;
      items.push_back(*value);
    }
  }
  return context_.make_list(lists_.emplace_back(std::move(items)));
}

ConformanceValues::Read ConformanceValues::map(const json& content, int depth) {
  std::vector<Value> keys;
  std::vector<Value> values;
  if (const json* const entries = member(content, "entries")) {
    for (const json& entry : *entries) {
      const json* const key = member(entry, "key");
      const json* const value = member(entry, "value");
      if (key == nullptr || value == nullptr) return unreadable();
      const Read k = read(*key, depth + 1);
      if (!k) return k;
      const Read v = read(*value, depth + 1);
      if (!v) return v;
      keys.push_back(*k);
      values.push_back(*v);
    }
  }
  const auto& kept = lists_.emplace_back(std::move(keys));
  return context_.make_map(kept, lists_.emplace_back(std::move(values)));
}

ConformanceValues::Read ConformanceValues::message(const json& content, int depth) {
  std::string type = text_of(content, "@type");
  if (type.starts_with(type_prefix)) type.erase(0, type_prefix.size());
  const json* const value = member(content, "value");
  if (depth > json_depth_max || !type.starts_with(well_known_prefix)) {
    return Error{Errc::refused, "messages are not supported: " + type};
  }
  const std::string name = type.substr(well_known_prefix.size());
  if (name == "Timestamp" || name == "Duration") return time(name, text_of(content, "value"));
  if (name == "Any" && value != nullptr) return message(*value, depth + 1);
  if (name == "Value" || name == "Struct" || name == "ListValue") {
    return value == nullptr ? Read(Value{}) : plain(*value, depth);
  }
  for (const Wrapper& wrapper : wrappers) {
    if (wrapper.name != name) continue;
    json whole;
    whole[wrapper.kind] = value == nullptr ? json() : *value;
    return read(whole, depth);
  }
  return Error{Errc::refused, "messages are not supported: " + type};
}

ConformanceValues::Read ConformanceValues::time(const std::string& name, const std::string& text) {
  if (name == "Timestamp") {
    const auto moment = cel::parse_time(text);
    return moment ? Read(Value::of(*moment)) : unreadable();
  }
  const auto span = cel::parse_span(text);
  return span ? Read(Value::of_duration(*span)) : unreadable();
}

// JSON as the language sees it: every number is a double.
ConformanceValues::Read ConformanceValues::plain(const json& value, int depth) {
  if (depth > json_depth_max) return unreadable();
  if (value.is_null()) return Value{};
  if (value.is_boolean()) return Value::of(value.get<bool>());
  if (value.is_number()) return Value::of(value.get<double>());
  if (value.is_string()) return Value::string(texts_.emplace_back(value.get<std::string>()));
  std::vector<Value> keys;
  std::vector<Value> values;
  for (const auto& [key, item] : value.items()) {
    const Read read = plain(item, depth + 1);
    if (!read) return read;
    if (value.is_object()) keys.push_back(Value::string(texts_.emplace_back(key)));
    values.push_back(*read);
  }
  const auto& items = lists_.emplace_back(std::move(values));
  if (value.is_array()) return context_.make_list(items);
  return context_.make_map(lists_.emplace_back(std::move(keys)), items);
}

Result<const Type*> ConformanceValues::read_type(const json& type, int depth) {
  const Type* const dyn = cel::plain_type(TypeKind::dyn);
  if (depth > json_depth_max) return dyn;
  for (const char* const key : {"primitive", "wellKnown"}) {
    for (const Named& primitive : primitives) {
      if (text_of(type, key) == primitive.name) return cel::plain_type(primitive.kind);
    }
  }
  if (member(type, "null") != nullptr) return cel::plain_type(TypeKind::null);
  if (member(type, "messageType") != nullptr) return message_type(text_of(type, "messageType"));
  const auto part = [&](const json& whole, const char* key) -> Result<const Type*> {
    const json* const inner = member(whole, key);
    return inner == nullptr ? Result<const Type*>(dyn) : read_type(*inner, depth + 1);
  };
  if (const json* const list = member(type, "listType")) {
    const auto element = part(*list, "elemType");
    return element ? Result<const Type*>(pool_.list(*element)) : element;
  }
  if (const json* const map = member(type, "mapType")) {
    const auto key = part(*map, "keyType");
    const auto value = part(*map, "valueType");
    if (!key || !value) return !key ? key : value;
    return pool_.map(*key, *value);
  }
  if (const json* const abstract = member(type, "abstractType")) {
    return abstract_type(*abstract, depth);
  }
  return dyn;
}

Result<const Type*> ConformanceValues::message_type(std::string_view name) {
  const bool well_known = name.starts_with(well_known_prefix);
  const std::string_view rest = well_known ? name.substr(well_known_prefix.size()) : "";
  for (const Named& message : well_known_messages) {
    if (message.name == rest) return cel::plain_type(message.kind);
  }
  const Type* const dyn = cel::plain_type(TypeKind::dyn);
  if (rest == "ListValue") return pool_.list(dyn);
  if (rest == "Struct") return pool_.map(cel::plain_type(TypeKind::string), dyn);
  return Error{Errc::refused, "messages are not supported: " + std::string(name)};
}

Result<const Type*> ConformanceValues::abstract_type(const json& abstract, int depth) {
  const json* const parameters = member(abstract, "parameterTypes");
  const std::string name = text_of(abstract, "name");
  const bool is_optional = name == "optional_type" && parameters != nullptr &&
                           parameters->is_array() && parameters->size() == 1;
  if (!is_optional) return Error{Errc::refused, "types of the host are not supported: " + name};
  const auto inner = read_type(parameters->front(), depth + 1);
  return inner ? Result<const Type*>(pool_.optional(*inner)) : inner;
}

}  // namespace pw
