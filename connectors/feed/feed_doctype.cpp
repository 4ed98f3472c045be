#include "connectors/feed/feed_doctype.h"

#include <algorithm>

#include "connectors/utf8.h"

namespace pw::feed {
namespace {

constexpr std::size_t entities_max = 64;
constexpr std::size_t value_bytes_max = 1024;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || (c & 0x80) != 0;
}

// Plain text, or exactly one character reference.
bool is_safe(std::string_view value) {
  if (value.size() > value_bytes_max || value.find('%') != std::string_view::npos) return false;
  if (value.find('<') != std::string_view::npos) return false;
  const std::size_t amp = value.find('&');
  if (amp == std::string_view::npos) return true;
  return amp == 0 && value.starts_with("&#") && value.find(';') == value.size() - 1;
}

// `declaration` is what stands between "<!ENTITY" and '>'.
void read_entity(std::string_view declaration, Doctype& out) {
  declaration = trimmed(declaration);
  const std::size_t end = static_cast<std::size_t>(
      std::find_if_not(declaration.begin(), declaration.end(), is_name) - declaration.begin());
  const std::string_view name = declaration.substr(0, end);
  const std::string_view rest = trimmed(declaration.substr(end));
  const bool quoted = rest.size() >= 2 && (rest.front() == '"' || rest.front() == '\'') &&
                      rest.back() == rest.front();
  const std::string_view value = quoted ? rest.substr(1, rest.size() - 2) : std::string_view{};
  if (name.empty() || !quoted || !is_safe(value) || out.entities.size() >= entities_max) {
    ++out.dropped;
    return;
  }
  out.entities.emplace_back(name, value);
}

// Where the declaration that starts at `at` ends: after its '>', outside quotes
// and brackets; or npos.
std::size_t end_of_doctype(std::string_view text, std::size_t at) {
  int brackets = 0;
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']') {
      --brackets;
    } else if (c == '>' && brackets <= 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void read_entities(std::string_view doctype, Doctype& out) {
  constexpr std::string_view mark = "<!ENTITY";
  for (std::size_t at = doctype.find(mark); at != std::string_view::npos;
       at = doctype.find(mark, at + 1)) {
    const std::size_t end = doctype.find('>', at);
    if (end == std::string_view::npos) return;
    read_entity(doctype.substr(at + mark.size(), end - at - mark.size()), out);
  }
}

// Where the first element starts, comments and instructions left out.
std::size_t first_element(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (text.substr(at).starts_with("<!--")) {
      at = text.find("-->", at);
      if (at == std::string_view::npos) break;
      continue;
    }
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) return at;
    if (next == '!' && find_ignoring_case(text.substr(at, 9), "<!doctype") == 0) return at;
  }
  return text.size();
}

}  // namespace

Doctype without_doctype(std::string text) {
  Doctype out;
  const std::size_t start = first_element(text);
  if (find_ignoring_case(std::string_view(text).substr(start, 9), "<!doctype") != 0) {
    out.document = std::move(text);
    return out;
  }
  std::size_t end = end_of_doctype(text, start);
  if (end == std::string::npos) end = std::min(text.find('>', start), text.size() - 1) + 1;
  const std::string_view doctype = std::string_view(text).substr(start, end - start);
  out.is_netscape = find_ignoring_case(doctype, "netscape") != std::string_view::npos;
  read_entities(doctype, out);
  std::string safe;
  for (const auto& [name, value] : out.entities) {
    safe += "<!ENTITY " + name + " \"" +
            (value.find('"') == std::string::npos ? value : std::string{}) + "\">";
  }
  if (!safe.empty()) safe = "<!DOCTYPE feed [" + safe + "]>";
  out.document = std::move(text);
  out.document.replace(start, end - start, safe);
  return out;
}

}  // namespace pw::feed
