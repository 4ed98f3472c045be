// The document type of a feed, made harmless before any parser sees it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pw::feed {

struct Doctype {
  std::string document;  // the text, with at most safe declarations left
  // Entities that stand for plain text or one character; what refers to others,
  // to files or to addresses is dropped, so that nothing grows and nothing is
  // fetched (billion laughs, external entities).
  std::vector<std::pair<std::string, std::string>> entities{};
  int dropped = 0;           // entity declarations that were not safe
  bool is_netscape = false;  // RSS 0.91 as Netscape defined it
};

Doctype without_doctype(std::string text);

}  // namespace pw::feed
