// The strict pass: XML by expat.
#pragma once

#include <string_view>

#include "connectors/feed/feed_reader.h"

namespace pw::feed {

// True when the whole document is well formed. `text` is UTF-8, whatever its
// declaration says. On false the reader has seen only a part and is of no use.
bool read_xml(std::string_view text, FeedReader& reader);

}  // namespace pw::feed
