// The published schema of campaign files says what the loader reads, key by key.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "config/accepted_keys.h"

namespace {

using namespace pw;
using nlohmann::json;

const json& schema() {
  static const json read = [] {
    std::ifstream in("config/campaign.schema.json");
    return json::parse(in);
  }();
  return read;
}

// Behind a $ref, or the object among several forms.
const json& object_of(const json& node) {
  if (node.contains("$ref")) {
    return schema().at(json::json_pointer(node["$ref"].get<std::string>().substr(1)));
  }
  if (!node.contains("oneOf")) return node;
  for (const json& form : node["oneOf"]) {
    const json& object = object_of(form);
    if (object.contains("properties")) return object;
  }
  return node;
}

// "connectors.*.credentials[].token": '*' is any name, "[]" an element.
const json& section_of(std::string_view path) {
  const json* node = &schema();
  while (!path.empty()) {
    std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    const bool is_list = step.ends_with("[]");
    if (is_list) step.remove_suffix(2);
    const json& here = object_of(*node);
    node = step == "*" ? &here.at("additionalProperties")
                       : &here.at("properties").at(std::string(step));
    if (is_list) node = &node->at("items");
  }
  return object_of(*node);
}

TEST_CASE("the schema has the keys that the loader reads, and no other") {
  for (const KeySection& section : accepted_keys) {
    CAPTURE(section.path);
    const json& object = section_of(section.path);
    std::set<std::string> in_schema;
    for (const auto& [key, value] : object.at("properties").items()) in_schema.insert(key);
    CHECK(in_schema == std::set<std::string>(section.keys.begin(), section.keys.end()));
    CHECK(object.at("additionalProperties") == false);
    for (const json& required : object.value("required", json::array()))
      CHECK(in_schema.contains(required.get<std::string>()));
  }
}

// Keys whose section the loader does not list would be refused by it.
std::size_t sections_in(const json& node) {
  std::size_t count = 0;
  if (node.is_object() && node.contains("properties")) ++count;
  if (node.is_structured())
    for (const json& child : node) count += sections_in(child);
  return count;
}

TEST_CASE("the schema has no section that the loader does not know") {
  std::set<const json*> known;
  for (const KeySection& section : accepted_keys) known.insert(&section_of(section.path));
  CHECK(sections_in(schema()) == known.size());
}

}  // namespace
