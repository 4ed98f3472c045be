// A feed of any dialect, read as far as it can be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/feed/feed_date.h"

namespace pw::feed {

struct ParsedEntry {
  // As the feed spells them, apart from white space at the ends, relative
  // addresses made absolute, and text that was encoded as UTF-8 twice.
  std::optional<std::string> id{};      // guid, Atom id, rdf:about, JSON id
  std::optional<std::string> link{};    // the page it stands for
  std::optional<std::string> title{};   // plain text
  std::optional<std::string> author{};  // a name; an address where only that is given
  std::optional<FeedDate> published{};
  std::optional<FeedDate> updated{};
  std::string body{};  // content, else summary; HTML where `body_is_html`
  bool body_is_html = false;
  std::string lang{};
  std::string media{};  // "image", "video", "audio", of the first enclosure
  std::vector<std::string> tags{};
  // False for an item that the end of the document cut off.
  bool complete = true;
};

struct ParsedFeed {
  std::vector<ParsedEntry> entries{};  // as listed, at most 1,000
  // "rss20", "rss10", "atom10", "json11", ...; empty when the document is no feed.
  std::string version{};
  std::string encoding{};
  std::string next{};  // the page of older entries, absolute where the base is
  int skipped = 0;     // items that are present and not among the entries
  // The document was not well formed, or not in the charset it was declared in:
  // it was recovered, and `repairs` counts what had to be guessed.
  bool bozo = false;
  int repairs = 0;
  // The document ends before its end: what stood behind the last entry is not
  // known, nor whether there was anything.
  bool cut_off = false;
};

// `content_type` is the answer's header or empty; `base` its address or empty.
// Entities of a document type are expanded only where they hold plain text;
// nothing is ever fetched. Documents above 32 MiB are no feeds.
ParsedFeed parse(std::string_view bytes, std::string_view content_type, std::string_view base = {});

}  // namespace pw::feed
