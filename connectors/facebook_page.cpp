// The ways in which people name a Page.
#include <algorithm>
#include <array>
#include <vector>

#include "connectors/facebook.h"
#include "connectors/meta_request.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

constexpr std::size_t name_bytes_max = 50;
// Shorter digits are no Page's id but part of somebody's name ("Studio-54").
constexpr std::size_t id_digits_min = 8;

// Names are letters, digits and points; the points mean nothing to Facebook, but
// people know the name with them.
bool is_page_name(std::string_view text) {
  return !text.empty() && text.size() <= name_bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.';
         });
}

std::string_view id_at_end(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  const std::string_view digits = dash == std::string_view::npos ? text : text.substr(dash + 1);
  return is_graph_id(digits) && digits.size() >= id_digits_min ? digits : std::string_view();
}

std::string_view parameter_of(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find_first_of("&#"), query.size());
    const std::string_view pair = query.substr(0, end);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

// Paths of Facebook's own, behind which no Page's name stands.
bool is_reserved(std::string_view part) {
  constexpr std::array<std::string_view, 14> names = {
      "ads",  "events", "groups", "hashtag", "login",     "marketplace", "permalink.php",
      "help", "photo",  "reel",   "share",   "story.php", "stories",     "watch"};
  return std::find(names.begin(), names.end(), part) != names.end();
}

// What stands behind "facebook.com/".
std::string_view page_at(std::string_view address) {
  const std::size_t mark = std::min(address.find_first_of("?#"), address.size());
  const auto parts = parts_of(address.substr(0, mark));
  const std::string_view query = address.substr(std::min(mark + 1, address.size()));
  if (parts.empty()) return {};
  if (equal_ignoring_case(parts[0], "profile.php")) return parameter_of(query, "id");
  if (equal_ignoring_case(parts[0], "ads")) return parameter_of(query, "view_all_page_id");
  const bool names_id = parts[0] == "people" || parts[0] == "pages" || parts[0] == "p";
  if (names_id) return id_at_end(parts.back());
  if (is_reserved(lower_ascii(parts[0]))) return {};
  // An older form: /Riverbank-Bakery-102030405060708/
  return parts[0].find('-') == std::string_view::npos ? parts[0] : id_at_end(parts[0]);
}

}  // namespace

std::string facebook_page_in(std::string_view text) {
  text = trimmed(text);
  bool found = false;
  for (const std::string_view site : {"facebook.com/", "fb.com/"}) {
    const std::size_t at = find_ignoring_case(text, site);
    if (found || at == std::string_view::npos) continue;
    text = page_at(text.substr(at + site.size()));
    found = true;
  }
  if (text.starts_with('@')) text.remove_prefix(1);
  return is_page_name(text) ? lower_ascii(text) : std::string();
}

}  // namespace pw
