#include "connectors/html_cost.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "connectors/utf8.h"
#include "daemon/core/ascii.h"

namespace pw {
namespace {

constexpr std::size_t tags_always_fine = 200;
constexpr std::size_t depth_max = 300;
constexpr std::size_t reopened_max = 200'000;

constexpr std::array<std::string_view, 14> formatting = {"a",     "b",      "big",    "code", "em",
                                                         "font",  "i",      "nobr",   "s",    "tt",
                                                         "small", "strike", "strong", "u"};
constexpr std::array<std::string_view, 15> empty_elements = {
    "area", "base", "br",    "col",    "embed", "hr",  "img",  "input",
    "link", "meta", "param", "source", "track", "wbr", "frame"};
// Their end tags are often left out; a sibling ends them.
constexpr std::array<std::string_view, 9> ended_by_siblings = {"p",  "li", "dt", "dd", "option",
                                                               "tr", "td", "th", "rt"};

template <std::size_t N>
std::size_t place_in(std::string_view name, const std::array<std::string_view, N>& names) {
  const auto it = std::find(names.begin(), names.end(), name);
  return static_cast<std::size_t>(it - names.begin());
}

// Follows the open elements roughly, never believing an end tag that ends nothing.
class OpenElements {
 public:
  void start(const std::string& name) {
    ++starts_;
    const std::size_t format = place_in(name, formatting);
    if (format < formatting.size()) {
      ++open_formats_[format];
      formats_most_ = std::max(formats_most_, ++formats_);
    }
    if (place_in(name, empty_elements) < empty_elements.size()) return;
    const bool replaces = place_in(name, ended_by_siblings) < ended_by_siblings.size();
    if (replaces && !stack_.empty() && stack_.back() == name) return;
    stack_.push_back(name);
    depth_most_ = std::max(depth_most_, stack_.size());
  }

  void end(std::string_view name) {
    const std::size_t format = place_in(name, formatting);
    if (format < formatting.size() && open_formats_[format] > 0) {
      --open_formats_[format];
      --formats_;
    }
    constexpr std::size_t looked_at = 64;
    for (std::size_t i = stack_.size(), n = 0; i > 0 && n < looked_at; --i, ++n) {
      if (stack_[i - 1] != name) continue;
      stack_.resize(i - 1);
      return;
    }
  }

  bool beyond_limits() const {
    return starts_ > tags_always_fine &&
           (depth_most_ > depth_max || formats_most_ * starts_ > reopened_max);
  }

 private:
  std::vector<std::string> stack_;
  std::array<std::size_t, formatting.size()> open_formats_{};
  std::size_t formats_ = 0;
  std::size_t formats_most_ = 0;
  std::size_t depth_most_ = 0;
  std::size_t starts_ = 0;
};

bool has_more_tags_than(std::string_view html, std::size_t fine) {
  std::size_t tags = 0;
  for (std::size_t at = html.find('<'); at != html.npos; at = html.find('<', at + 1)) {
    if (++tags > fine) return true;
  }
  return false;
}

}  // namespace

bool is_costly_html(std::string_view html) {
  constexpr std::size_t name_bytes_max = 16;
  // Every start tag has a '<'; few of them need no closer look.
  if (!has_more_tags_than(html, tags_always_fine)) return false;
  OpenElements open;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    std::size_t name_at = at + 1;
    const bool is_end = name_at < html.size() && html[name_at] == '/';
    if (is_end) ++name_at;
    std::size_t end = name_at;
    while (end < html.size() && end - name_at < name_bytes_max &&
           (is_letter(html[end]) || (end > name_at && html[end] >= '0' && html[end] <= '9'))) {
      ++end;
    }
    if (end == name_at) continue;
    const std::string name = lower_ascii(html.substr(name_at, end - name_at));
    if (is_end) {
      open.end(name);
    } else {
      open.start(name);
    }
    if (open.beyond_limits()) return true;
  }
  return false;
}

}  // namespace pw
