// Typed reads from a YAML tree. Every mistake becomes an issue at its place; a
// reader never stops at the first one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/yaml_tree.h"
#include "daemon/core/issue.h"
#include "daemon/core/time.h"

namespace pw {

inline constexpr std::size_t yaml_text_bytes_max = 65'536;

class YamlMap;

// One value with the name that messages give it. Reads return nothing when the
// value is absent or wrong; only the latter is reported. The tree, the file's
// name and the issues outlive it.
class YamlField {
 public:
  YamlField(std::string_view file, Issues& issues, std::string path, const YamlEntry* entry);

  bool is_present() const { return entry_ != nullptr; }
  bool is_text() const { return is(YamlNode::Kind::text); }
  bool is_list() const { return is(YamlNode::Kind::list); }
  bool is_map() const { return is(YamlNode::Kind::map); }
  bool is_nothing() const { return is(YamlNode::Kind::nothing); }
  const std::string& path() const { return path_; }
  // Of the value, or of its key where the value is absent.
  Place place() const;

  // The scalar as it is; is_text() holds.
  const std::string& words() const { return entry_->value->text; }
  // Neither empty nor longer than `bytes_max`.
  std::optional<std::string> text(std::size_t bytes_max = yaml_text_bytes_max) const;
  std::optional<Placed> placed_text() const;
  std::optional<std::int64_t> number(std::int64_t min, std::int64_t max) const;
  std::optional<Millis> duration(Millis min, Millis max) const;
  std::optional<LocalTime> local_time() const;
  // An IANA name, or `also` where that is not empty.
  std::optional<std::string> zone(std::string_view also) const;
  // One of `names`.
  std::optional<std::string_view> name_of(std::span<const std::string_view> names,
                                          std::string_view what) const;
  // The elements of a list; a single text or map is a list of one where
  // `one_is_list`.
  std::vector<YamlField> items(bool one_is_list) const;
  // A map with these keys only; others are reported. A value of nothing is an
  // empty map where `nothing_is_map`.
  std::optional<YamlMap> map(std::span<const std::string_view> keys, bool nothing_is_map) const;
  // A map whose keys are the operator's own.
  std::vector<YamlField> pairs() const;
  // The last part of the path: the key of a pair.
  std::string_view key() const;
  Place key_place() const;
  // The text under `key` where this is a map that has it; never reports.
  const std::string* peek(std::string_view key) const;

  void error(std::string_view message, std::string nearest = {}) const;
  void error_at_key(std::string message, std::string nearest) const;  // without the path
  void warning(std::string_view message) const;
  // "path: expected `what`, got a list"
  void wrong_kind(std::string_view what) const;

 private:
  bool is(YamlNode::Kind kind) const;
  void say(Issue::Level level, std::string_view message, std::string nearest) const;
  const std::string* scalar(std::string_view what) const;

  std::string_view file_;
  Issues* issues_;
  std::string path_;
  const YamlEntry* entry_;
};

class YamlMap {
 public:
  // `field` holds a map, or nothing. Keys outside `keys` are reported at once.
  YamlMap(YamlField field, std::string_view file, Issues& issues, const YamlNode& node,
          std::span<const std::string_view> keys);

  // `key` is one of the map's keys.
  YamlField field(std::string_view key) const;
  // Reports a key that is not there.
  YamlField required(std::string_view key) const;
  const YamlField& self() const { return self_; }

 private:
  YamlField self_;
  std::string_view file_;
  Issues* issues_;
  const YamlNode* node_;
  std::span<const std::string_view> keys_;
};

// "150/h", "300/5m", "200/day": a number of requests in a span.
struct Budgeted {
  int count = 0;
  Millis span{0};
};
std::optional<Budgeted> parse_budget(std::string_view text);

}  // namespace pw
