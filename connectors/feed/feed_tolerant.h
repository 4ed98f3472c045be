// The tolerant pass, for documents that are no well-formed XML.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/feed/feed_reader.h"

namespace pw::feed {

using Entities = std::vector<std::pair<std::string, std::string>>;

// Reads tags wherever it finds some: raw '&' and '<', unknown entities, missing
// quotes and end tags, stray controls, sections that never end. Entities of HTML
// and of `entities` are expanded once, never recursively. Returns how many
// times it had to guess.
int read_tolerantly(std::string_view text, const Entities& entities, FeedReader& reader);

}  // namespace pw::feed
