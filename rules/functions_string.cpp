// Strings: of the core language and of the strings and encoders extensions.
// Indices count code points.
#include <algorithm>
#include <array>

#include "daemon/core/hash.h"
#include "rules/code_points.h"
#include "rules/format.h"
#include "rules/functions.h"
#include "rules/pattern.h"
#include "rules/text_search.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

bool charge_text(Context& context, std::size_t bytes) { return context.spend(1 + bytes / 16); }
bool charge_text(Context& context, Arguments a) {
  return charge_text(context, a[0].text.size + (a.size() > 1 ? a[1].text.size : 0));
}

Value index_out_of_range(Context& context, std::int64_t index) {
  return context.make_error("index out of range: " + std::to_string(index));
}

Value size_of_string(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  return Value::of(static_cast<std::int64_t>(count_code_points(a[0].view())));
}
Value size_of_bytes(Context&, Arguments a) {
  return Value::of(static_cast<std::int64_t>(a[0].text.size));
}

Value contains(Context& context, Arguments a) {
  if (!context.spend(1 + (a[0].text.size + a[1].text.size) / 16)) return Context::out_of_work();
  return Value::of(find_first(a[0].view(), a[1].view()) != std::string_view::npos);
}
Value starts_with(Context&, Arguments a) { return Value::of(a[0].view().starts_with(a[1].view())); }
Value ends_with(Context&, Arguments a) { return Value::of(a[0].view().ends_with(a[1].view())); }

Value matches(Context& context, Arguments a) {
  const Pattern pattern(a[1].view());
  if (!context.spend(1'000 + a[1].text.size * 64)) return Context::out_of_work();
  if (!pattern.ok()) return context.make_error(pattern.fault());
  return pattern.matches(a[0].view(), context);
}

// An index in code points as an offset in bytes; nothing when outside the text.
std::optional<std::size_t> offset_at(std::string_view text, std::int64_t index) {
  if (index < 0) return std::nullopt;
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += code_point_at(text, at).bytes;
  if (index > 0) return std::nullopt;
  return at;
}

Value char_at(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  const auto at = offset_at(a[0].view(), a[1].integer);
  if (!at) return index_out_of_range(context, a[1].integer);
  if (*at == a[0].text.size) return Value::string("");
  return Value::string(a[0].view().substr(*at, code_point_at(a[0].view(), *at).bytes));
}

Value found_at(std::string_view text, std::size_t at) {
  if (at == std::string_view::npos) return Value::of(std::int64_t{-1});
  return Value::of(static_cast<std::int64_t>(count_code_points(text.substr(0, at))));
}

Value index_of(Context& context, Arguments a) {
  if (!charge_text(context, a)) return Context::out_of_work();
  return found_at(a[0].view(), find_first(a[0].view(), a[1].view()));
}
Value index_of_from(Context& context, Arguments a) {
  if (!charge_text(context, a)) return Context::out_of_work();
  const auto from = offset_at(a[0].view(), a[2].integer);
  if (!from) return index_out_of_range(context, a[2].integer);
  return found_at(a[0].view(), find_first(a[0].view(), a[1].view(), *from));
}
Value last_index_of(Context& context, Arguments a) {
  if (!charge_text(context, a)) return Context::out_of_work();
  return found_at(a[0].view(), find_last(a[0].view(), a[1].view(), a[0].text.size));
}
Value last_index_of_from(Context& context, Arguments a) {
  if (!charge_text(context, a)) return Context::out_of_work();
  const auto from = offset_at(a[0].view(), a[2].integer);
  if (!from) return index_out_of_range(context, a[2].integer);
  return found_at(a[0].view(), find_last(a[0].view(), a[1].view(), *from));
}

Value cased(Context& context, const Value& text, char from, char to, int shift) {
  if (!charge_text(context, text.text.size)) return Context::out_of_work();
  char* const room = context.take_bytes(text.text.size);
  if (room == nullptr) return Context::out_of_memory();
  std::transform(text.view().begin(), text.view().end(), room,
                 [&](char c) { return c >= from && c <= to ? static_cast<char>(c + shift) : c; });
  return Value::string({room, text.text.size});
}
Value lower_ascii(Context& context, Arguments a) { return cased(context, a[0], 'A', 'Z', 32); }
Value upper_ascii(Context& context, Arguments a) { return cased(context, a[0], 'a', 'z', -32); }

// At most `count` of them; below zero, all. An empty `old` stands before every
// code point and at the end.
Value replaced(Context& context, Arguments a, std::int64_t count) {
  const std::string_view text = a[0].view();
  const std::string_view old = a[1].view();
  const std::string_view fresh = a[2].view();
  std::string out;
  std::size_t at = 0;
  for (; count != 0; --count) {
    const std::size_t hit = find_first(text, old, at);
    if (hit == std::string_view::npos) break;
    if (!charge_text(context, hit - at + old.size() + fresh.size())) return Context::out_of_work();
    out.append(text, at, hit - at).append(fresh);
    at = hit + old.size();
    if (out.size() > string_bytes_max) break;  // make_string refuses it
    if (!old.empty()) continue;
    if (at >= text.size()) break;
    const std::size_t length = code_point_at(text, at).bytes;
    out.append(text, at, length);
    at += length;
  }
  out.append(text.substr(std::min(at, text.size())));
  return context.make_string(out);
}
Value replace(Context& context, Arguments a) { return replaced(context, a, -1); }
Value replace_some(Context& context, Arguments a) { return replaced(context, a, a[3].integer); }

Value split_into(Context& context, Arguments a, std::int64_t count) {
  const std::string_view text = a[0].view();
  const std::string_view separator = a[1].view();
  std::vector<Value> parts;
  if (!charge_text(context, a)) return Context::out_of_work();
  std::size_t at = 0;
  while (count != 0) {
    const std::size_t step =
        separator.empty() && at < text.size() ? code_point_at(text, at).bytes : 0;
    if (separator.empty() && at >= text.size()) break;
    std::size_t end = separator.empty() ? at + step : find_first(text, separator, at);
    const bool last =
        count == 1 || end == std::string_view::npos || (step > 0 && end == text.size());
    if (last) end = text.size();
    parts.push_back(Value::string(text.substr(at, end - at)));
    if (last || parts.size() > list_items_max) break;
    at = end + separator.size();
    --count;
  }
  Value* const room = context.take_values(parts.size());
  if (room == nullptr) return Context::out_of_memory();
  std::copy(parts.begin(), parts.end(), room);
  return context.make_list({room, parts.size()});
}
Value split(Context& context, Arguments a) { return split_into(context, a, -1); }
Value split_some(Context& context, Arguments a) { return split_into(context, a, a[2].integer); }

Value substring_between(Context& context, Arguments a, std::int64_t from, std::int64_t to) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  const auto start = offset_at(a[0].view(), from);
  if (!start) return index_out_of_range(context, from);
  const auto end = offset_at(a[0].view(), to);
  if (!end) return index_out_of_range(context, to);
  if (*end < *start) return Value::error("a substring ends before it starts");
  return Value::string(a[0].view().substr(*start, *end - *start));
}
Value substring(Context& context, Arguments a) {
  return substring_between(context, a, a[1].integer,
                           static_cast<std::int64_t>(count_code_points(a[0].view())));
}
Value substring_to(Context& context, Arguments a) {
  return substring_between(context, a, a[1].integer, a[2].integer);
}

Value trim(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  const std::string_view text = a[0].view();
  std::size_t start = text.size();
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!is_white_space(c.value)) {
      start = std::min(start, at);
      end = at + c.bytes;
    }
    at += c.bytes;
  }
  return Value::string(end == 0 ? std::string_view{} : text.substr(start, end - start));
}

