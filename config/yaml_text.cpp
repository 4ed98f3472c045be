#include "config/yaml_text.h"

#include <algorithm>
#include <optional>

#include "config/text.h"

namespace pw {
namespace {

std::optional<std::size_t> first_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '\n' && c != '\r' && c != '\t' && has_controls(text.substr(at, 1))) return at;
  }
  return std::nullopt;
}

// JSON, and YAML written like it, may be indented with tabs.
bool is_flow(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

std::optional<std::size_t> first_indenting_tab(std::string_view text) {
  bool is_indentation = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      is_indentation = true;
    } else if (is_indentation && text[at] == '\t') {
      const std::size_t content = text.find_first_not_of(" \t", at);
      const bool is_blank = content == std::string_view::npos || text[content] == '\n' ||
                            text[content] == '\r' || text[content] == '#';
      if (!is_blank) return at;
      is_indentation = false;
    } else if (text[at] != ' ') {
      is_indentation = false;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_parsable(std::string_view file, std::string_view text, const YamlLimits& limits,
                 Issues& issues) {
  const auto refuse = [&](std::optional<std::size_t> offset, std::string message) {
    const Spot spot = offset ? spot_of(text, *offset) : Spot{0, 0};
    issues.push_back({std::string(file), spot.line, spot.column, std::move(message)});
    return false;
  };
  if (text.size() > limits.bytes_max) {
    return refuse({}, "the file has " + std::to_string(text.size()) + " bytes; at most " +
                          std::to_string(limits.bytes_max) + " are read");
  }
  if (const auto at = first_ill_formed(text)) {
    return refuse(at, "this byte is not UTF-8; save the file as UTF-8");
  }
  if (const auto at = first_control(text)) return refuse(at, "control characters are not text");
  if (!is_flow(text)) {
    if (const auto at = first_indenting_tab(text)) {
      return refuse(at, "a tab indents here; YAML is indented with spaces");
    }
  }
  const auto is_bracket = [](char c) { return c == '[' || c == '{'; };
  const auto brackets = std::count_if(text.begin(), text.end(), is_bracket);
  if (static_cast<std::size_t>(brackets) > limits.nodes_max) {
    return refuse({}, "the file opens " + std::to_string(brackets) + " brackets; at most " +
                          std::to_string(limits.nodes_max) + " are read");
  }
  return true;
}

}  // namespace pw
