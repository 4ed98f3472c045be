// One YAML file read strictly: every mistake with its place, unknown and
// doubled keys refused. Only the .cpp files of rule packs include this: it
// shows yaml-cpp.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/issue.h"
#include "daemon/core/time.h"
#include "rules/place.h"

namespace pw {

class YamlReader {
 public:
  YamlReader(std::string_view file, std::string_view text, Issues& issues)
      : file_(file), text_(text), issues_(issues) {}

  // Nothing, with an issue, when the text is no YAML.
  std::optional<YAML::Node> load();

  void complain(const YAML::Node& node, std::string message, std::string nearest = {});
  cel::Spot spot(const YAML::Node& node) const;
  cel::Place place(const YAML::Node& scalar) const;
  Issues& issues() { return issues_; }

  // One key of a map and what to do with its value.
  struct Key {
    std::string_view name;
    std::function<void(const YAML::Node&)> read;
  };
  // Hands each value to its key's reader; the rest are complaints. `what` names
  // the map: "a rule". False when `node` is no map.
  bool fields(const YAML::Node& node, std::string_view what, std::span<const Key> keys);

  // Each complains and returns nothing when the node is something else.
  std::optional<std::string> text(const YAML::Node& node, std::string_view what);
  std::optional<bool> boolean(const YAML::Node& node, std::string_view what);
  std::optional<int> count(const YAML::Node& node, std::string_view what);
  // RFC 3339, or a date and time without an offset, which is UTC.
  std::optional<Instant> instant(const YAML::Node& node, std::string_view what);
  std::vector<std::string> texts(const YAML::Node& node, std::string_view what);
  // One of `names`; its index.
  std::optional<std::size_t> one_of(const YAML::Node& node, std::string_view what,
                                    std::span<const std::string_view> names);

  static std::string listed(std::span<const std::string_view> names);

 private:
  std::string file_;
  std::string_view text_;
  Issues& issues_;
};

}  // namespace pw
