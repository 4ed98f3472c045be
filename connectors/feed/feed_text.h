// Text constructs of feeds: what their bytes mean, and the mistakes in them that
// readers have learnt to mend.
#pragma once

#include <string>
#include <string_view>

namespace pw::feed {

// How a text construct is to be read.
struct TextKind {
  std::string type;  // a media type; "text/plain", "text/html", ...
  bool base64 = false;
  // Elements stand in it, or it is declared to hold some: its characters were
  // escaped again when it was collected, and it is HTML.
  bool inline_markup = false;
};

// `type` and `mode` are the element's attributes, or empty where it has none.
TextKind text_kind(bool has_type, std::string_view type, std::string_view mode,
                   std::string_view otherwise);

struct TextValue {
  std::string text;
  bool is_html = false;
};

// The collected text, trimmed, decoded and mended. `guess`: dialects before Atom
// do not say whether a plain text is HTML.
TextValue text_value(std::string_view collected, const TextKind& kind, bool guess);

// Without white space at the ends; UTF-8 that was taken for ISO 8859-1 and
// encoded again is decoded; C1 controls, which nobody means, become what
// windows-1252 has in their place.
std::string mended(std::string_view text);

// True when it has an end tag or an entity, and every tag and entity in it is
// HTML's: conservative, since a wrong yes loses text.
bool looks_like_html(std::string_view text);

// "Ann <a@b.example>", "a@b.example (Ann)" → "Ann"; the address where there is
// nothing else.
std::string person_in(std::string_view author);

std::string escape_markup(std::string_view text);

}  // namespace pw::feed
