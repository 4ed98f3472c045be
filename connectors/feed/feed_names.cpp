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

struct Name {
  std::string_view name;
  Meaning meaning;
};

constexpr std::array names = {
    Name{"rss", Meaning::document},
    Name{"rdf:rdf", Meaning::document},
    Name{"feed", Meaning::document},
    Name{"channel", Meaning::channel},
    Name{"item", Meaning::item},
    Name{"entry", Meaning::item},
    Name{"source", Meaning::source},
    Name{"image", Meaning::image},
    Name{"textinput", Meaning::text_input},
    Name{"author", Meaning::author},
    Name{"managingeditor", Meaning::author},
    Name{"dc:author", Meaning::author},
    Name{"dc:creator", Meaning::author},
    Name{"itunes:author", Meaning::author},
    Name{"contributor", Meaning::contributor},
    Name{"dc:contributor", Meaning::contributor},
    Name{"itunes:owner", Meaning::publisher},
    Name{"webmaster", Meaning::publisher},
    Name{"dc:publisher", Meaning::publisher},
    Name{"name", Meaning::person_name},
    Name{"itunes:name", Meaning::person_name},
    Name{"email", Meaning::person_email},
    Name{"itunes:email", Meaning::person_email},
    Name{"url", Meaning::person_address},
    Name{"uri", Meaning::person_address},
    Name{"homepage", Meaning::person_address},
    Name{"guid", Meaning::id},
    Name{"id", Meaning::id},
    Name{"link", Meaning::link},
    Name{"title", Meaning::title},
    Name{"dc:title", Meaning::title},
    Name{"media:title", Meaning::media_title},
    Name{"description", Meaning::summary},
    Name{"summary", Meaning::summary},
    Name{"abstract", Meaning::summary},
    Name{"dc:description", Meaning::summary},
    Name{"itunes:summary", Meaning::summary},
    Name{"itunes:subtitle", Meaning::other_text},
    Name{"media:description", Meaning::summary},
    Name{"content", Meaning::content},
    Name{"content:encoded", Meaning::content},
    Name{"fullitem", Meaning::content},
    Name{"body", Meaning::content},
    Name{"xhtml:body", Meaning::content},
    Name{"rights", Meaning::other_text},
    Name{"copyright", Meaning::other_text},
    Name{"dc:rights", Meaning::other_text},
    Name{"tagline", Meaning::other_text},
    Name{"subtitle", Meaning::other_text},
    Name{"info", Meaning::other_text},
    Name{"published", Meaning::published},
    Name{"issued", Meaning::published},
    Name{"pubdate", Meaning::published},
    Name{"dcterms:issued", Meaning::published},
    Name{"updated", Meaning::updated},
    Name{"modified", Meaning::updated},
    Name{"lastbuilddate", Meaning::updated},
    Name{"dc:date", Meaning::updated},
    Name{"dcterms:modified", Meaning::updated},
    Name{"created", Meaning::created},
    Name{"dcterms:created", Meaning::created},
    Name{"category", Meaning::category},
    Name{"keywords", Meaning::category},
    Name{"dc:subject", Meaning::category},
    Name{"language", Meaning::language},
    Name{"dc:language", Meaning::language},
    Name{"enclosure", Meaning::enclosure},
    Name{"media:content", Meaning::media_content},
    Name{"at:deleted-entry", Meaning::deleted},
};

constexpr std::size_t remembered_max = 16;

}  // namespace

Meaning meaning_of(std::string_view name) {
  static const auto table = [] {
    std::unordered_map<std::string_view, Meaning> out;
    for (const Name& row : names) out.emplace(row.name, row.meaning);
    return out;
  }();
  const auto it = table.find(name);
  return it == table.end() ? Meaning::unknown : it->second;
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
  forget_names();
}

void Prefixes::unwind(std::size_t count) {
  if (count == bindings_.size()) return;
  bindings_.resize(count);
  forget_names();
}

void Prefixes::forget_names() {
  remembered_.clear();
  oldest_ = 0;
}

const ElementName& Prefixes::element(std::string_view written) {
  for (const ElementName& known : remembered_) {
    if (known.written == written) return known;
  }
  ElementName name{std::string(written), lower_ascii(written), canonical(written), {}};
  name.meaning = meaning_of(name.canonical);
  if (remembered_.size() < remembered_max) return remembered_.emplace_back(std::move(name));
  ElementName& oldest = remembered_[oldest_];
  oldest_ = (oldest_ + 1) % remembered_max;
  return oldest = std::move(name);
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
