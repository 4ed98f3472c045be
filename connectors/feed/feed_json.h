// JSON Feed 1 and 1.1 (jsonfeed.org, read 2026-08).
#pragma once

#include "connectors/feed/feed_document.h"

namespace pw::feed {

// A feed without a version when the text is JSON and no JSON Feed.
ParsedFeed read_json_feed(std::string_view text, std::string_view base);

}  // namespace pw::feed
