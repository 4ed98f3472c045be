#include "rules/context.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace pw::cel {
namespace {

constexpr std::size_t reason_bytes_max = 500;

std::optional<std::uint8_t> depth_around(std::span<const Value> items, std::uint8_t deepest = 0) {
  for (const Value& item : items) deepest = std::max(deepest, item.depth);
  if (deepest >= value_depth_max) return std::nullopt;
  return static_cast<std::uint8_t>(deepest + 1);
}

constexpr Value too_deep = Value::error("lists and maps are nested too deeply (at most 100)");
constexpr Value too_many = Value::error("a list or map is too long (at most 100000 items)");
constexpr Value too_long = Value::error("a string is too long (at most 1048576 bytes)");

}  // namespace

Value Context::out_of_work() {
  return Value::error("the evaluation takes too long (limit on work)");
}
Value Context::out_of_memory() {
  return Value::error("the evaluation builds too much (limit on memory)");
}

char* Context::take_bytes(std::size_t count) { return static_cast<char*>(arena_.take(count)); }

Value* Context::take_values(std::size_t count) {
  if (count > scratch_bytes_max / sizeof(Value)) return nullptr;
  return static_cast<Value*>(arena_.take(count * sizeof(Value)));
}

Value Context::make_text(Kind kind, std::string_view text) {
  if (text.size() > string_bytes_max) return too_long;
  if (text.empty()) return Value::of(kind, {});
  char* const room = take_bytes(text.size());
  if (room == nullptr) return out_of_memory();
  std::memcpy(room, text.data(), text.size());
  return Value::of(kind, {room, text.size()});
}

Value Context::make_list(std::span<const Value> items) {
  if (items.size() > list_items_max) return too_many;
  const auto depth = depth_around(items);
  if (!depth) return too_deep;
  Value list = Value::of(Kind::list, {});
  list.depth = *depth;
  list.items = {items.data(), items.size()};
  return list;
}

Value Context::index_map(MapData& map) {
  std::size_t slots = 16;
  while (slots < map.size * 2) slots *= 2;
  auto* const index = static_cast<std::uint32_t*>(arena_.take(slots * sizeof(std::uint32_t)));
  if (index == nullptr) return out_of_memory();
  std::fill_n(index, slots, 0u);
  map.index_mask = slots - 1;
  map.index = index;
  for (std::uint32_t i = 0; i < map.size; ++i) {
    std::size_t slot = hash_scalar(map.keys[i]) & map.index_mask;
    for (; index[slot] != 0; slot = (slot + 1) & map.index_mask) {
      if (!spend(1)) return out_of_work();
      if (equal_scalars(map.keys[index[slot] - 1], map.keys[i])) {
        return Value::error("a key is given twice");
      }
    }
    index[slot] = i + 1;
  }
  return {};
}

Value Context::make_map(std::span<const Value> keys, std::span<const Value> values) {
  if (keys.size() > list_items_max) return too_many;
  const auto depth = depth_around(values);
  if (!depth) return too_deep;
  for (const Value& key : keys) {
    if (!is_key(key)) return Value::error("a key must be a bool, int, uint or string");
  }
  void* const room = arena_.take(sizeof(MapData));
  if (room == nullptr) return out_of_memory();
  auto* const data =
      new (room) MapData{.keys = keys.data(), .values = values.data(), .size = keys.size()};
  if (keys.size() > map_scan_max) {
    if (const Value fault = index_map(*data); fault.is(Kind::error)) return fault;
  } else {
    for (std::size_t i = 1; i < keys.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (equal_scalars(keys[i], keys[j])) return Value::error("a key is given twice");
      }
    }
  }
  Value map = Value::of(Kind::map, {});
  map.depth = *depth;
  map.map = data;
  return map;
}

Value Context::no_optional() {
  Value none = Value::of(Kind::optional, {});
  none.inner = nullptr;
  return none;
}

Value Context::make_optional(const Value& inner) {
  if (inner.depth >= value_depth_max) return too_deep;
  Value* const room = take_values(1);
  if (room == nullptr) return out_of_memory();
  *room = inner;
  Value optional = no_optional();
  optional.inner = room;
  optional.depth = static_cast<std::uint8_t>(inner.depth + 1);
  return optional;
}

bool Context::equal_lists(const Value& a, const Value& b) {
  if (a.items.size != b.items.size) return false;
  for (std::size_t i = 0; i < a.items.size; ++i) {
    if (!equal(a.items.data[i], b.items.data[i])) return false;
  }
  return true;
}

bool Context::equal_maps(const Value& a, const Value& b) {
  if (a.map->size != b.map->size) return false;
  for (std::size_t i = 0; i < a.map->size; ++i) {
    const Value* const other = find(*b.map, a.map->keys[i]);
    if (other == nullptr || !equal(a.map->values[i], *other)) return false;
  }
  return true;
}

bool Context::equal_deeply(const Value& a, const Value& b) {
  const bool text = a.is(Kind::string) || a.is(Kind::bytes);
  if (!spend(text ? 1 + a.text.size / 16 : 1)) return false;
  if (a.kind != b.kind) return equal_scalars(a, b);
  if (a.is(Kind::list)) return equal_lists(a, b);
  if (a.is(Kind::map)) return equal_maps(a, b);
  if (!a.is(Kind::optional)) return equal_scalars(a, b);
  if (a.inner == nullptr || b.inner == nullptr) return a.inner == b.inner;
  return equal(*a.inner, *b.inner);
}

Value merge_unknowns(Context& context, const Value& a, const Value& b) {
  if (a.view().find(b.view()) != std::string_view::npos) return a;
  if (b.view().find(a.view()) != std::string_view::npos) return b;
  if (a.text.size + b.text.size > reason_bytes_max) return a;
  const Value merged =
      context.make_text(Kind::unknown, std::string(a.view()) + "; " + std::string(b.view()));
  return merged.is(Kind::unknown) ? merged : a;
}

}  // namespace pw::cel