Value reverse(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  const std::string_view text = a[0].view();
  char* const room = context.take_bytes(text.size());
  if (room == nullptr) return Context::out_of_memory();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = code_point_at(text, at).bytes;
    std::copy_n(text.data() + at, length, room + (text.size() - at - length));
    at += length;
  }
  return Value::string({room, text.size()});
}

Value joined(Context& context, const Value& list, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const Value& item : list.list()) {
    if (!item.is(Kind::string)) return no_overload();
    if (!charge_text(context, item.text.size + separator.size())) return Context::out_of_work();
    if (!first) out += separator;
    first = false;
    out += item.view();
    if (out.size() > string_bytes_max) break;  // make_string refuses it
  }
  return context.make_string(out);
}
Value join(Context& context, Arguments a) { return joined(context, a[0], {}); }
Value join_with(Context& context, Arguments a) { return joined(context, a[0], a[1].view()); }

Value quote(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  return context.make_string(quoted(a[0].view()));
}

Value format(Context& context, Arguments a) {
  return format_clauses(context, a[0].view(), a[1].list());
}

Value encode_base64(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  return context.make_string(print_base64(a[0].view()));
}
// With or without padding.
Value decode_base64(Context& context, Arguments a) {
  if (!charge_text(context, a[0].text.size)) return Context::out_of_work();
  std::string text(a[0].view());
  if (text.find('=') == std::string::npos) {
    while (text.size() % 4 != 0) text += '=';
  }
  const auto bytes = parse_base64(text);
  return bytes ? context.make_text(Kind::bytes, *bytes) : Value::error("this is not base64");
}

constexpr std::array string_table = {
    FunctionRow{"size(string) -> int", size_of_string},
    FunctionRow{"string.size() -> int", size_of_string},
    FunctionRow{"size(bytes) -> int", size_of_bytes},
    FunctionRow{"bytes.size() -> int", size_of_bytes},
    FunctionRow{"string.contains(string) -> bool", contains},
    FunctionRow{"string.startsWith(string) -> bool", starts_with},
    FunctionRow{"string.endsWith(string) -> bool", ends_with},
    FunctionRow{"string.matches(string) -> bool", matches},
    FunctionRow{"matches(string, string) -> bool", matches},
    FunctionRow{"string.charAt(int) -> string", char_at},
    FunctionRow{"string.indexOf(string) -> int", index_of},
    FunctionRow{"string.indexOf(string, int) -> int", index_of_from},
    FunctionRow{"string.lastIndexOf(string) -> int", last_index_of},
    FunctionRow{"string.lastIndexOf(string, int) -> int", last_index_of_from},
    FunctionRow{"string.lowerAscii() -> string", lower_ascii},
    FunctionRow{"string.upperAscii() -> string", upper_ascii},
    FunctionRow{"string.replace(string, string) -> string", replace},
    FunctionRow{"string.replace(string, string, int) -> string", replace_some},
    FunctionRow{"string.split(string) -> list(string)", split},
    FunctionRow{"string.split(string, int) -> list(string)", split_some},
    FunctionRow{"string.substring(int) -> string", substring},
    FunctionRow{"string.substring(int, int) -> string", substring_to},
    FunctionRow{"string.trim() -> string", trim},
    FunctionRow{"string.reverse() -> string", reverse},
    FunctionRow{"list(string).join() -> string", join},
    FunctionRow{"list(string).join(string) -> string", join_with},
    FunctionRow{"strings.quote(string) -> string", quote},
    FunctionRow{"string.format(list(dyn)) -> string", format},
    FunctionRow{"base64.encode(bytes) -> string", encode_base64},
    FunctionRow{"base64.decode(string) -> bytes", decode_base64},
};

}  // namespace

std::span<const FunctionRow> string_rows() { return string_table; }

}  // namespace pw::cel
