#include "config/yaml_reader.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "config/misnamed.h"
#include "config/text.h"
#include "config/zone_name.h"

namespace pw {
namespace {

std::string joined(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : std::string(path) + '.' + std::string(key);
}

// A local time, then "Z" or "+02:00".
bool has_offset(std::string_view text) {
  if (text.ends_with('Z')) return parse_local_time(text.substr(0, text.size() - 1)).has_value();
  const std::size_t sign = text.find_last_of("+-");
  const bool is_last = sign != std::string_view::npos && text.size() - sign == 6;
  return is_last && text[sign + 3] == ':' && parse_local_time(text.substr(0, sign));
}

}  // namespace

YamlField::YamlField(std::string_view file, Issues& issues, std::string path,
                     const YamlEntry* entry)
    : file_(file), issues_(&issues), path_(std::move(path)), entry_(entry) {}

bool YamlField::is(YamlNode::Kind kind) const {
  return entry_ != nullptr && entry_->value->kind == kind;
}

Place YamlField::place() const {
  if (entry_ == nullptr) return {std::string(file_), 0, 0};
  const YamlNode& node = *entry_->value;
  // The parser's mark of a missing value is that of whatever follows.
  if (node.kind == YamlNode::Kind::nothing || node.line == 0)
    return {std::string(file_), entry_->line, entry_->column};
  return {std::string(file_), node.line, node.column};
}

void YamlField::say(Issue::Level level, std::string_view message, std::string nearest) const {
  const Place at = place();
  std::string text = path_.empty() ? std::string(message) : path_ + ": " + std::string(message);
  issues_->push_back({at.file, at.line, at.column, std::move(text), std::move(nearest), level});
}

void YamlField::error(std::string_view message, std::string nearest) const {
  say(Issue::Level::error, message, std::move(nearest));
}

void YamlField::error_at_key(std::string message, std::string nearest) const {
  const Place at = key_place();
  issues_->push_back({at.file, at.line, at.column, std::move(message), std::move(nearest)});
}

void YamlField::warning(std::string_view message) const { say(Issue::Level::warning, message, {}); }

void YamlField::wrong_kind(std::string_view what) const {
  error("expected " + std::string(what) + ", got " + std::string(print_kind(*entry_->value)));
}

const std::string* YamlField::scalar(std::string_view what) const {
  if (entry_ == nullptr) return nullptr;
  if (is_text()) return &entry_->value->text;
  wrong_kind(what);
  return nullptr;
}

std::optional<std::string> YamlField::text(std::size_t bytes_max) const {
  const std::string* text = scalar("text");
  if (text == nullptr) return std::nullopt;
  if (trim_text(*text).empty()) {
    error("must not be empty");
    return std::nullopt;
  }
  if (text->size() > bytes_max) {
    error("has " + std::to_string(text->size()) + " bytes; at most " + std::to_string(bytes_max) +
          " are read");
    return std::nullopt;
  }
  return *text;
}

std::optional<Placed> YamlField::placed_text() const {
  std::optional<std::string> words = text();
  if (!words) return std::nullopt;
  return Placed{*std::move(words), place()};
}

std::optional<std::int64_t> YamlField::number(std::int64_t min, std::int64_t max) const {
  const std::string* text = scalar("a whole number");
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, failure] = std::from_chars(text->data(), end, value);
  if (failure == std::errc::invalid_argument || stop != end) {
    error("expected a whole number, got " + in_quotes(*text));
    return std::nullopt;
  }
  if (failure != std::errc{} || value < min || value > max) {
    error("must be " + std::to_string(min) + " to " + std::to_string(max) + ", not " +
          in_quotes(*text));
    return std::nullopt;
  }
  return value;
}

std::optional<Millis> YamlField::duration(Millis min, Millis max) const {
  constexpr std::string_view what = "a duration such as 5m";
  const std::string* text = scalar(what);
  if (text == nullptr) return std::nullopt;
  const std::optional<Millis> span = parse_duration(*text);
  if (!span) {
    error("expected " + std::string(what) + ", got " + in_quotes(*text));
    return std::nullopt;
  }
  if (*span < min || *span > max) {
    error("must be " + print_duration(min) + " to " + print_duration(max) + ", not " +
          in_quotes(*text));
    return std::nullopt;
  }
  return span;
}

std::optional<LocalTime> YamlField::local_time() const {
  constexpr std::string_view what = "a local time such as 2020-09-16T00:00";
  const std::string* text = scalar(what);
  if (text == nullptr) return std::nullopt;
  const std::optional<LocalTime> local = parse_local_time(*text);
  if (local) return local;
  if (has_offset(*text)) {
    error("expected a local time without offset; 'zone' says where it holds");
  } else {
    error("expected " + std::string(what) + ", got " + in_quotes(*text));
  }
  return std::nullopt;
}

