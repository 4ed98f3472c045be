#include "rules/yaml_reader.h"

#include <algorithm>

#include "rules/code_points.h"
#include "rules/yaml_place.h"

namespace pw {
namespace {

constexpr int count_max = 1'000'000;
constexpr std::size_t items_max = 1'000;

}  // namespace

std::optional<YAML::Node> YamlReader::load() {
  if (const std::size_t bad = cel::first_ill_formed(text_); bad != std::string_view::npos) {
    const cel::Spot spot = cel::spot_of({}, text_, static_cast<std::uint32_t>(bad));
    issues_.push_back({file_, spot.line, spot.column, "the file is not valid UTF-8 here"});
    return std::nullopt;
  }
  try {
    return YAML::Load(std::string(text_));
  } catch (const YAML::Exception& error) {
    issues_.push_back({file_, std::max(error.mark.line, 0) + 1, std::max(error.mark.column, 0) + 1,
                       "this is not YAML: " + error.msg});
    return std::nullopt;
  }
}

cel::Spot YamlReader::spot(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

void YamlReader::complain(const YAML::Node& node, std::string message, std::string nearest) {
  const cel::Spot at = spot(node);
  issues_.push_back({file_, at.line, at.column, std::move(message), std::move(nearest)});
}

cel::Place YamlReader::place(const YAML::Node& scalar) const {
  const auto offset = static_cast<std::size_t>(std::max(scalar.Mark().pos, 0));
  return place_of_scalar(file_, text_, offset, spot(scalar), scalar.Scalar());
}

bool YamlReader::fields(const YAML::Node& node, std::string_view what, std::span<const Key> keys) {
  if (!node.IsMap()) {
    complain(node, std::string(what) + " is a map of keys and values");
    return false;
  }
  std::vector<std::string_view> names;
  for (const Key& key : keys) names.push_back(key.name);
  std::vector<std::string> seen;
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == name; });
    if (key == keys.end()) {
      complain(entry.first,
               std::string(what) + " has no key '" + std::string(cel::cut(name, 60)) + "'",
               nearest_of(name, names));
    } else if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      complain(entry.first, "'" + name + "' is given twice");
    } else {
      seen.push_back(name);
      key->read(entry.second);
    }
  }
  return true;
}

std::optional<std::string> YamlReader::text(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar()) return node.Scalar();
  complain(node, std::string(what) + " is a text");
  return std::nullopt;
}

std::optional<bool> YamlReader::boolean(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  complain(node, std::string(what) + " is true or false");
  return std::nullopt;
}

std::optional<int> YamlReader::count(const YAML::Node& node, std::string_view what) {
  const std::string text = node.IsScalar() ? node.Scalar() : std::string();
  const bool digits = !text.empty() && text.size() <= 7 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  const int value = digits ? std::stoi(text) : count_max + 1;
  if (value <= count_max) return value;
  complain(node, std::string(what) + " is a number from 0 to 1000000");
  return std::nullopt;
}

std::optional<Instant> YamlReader::instant(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar()) {
    if (const auto t = parse_rfc3339(node.Scalar())) return t;
    if (const auto local = parse_local_time(node.Scalar())) return in_zone(*local, "UTC");
  }
  complain(node, std::string(what) + " is a time, such as 2020-09-16T12:00:00Z");
  return std::nullopt;
}

std::vector<std::string> YamlReader::texts(const YAML::Node& node, std::string_view what) {
  std::vector<std::string> items;
  if (!node.IsSequence() || node.size() > items_max) {
    complain(node, std::string(what) + " is a list of at most 1000 texts");
    return items;
  }
  for (const auto& item : node) {
    if (auto value = text(item, what)) items.push_back(*std::move(value));
  }
  return items;
}

std::string YamlReader::listed(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::optional<std::size_t> YamlReader::one_of(const YAML::Node& node, std::string_view what,
                                              std::span<const std::string_view> names) {
  const std::string word = node.IsScalar() ? node.Scalar() : std::string();
  const auto it = std::find(names.begin(), names.end(), word);
  if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
  complain(node, std::string(what) + " is " + listed(names), nearest_of(word, names));
  return std::nullopt;
}

}  // namespace pw
