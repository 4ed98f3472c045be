#include "connectors/feed/feed_document.h"

#include "connectors/feed/feed_charset.h"
#include "connectors/feed/feed_doctype.h"
#include "connectors/feed/feed_json.h"
#include "connectors/feed/feed_reader.h"
#include "connectors/feed/feed_tolerant.h"
#include "connectors/feed/feed_xml.h"
#include "connectors/utf8.h"

namespace pw::feed {
namespace {

constexpr std::size_t document_bytes_max = 32 << 20;

ParsedFeed read_markup(std::string text, std::string_view base) {
  if (const auto whole = trimmed(text); whole.size() < text.size()) text = std::string(whole);
  Doctype doctype = without_doctype(std::move(text));
  FeedReader strict(base, /*tolerant=*/false);
  ParsedFeed feed;
  if (read_xml(doctype.document, strict)) {
    feed = strict.finish();
  } else {
    FeedReader loose(base, /*tolerant=*/true);
    const int repairs = read_tolerantly(doctype.document, doctype.entities, loose);
    feed = loose.finish();
    feed.bozo = true;
    feed.repairs = repairs;
  }
  feed.repairs += doctype.dropped;
  if (doctype.is_netscape) feed.version = "rss091n";
  return feed;
}

}  // namespace

ParsedFeed parse(std::string_view bytes, std::string_view content_type, std::string_view base) {
  if (bytes.empty() || bytes.size() > document_bytes_max) return {};
  const std::string_view head = trimmed(bytes.substr(0, 256));
  if (head.starts_with('{') || head.starts_with("\xEF\xBB\xBF{")) {
    return read_json_feed(bytes, base);
  }
  DecodedText decoded = decode_charset(bytes, content_type);
  ParsedFeed feed = read_markup(std::move(decoded.text), base);
  feed.encoding = std::move(decoded.charset);
  if (decoded.damaged) {
    feed.bozo = true;
    ++feed.repairs;
  }
  return feed;
}

}  // namespace pw::feed