std::optional<std::string> YamlField::zone(std::string_view also) const {
  const std::string* text = scalar("a time zone such as America/New_York");
  if (text == nullptr) return std::nullopt;
  if ((!also.empty() && *text == also) || is_zone(*text)) return *text;
  error("unknown time zone " + in_quotes(*text), nearest_zone(*text, also));
  return std::nullopt;
}

std::optional<std::string_view> YamlField::name_of(std::span<const std::string_view> names,
                                                   std::string_view what) const {
  const std::string* text = scalar(what);
  if (text == nullptr) return std::nullopt;
  const auto it = std::find(names.begin(), names.end(), *text);
  if (it != names.end()) return *it;
  Misnamed found = misnamed(what, *text, names);
  error(found.message, std::move(found.nearest));
  return std::nullopt;
}

std::vector<YamlField> YamlField::items(bool one_is_list) const {
  std::vector<YamlField> items;
  if (entry_ == nullptr) return items;
  if (one_is_list && (is_text() || is_map())) {
    items.push_back(*this);
    return items;
  }
  if (!is_list()) {
    wrong_kind("a list");
    return items;
  }
  for (const YamlEntry& entry : entry_->value->entries) {
    items.emplace_back(file_, *issues_, path_ + '[' + std::to_string(items.size()) + ']', &entry);
  }
  return items;
}

std::optional<YamlMap> YamlField::map(std::span<const std::string_view> keys,
                                      bool nothing_is_map) const {
  if (entry_ == nullptr) return std::nullopt;
  if (!is_map() && !(nothing_is_map && is_nothing())) {
    wrong_kind("a map");
    return std::nullopt;
  }
  return YamlMap(*this, file_, *issues_, *entry_->value, keys);
}

std::vector<YamlField> YamlField::pairs() const {
  std::vector<YamlField> pairs;
  if (entry_ == nullptr) return pairs;
  if (!is_map()) {
    wrong_kind("a map");
    return pairs;
  }
  for (const YamlEntry& entry : entry_->value->entries) {
    pairs.emplace_back(file_, *issues_, joined(path_, entry.key), &entry);
  }
  return pairs;
}

std::string_view YamlField::key() const {
  return entry_ == nullptr ? std::string_view() : std::string_view(entry_->key);
}

Place YamlField::key_place() const {
  return entry_ == nullptr ? place() : Place{std::string(file_), entry_->line, entry_->column};
}

const std::string* YamlField::peek(std::string_view key) const {
  if (!is_map()) return nullptr;
  for (const YamlEntry& entry : entry_->value->entries) {
    if (entry.key == key && entry.value->kind == YamlNode::Kind::text) return &entry.value->text;
  }
  return nullptr;
}

YamlMap::YamlMap(YamlField field, std::string_view file, Issues& issues, const YamlNode& node,
                 std::span<const std::string_view> keys)
    : self_(std::move(field)), file_(file), issues_(&issues), node_(&node), keys_(keys) {
  for (const YamlEntry& entry : node.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
    const std::string in = self_.path().empty() ? "" : " in " + self_.path();
    Misnamed found = misnamed("key", entry.key, keys, in);
    issues.push_back({std::string(file), entry.line, entry.column, std::move(found.message),
                      std::move(found.nearest)});
  }
}

YamlField YamlMap::field(std::string_view key) const {
  assert(std::find(keys_.begin(), keys_.end(), key) != keys_.end());
  const auto it = std::find_if(node_->entries.begin(), node_->entries.end(),
                               [&](const YamlEntry& entry) { return entry.key == key; });
  const YamlEntry* entry = it == node_->entries.end() ? nullptr : &*it;
  return YamlField(file_, *issues_, joined(self_.path(), key), entry);
}

YamlField YamlMap::required(std::string_view key) const {
  YamlField found = field(key);
  if (!found.is_present()) self_.error("key '" + std::string(key) + "' is missing");
  return found;
}

std::optional<Budgeted> parse_budget(std::string_view text) {
  constexpr int count_max = 1'000'000'000;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Budgeted budget;
  const char* end = text.data() + slash;
  const auto [stop, failure] = std::from_chars(text.data(), end, budget.count);
  if (failure != std::errc{} || stop != end || budget.count < 1 || budget.count > count_max)
    return std::nullopt;
  std::string span(text.substr(slash + 1));
  if (span == "second" || span == "minute" || span == "hour" || span == "day") span.resize(1);
  if (!span.empty() && (span[0] < '0' || span[0] > '9')) span.insert(0, 1, '1');
  const std::optional<Millis> length = parse_duration(span);
  if (!length || *length <= Millis{0}) return std::nullopt;
  budget.span = *length;
  return budget;
}

}  // namespace pw
