#include "connectors/custom_value.h"

#include <algorithm>
#include <vector>

#include "connectors/utf8.h"
#include "daemon/core/time.h"

namespace pw {
namespace {

using cel::Kind;
using cel::Value;

constexpr int depth_max = 90;  // below cel::value_depth_max, which counts likewise
constexpr std::int64_t seconds_max = 95'617'584'000;  // the year 5000
constexpr std::int64_t milliseconds_max = seconds_max * 1000;

Value read(JsonElement element, cel::Context& context, int depth);

Value read_list(JsonArray array, cel::Context& context, int depth) {
  std::vector<Value> items;
  for (const JsonElement item : array) items.push_back(read(item, context, depth + 1));
  Value* const kept = context.take_values(items.size());
  if (kept == nullptr) return cel::Context::out_of_memory();
  std::copy(items.begin(), items.end(), kept);
  return context.make_list({kept, items.size()});
}

Value read_map(JsonObject object, cel::Context& context, int depth) {
  std::vector<Value> keys;
  std::vector<Value> values;
  for (const auto& [key, element] : object) {
    keys.push_back(context.make_string(key));
    values.push_back(read(element, context, depth + 1));
  }
  Value* const kept = context.take_values(keys.size() * 2);
  if (kept == nullptr) return cel::Context::out_of_memory();
  std::copy(keys.begin(), keys.end(), kept);
  std::copy(values.begin(), values.end(), kept + keys.size());
  return context.make_map({kept, keys.size()}, {kept + keys.size(), keys.size()});
}

Value read(JsonElement element, cel::Context& context, int depth) {
  if (depth > depth_max) return Value{};
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::ARRAY:
      return read_list(JsonArray(element), context, depth);
    case Type::OBJECT:
      return read_map(JsonObject(element), context, depth);
    case Type::INT64:
      return Value::of(std::int64_t(element));
    case Type::UINT64:
      return Value::of(std::uint64_t(element));
    case Type::DOUBLE:
      return Value::of(double(element));
    case Type::STRING:
      return context.make_string(std::string_view(element));
    case Type::BOOL:
      return Value::of(bool(element));
    case Type::NULL_VALUE:
      break;
  }
  return Value{};
}

}  // namespace

Value value_of_json(JsonElement element, cel::Context& context) {
  return read(element, context, 0);
}

std::optional<std::string> text_of_value(const Value& value) {
  if (value.is(Kind::optional)) {
    if (value.inner == nullptr) return std::nullopt;
    return text_of_value(*value.inner);
  }
  std::string text;
  if (value.is(Kind::string)) text = without_controls(mend_utf8(value.view()));
  if (value.is(Kind::integer)) text = std::to_string(value.integer);
  if (value.is(Kind::natural)) text = std::to_string(value.natural);
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<Instant> instant_of_value(const Value& value) {
  if (value.is(Kind::optional)) {
    if (value.inner == nullptr) return std::nullopt;
    return instant_of_value(*value.inner);
  }
  if (value.is(Kind::timestamp)) {
    if (value.time.seconds < -seconds_max || value.time.seconds > seconds_max) return std::nullopt;
    return instant_of_ms(value.time.seconds * 1000 + value.time.nanos / 1'000'000);
  }
  if (value.is(Kind::string)) {
    const auto t = parse_rfc3339(value.view());
    return t ? t : parse_http_date(value.view());
  }
  std::int64_t number = 0;
  if (value.is(Kind::integer)) number = value.integer;
  if (value.is(Kind::real) && value.real > 0 && value.real < 1e15) {
    number = static_cast<std::int64_t>(value.real);
  }
  if (number <= 0 || number > milliseconds_max) return std::nullopt;
  return instant_of_ms(number <= seconds_max ? number * 1000 : number);
}

}  // namespace pw
