#include "daemon/ledger/entry_fields.h"

#include "daemon/ledger/utf8.h"

namespace pw {

using nlohmann::json;

Instant printable(Instant t) {
  static const Instant first = *parse_rfc3339("0001-01-01T00:00:00.000Z");
  static const Instant last = *parse_rfc3339("9999-12-31T23:59:59.999Z");
  return std::clamp(t, first, last);
}

Interval printable(Interval span) { return {printable(span.start), printable(span.end)}; }

std::int64_t printable_ms(Millis span) {
  return std::clamp<std::int64_t>(span.count(), -json_integer_max, json_integer_max);
}

std::string printable_text(std::string_view text) { return clean_text(text, leaf_text_bytes_max); }

json print_interval(Interval span) {
  return json::array({print_rfc3339(printable(span.start)), print_rfc3339(printable(span.end))});
}

json print_surface_list(SurfaceSet surfaces) {
  json list = json::array();
  surfaces.each([&](Surface surface) { list.push_back(std::string(name_of(surface))); });
  return list;
}

std::optional<Interval> parse_interval(const json& value) {
  if (!value.is_array() || value.size() != 2) return std::nullopt;
  if (!value[0].is_string() || !value[1].is_string()) return std::nullopt;
  const auto start = parse_rfc3339(value[0].get_ref<const std::string&>());
  const auto end = parse_rfc3339(value[1].get_ref<const std::string&>());
  if (!start || !end) return std::nullopt;
  return Interval{*start, *end};
}

Fields::Fields(const json& object) : object_(object) {
  if (!object.is_object()) wrong_ = "not an object";
}

void Fields::fail(const std::string& what) {
  if (wrong_.empty()) wrong_ = what;
}

bool Fields::has(const char* name) const { return object_.is_object() && object_.contains(name); }

const json* Fields::take(const char* name) {
  if (!wrong_.empty()) return nullptr;
  const auto it = object_.find(name);
  if (it == object_.end()) {
    fail(std::string("no ") + name);
    return nullptr;
  }
  ++taken_;
  return &*it;
}

std::string Fields::text(const char* name) {
  const json* value = take(name);
  if (value && value->is_string()) return value->get<std::string>();
  fail(std::string(name) + " is no text");
  return {};
}

bool Fields::flag(const char* name) {
  const json* value = take(name);
  if (value && value->is_boolean()) return value->get<bool>();
  fail(std::string(name) + " is neither true nor false");
  return false;
}

std::int64_t Fields::integer(const char* name, std::int64_t least, std::int64_t most) {
  const json* value = take(name);
  if (value && value->is_number_integer() &&
      (!value->is_number_unsigned() || value->get<std::uint64_t>() <= json_integer_max)) {
    const auto number = value->get<std::int64_t>();
    if (number >= least && number <= most) return number;
  }
  fail(std::string(name) + " is no whole number in range");
  return 0;
}

Instant Fields::instant(const char* name) {
  const auto t = parse_rfc3339(text(name));
  if (!t) fail(std::string(name) + " is no time");
  return t.value_or(Instant{});
}

Interval Fields::interval(const char* name) {
  const json* value = take(name);
  const auto span = value ? parse_interval(*value) : std::nullopt;
  if (!span) fail(std::string(name) + " is no interval");
  return span.value_or(Interval{});
}

Digest Fields::digest(const char* name) {
  const auto digest = parse_digest(text(name));
  if (!digest) fail(std::string(name) + " is no SHA-256 digest");
  return digest.value_or(Digest{});
}

SurfaceSet Fields::surfaces(const char* name) {
  SurfaceSet set;
  const json* value = list(name);
  for (std::size_t i = 0; value && i < value->size(); ++i) {
    const json& item = (*value)[i];
    const auto surface = item.is_string() ? parse_surface(item.get_ref<const std::string&>())
                                          : std::optional<Surface>();
    if (!surface) {
      fail(std::string(name) + " names an unknown surface");
      return {};
    }
    set.add(*surface);
  }
  return set;
}

const json* Fields::list(const char* name) {
  const json* value = take(name);
  if (value && value->is_array()) return value;
  fail(std::string(name) + " is no list");
  return nullptr;
}

std::optional<Error> Fields::finish() {
  if (wrong_.empty() && taken_ != object_.size()) wrong_ = "a member that does not belong here";
  if (wrong_.empty()) return std::nullopt;
  return Error{Errc::malformed, wrong_};
}

}  // namespace pw
