// What elements of the feed dialects mean, whatever prefix they were given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw::feed {

enum class Meaning {
  unknown,
  document,  // rss, rdf:RDF, feed
  channel,
  item,
  source,
  image,
  text_input,
  author,
  contributor,
  publisher,
  person_name,
  person_email,
  person_address,
  id,
  link,
  title,
  media_title,
  summary,
  content,
  other_text,  // rights, tagline, info: text constructs that are not kept
  published,
  updated,
  created,
  category,
  language,
  enclosure,
  media_content,
  deleted,  // RFC 6721: says that an entry is gone, and is none itself
};

// `name` is "local" for the feed dialects' own elements, "prefix:local" for
// those of the extensions by their usual prefix; lower case.
Meaning meaning_of(std::string_view name);

// The usual prefix of a namespace: "" for the dialects themselves, "dc",
// "media", ...; "?" for one that is foreign to feeds (SVG, MathML). Nothing known:
// `given`, the document's own prefix.
std::string usual_prefix(std::string_view uri, std::string_view given);

// What the name of an element comes to at one point of a document.
struct ElementName {
  std::string written;
  std::string lower;      // as written, in lower case
  std::string canonical;  // "rss:Title" → "title"
  Meaning meaning = Meaning::unknown;
};

// The prefixes that are bound at one point of a document. Undeclared prefixes
// keep their own name, since broken feeds forget to declare "dc".
class Prefixes {
 public:
  void bind(std::string_view prefix, std::string_view uri);
  std::size_t count() const { return bindings_.size(); }
  void unwind(std::size_t count);
  // Until the next call of anything here. The last few names are remembered: a
  // document uses the same ones for every entry.
  const ElementName& element(std::string_view written);
  std::string canonical(std::string_view name) const;

 private:
  struct Binding {
    std::string prefix;
    std::string usual;
  };
  void forget_names();

  std::vector<Binding> bindings_;
  std::vector<ElementName> remembered_;  // under these bindings
  std::size_t oldest_ = 0;               // of those, once they are as many as may be
};

}  // namespace pw::feed
