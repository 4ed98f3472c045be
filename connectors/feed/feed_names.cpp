#include "connectors/feed/feed_names.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "connectors/utf8.h"

namespace pw::feed {
namespace {

struct Space {
  std::string_view uri;  // lower case
  std::string_view usual;
};

constexpr std::array spaces = {
    Space{"http://www.w3.org/2005/atom", ""},
    Space{"http://purl.org/atom/ns#", ""},
    Space{"http://purl.org/rss/1.0/", ""},
    Space{"http://my.netscape.com/rdf/simple/0.9/", ""},
    Space{"http://purl.org/rss/1.0/modules/rss091#", ""},
    Space{"http://blogs.law.harvard.edu/tech/rss", ""},
    Space{"http://purl.org/net/rss1.1#", ""},
    Space{"http://purl.org/pie/", ""},
    Space{"http://purl.org/echo/", ""},
    Space{"http://example.com/necho", ""},
    Space{"http://example.com/newformat#", ""},
    Space{"uri/of/echo/namespace#", ""},
    Space{"http://purl.org/dc/elements/1.1/", "dc"},
    Space{"http://purl.org/dc/elements/1.0/", "dc"},
    Space{"http://purl.org/dc/terms/", "dcterms"},
    Space{"http://purl.org/rss/1.0/modules/content/", "content"},
    Space{"http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"},
    Space{"http://example.com/dtds/podcast-1.0.dtd", "itunes"},
    Space{"http://search.yahoo.com/mrss", "media"},
    Space{"http://search.yahoo.com/mrss/", "media"},
    Space{"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
    Space{"http://www.w3.org/1999/xhtml", "xhtml"},
    Space{"http://www.w3.org/xml/1998/namespace", "xml"},
    Space{"http://purl.org/atompub/tombstones/1.0", "at"},
    Space{"http://purl.org/syndication/thread/1.0", "thr"},
    Space{"http://purl.org/rss/1.0/modules/link/", "l"},
    Space{"http://purl.org/rss/1.0/modules/image/", "image"},
    Space{"http://purl.org/rss/1.0/modules/textinput/", "ti"},
    Space{"http://rssnamespace.org/feedburner/ext/1.0", "feedburner"},
    Space{"http://www.w3.org/2000/svg", "?"},
    Space{"http://www.w3.org/1998/math/mathml", "?"},
};

const std::unordered_map<std::string_view, Meaning>& meanings() {
  static const std::unordered_map<std::string_view, Meaning> table = {
      {"rss", Meaning::document},
      {"rdf:rdf", Meaning::document},
      {"feed", Meaning::document},
      {"channel", Meaning::channel},
      {"item", Meaning::item},
      {"entry", Meaning::item},
      {"source", Meaning::source},
      {"image", Meaning::image},
      {"textinput", Meaning::text_input},
      {"author", Meaning::author},
      {"managingeditor", Meaning::author},
      {"dc:author", Meaning::author},
      {"dc:creator", Meaning::author},
      {"itunes:author", Meaning::author},
      {"contributor", Meaning::contributor},
      {"dc:contributor", Meaning::contributor},
      {"itunes:owner", Meaning::publisher},
      {"webmaster", Meaning::publisher},
      {"dc:publisher", Meaning::publisher},
      {"name", Meaning::person_name},
      {"itunes:name", Meaning::person_name},
      {"email", Meaning::person_email},
      {"itunes:email", Meaning::person_email},
      {"url", Meaning::person_address},
      {"uri", Meaning::person_address},
      {"homepage", Meaning::person_address},
      {"guid", Meaning::id},
      {"id", Meaning::id},
      {"link", Meaning::link},
      {"title", Meaning::title},
      {"dc:title", Meaning::title},
      {"media:title", Meaning::media_title},
      {"description", Meaning::summary},
      {"summary", Meaning::summary},
      {"abstract", Meaning::summary},
      {"dc:description", Meaning::summary},
      {"itunes:summary", Meaning::summary},
      {"itunes:subtitle", Meaning::other_text},
      {"media:description", Meaning::summary},
      {"content", Meaning::content},
      {"content:encoded", Meaning::content},
      {"fullitem", Meaning::content},
      {"body", Meaning::content},
      {"xhtml:body", Meaning::content},
      {"rights", Meaning::other_text},
      {"copyright", Meaning::other_text},
      {"dc:rights", Meaning::other_text},
      {"tagline", Meaning::other_text},
      {"subtitle", Meaning::other_text},
      {"info", Meaning::other_text},
      {"published", Meaning::published},
      {"issued", Meaning::published},
      {"pubdate", Meaning::published},
      {"dcterms:issued", Meaning::published},
      {"updated", Meaning::updated},
      {"modified", Meaning::updated},
      {"lastbuilddate", Meaning::updated},
      {"dc:date", Meaning::updated},
      {"dcterms:modified", Meaning::updated},
      {"created", Meaning::created},
      {"dcterms:created", Meaning::created},
      {"category", Meaning::category},
      {"keywords", Meaning::category},
      {"dc:subject", Meaning::category},
      {"language", Meaning::language},
      {"dc:language", Meaning::language},
      {"enclosure", Meaning::enclosure},
      {"media:content", Meaning::media_content},
      {"at:deleted-entry", Meaning::deleted},
  };
  return table;
}

}  // namespace

Meaning meaning_of(std::string_view name) {
  const auto it = meanings().find(name);
  return it == meanings().end() ? Meaning::unknown : it->second;
}

std::string usual_prefix(std::string_view uri, std::string_view given) {
  const std::string lower = lower_ascii(trimmed(uri));
  // UserLand gave its RSS 2.0 a new namespace with every release.
  if (lower.find("backend.userland.com/rss") != std::string::npos) return {};
  const auto it = std::find_if(spaces.begin(), spaces.end(),
                               [&](const Space& space) { return space.uri == lower; });
  return std::string(it == spaces.end() ? given : it->usual);
}

void Prefixes::bind(std::string_view prefix, std::string_view uri) {
  bindings_.push_back({std::string(prefix), usual_prefix(uri, prefix)});
}

std::string Prefixes::canonical(std::string_view name) const {
  const std::size_t colon = name.find(':');
  const bool prefixed = colon != std::string_view::npos;
  const std::string given = prefixed ? lower_ascii(name.substr(0, colon)) : std::string{};
  std::string local = lower_ascii(prefixed ? name.substr(colon + 1) : name);
  std::string_view prefix = given;
  for (std::size_t i = bindings_.size(); i > 0; --i) {
    if (bindings_[i - 1].prefix != given) continue;
    prefix = bindings_[i - 1].usual;
    break;
  }
  if (prefix.empty()) return local;
  return std::string(prefix) + ':' + local;
}

}  // namespace pw::feed
