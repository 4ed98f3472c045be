// Fragments of plainly nested markup, read without a tree. Nearly all that feeds
// and Mastodon carry is of this kind, and a tree costs ten times as much.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// What a reader of HTML is told, in the document's order.
class HtmlSink {
 public:
  virtual void text(std::string_view text) = 0;
  virtual void break_line() = 0;  // a block begins or ends
  virtual void open_link() = 0;
  virtual void close_link(std::string_view classes, std::string_view rel,
                          std::string_view href) = 0;

 protected:
  ~HtmlSink() = default;
};

// False when the fragment is not of that kind, or could be: then what the sink was
// told so far is worth nothing, and the fragment has to be read as a tree.
//
// Of that kind are paragraphs on the outermost level, links, and elements that only
// change the look of text, each closed where it was opened; br, img and wbr;
// character references that end in a semicolon. For these the HTML standard's tree
// (13.2.6) is the nesting as it is written. `html` is valid UTF-8.
bool read_simple_html(std::string_view html, HtmlSink& sink);

}  // namespace pw
